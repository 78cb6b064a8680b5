"""What the import page shows of a plan: the first rows of every kind, with names instead of ids."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.kit.dates import format_date
from nanglucso.workforce.people import queries, wording
from nanglucso.workforce.people.models import Person, Position, StaffImport, Unit
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, unpack

SHOWN = 200
HIDDEN_FIELDS = {"citizen_hash", "active"}


def preview(plan: ImportPlan) -> dict[str, Any]:
    """At most `SHOWN` rows of each kind, ready for the page (JSON)."""
    moved = [one for one in plan.changed if one.moves]
    other = [one for one in plan.changed if not one.moves]
    rows = [*plan.new[:SHOWN], *moved[:SHOWN], *other[:SHOWN]]
    says = _Sayer(rows)
    return {
        "new": [says.new(one) for one in plan.new[:SHOWN]],
        "moved": [says.change(one) for one in moved[:SHOWN]],
        "changed": [says.change(one) for one in other[:SHOWN]],
        "duplicates": plan.duplicates[:SHOWN],
        "skipped": [one for one in plan.skipped if one["reason"] not in ("blank",)][:SHOWN],
        "absent": plan.absent[:SHOWN],
        "problems": [_plain(one) for one in plan.problems[:SHOWN]],
        "asks": [{**_plain(one), "sure": one.sure} for one in plan.asks[:SHOWN]],
        "columns": plan.columns,
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


class _Sayer:
    """Turns ids into names, all looked up at once."""

    def __init__(self, rows: Iterable[RowChange]) -> None:
        ids: dict[str, set[int]] = {"unit_id": set(), "position_id": set()}
        for row in rows:
            for field, found in ids.items():
                found |= {value for value in (row.values.get(field), row.old.get(field)) if value}
        units = Unit.objects.filter(pk__in=ids["unit_id"])
        self.units = {pk: queries.place(chain) for pk, chain in queries.unit_chain(units).items()}
        self.positions = dict(Position.objects.filter(pk__in=ids["position_id"]).values_list("pk", "name"))

    def say(self, field: str, value: Any) -> str:
        if field == "unit_id":
            return self.units.get(value, "")
        if field == "position_id":
            return str(self.positions.get(value, ""))
        return "" if value is None else str(value)

    def new(self, row: RowChange) -> dict[str, Any]:
        return {
            **_where(row),
            "staff_code": row.values.get("staff_code") or "",
            "birth": row.values.get("birth_date") or str(row.values.get("birth_year") or ""),
            "unit": self.say("unit_id", row.values["unit_id"]),
            "position": self.say("position_id", row.values["position_id"]),
        }

    def change(self, row: RowChange) -> dict[str, Any]:
        fields = [
            {"field": name, "old": self.say(name, row.old.get(name)), "new": self.say(name, value)}
            for name, value in row.values.items()
            if name not in HIDDEN_FIELDS
        ]
        hidden = [{"field": name, "old": "", "new": ""} for name in HIDDEN_FIELDS if name in row.values]
        return {**_where(row), "person": row.person_id, "since": row.since, "fields": fields + hidden}


def _where(row: RowChange) -> Mapping[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "unit_said": row.unit_said,
        "unit_how": row.unit_how,
        "position_said": row.position_said,
        "position_how": row.position_how,
    }


# ---------------------------------------------------------------- the kept preview as the page says it
def _said(field: str, value: str) -> str:
    if field == "birth_date" and value:
        return format_date(date.fromisoformat(value))
    if field == "gender" and value:
        return str(Person.Gender(value).label)
    return value


def sentence(told: Mapping[str, Any]) -> str:
    """A problem's sentence in the active language."""
    params = {"suggestion": "", **told["params"]}
    if "fields" in params:
        params["fields"] = _fields(params["fields"].split(", "))
    template = told["template"]
    return _(template) % params


def refusal(row: StaffImport) -> str:
    """Why a file could not be read, "" when it could."""
    return sentence(row.summary) if "template" in row.summary else ""


def _problem(told: Mapping[str, Any]) -> dict[str, Any]:
    value = told["params"].get("value", "")
    return {**told, "text": sentence(told), "value": value}


def _change(told: Mapping[str, Any]) -> dict[str, Any]:
    fields = [
        {
            "label": wording.FIELDS[one["field"]],
            "old": _said(one["field"], one["old"]),
            "new": _said(one["field"], one["new"]),
        }
        for one in told["fields"]
    ]
    since = format_date(date.fromisoformat(told["since"])) if told["since"] else ""
    return {**told, "fields": fields, "since": since, **_hows(told)}


def _hows(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit_way": wording.HOWS.get(told["unit_how"], "") if told["unit_how"] != "exact" else "",
        "position_way": wording.HOWS.get(told["position_how"], "") if told["position_how"] != "exact" else "",
        "guessed": told["position_how"] in ("family", "generic"),
    }


def _new(told: Mapping[str, Any]) -> dict[str, Any]:
    birth = told["birth"]
    return {**told, "birth": _said("birth_date", birth) if len(birth) == 10 else birth, **_hows(told)}


def _ask(told: Mapping[str, Any]) -> dict[str, Any]:
    names = {choice[0]: choice[1] for choice in told["choices"]}
    first = told["choices"][0][1] if told["choices"] and (told["sure"] or told["taken"]) else ""
    around = told["around"]
    if told["kind"] == "position" and around in Unit.Kind.values:
        around = Unit.Kind(around).label
    return {
        **told,
        "around": around,
        "offered": [choice[1] for choice in told["choices"]],
        "value": names.get(told["taken"], first),
    }


def shown(row: StaffImport) -> dict[str, Any]:
    """The kept preview of a staff list with words in the active language."""
    kept = row.preview or {}
    asks = [{**_ask(one), "index": place} for place, one in enumerate(kept.get("asks", []))]
    return {
        **common(row),
        "new": [_new(one) for one in kept.get("new", [])],
        "changed": [_change(one) for one in kept.get("changed", [])],
        "moved": [_change(one) for one in kept.get("moved", [])],
        "absent": kept.get("absent", []),
        "unit_asks": [one for one in asks if one["kind"] == "unit"],
        "position_asks": [one for one in asks if one["kind"] == "position"],
        "sure": sum(one["sure"] for one in asks if one["kind"] == "unit"),
        "fields": [(name, wording.FIELDS[name]) for name in wording.CHOICES],
    }


def common(row: StaffImport) -> dict[str, Any]:
    """What the page shows of every kind of list."""
    kept = row.preview or {}
    return {
        "problems": [_problem(one) for one in kept.get("problems", [])],
        "duplicates": [{**one, "fields": _fields(one["differs"])} for one in kept.get("duplicates", [])],
        "skipped": [{**one, "why": wording.REASONS.get(one["reason"], "")} for one in kept.get("skipped", [])],
        "sheets": [_sheet(one) for one in kept.get("columns", [])],
        "conflicts": [
            {**one, "said": wording.CONFLICTS.get(one["why"], "")}
            for one in (*row.summary.get("conflicts", []), *row.summary.get("kept", []))
        ][:SHOWN],
    }


def _fields(names: Iterable[str]) -> str:
    words = {"unit_text": "unit", "position_text": "position", "rank_text": "rank", "title_text": "title"}
    return ", ".join(str(wording.FIELDS.get(words.get(name, name), name)).lower() for name in names)


def _sheet(told: Mapping[str, Any]) -> dict[str, Any]:
    doubtful = sum(one["confidence"] < 0.8 for one in told["columns"] if one["field"])
    return {**told, "doubtful": doubtful}


# ---------------------------------------------------------------- answers of the page
def columns_asked(
    preview: Mapping[str, Any], sent: Mapping[str, str], known: Mapping[str, object]
) -> dict[str, str | None]:
    """The matching chosen on the page: {field: letter}, None for a field that is no longer matched.

    `known`: {field that a column can be matched to: its words}.
    Raises `Refused` when two columns are matched to one field.
    """
    chosen: dict[str, str | None] = {}
    for sheet in preview.get("columns", [])[:1]:
        for column in sheet["columns"]:
            field = sent.get(f"col.{column['letter']}", column["field"])
            if field not in known:
                continue
            if field in chosen:
                raise Refused(
                    _("Columns %(one)s and %(other)s are both matched to “%(field)s”: keep one.")
                    % {"one": chosen[field], "other": column["letter"], "field": known[field]}
                )
            chosen[field] = column["letter"]
        for column in sheet["columns"]:
            if column["field"] and column["field"] not in chosen:
                chosen[column["field"]] = None
    return chosen


def answers(preview: Mapping[str, Any], sent: Mapping[str, str], sure: bool) -> Iterator[tuple[str, str, Any]]:
    """("units" or "positions", key, id or code) for every answered question; with `sure` the certain ones too.

    Raises `Refused` for words that are no unit or position.
    """
    units: dict[str, Any] = {}
    positions = {name: code for code, name in Position.objects.values_list("code", "name")}
    for place, ask in enumerate(preview.get("asks", [])):
        said = sent.get(f"ask.{place}", "").strip()
        if sure and ask["sure"] and ask["kind"] == "unit":
            said = ask["choices"][0][1]
        if not said:
            continue
        offered = {choice[1]: choice[0] for choice in ask["choices"]}
        if ask["kind"] == "position":
            found = offered.get(said) or positions.get(said)
        else:
            if said not in offered and not units:
                units = {words: unit.pk for words, unit in queries.units_by_place(scope=EVERYTHING).items()}
            found = offered.get(said) or units.get(said)
        if found is None:
            raise Refused(_("“%(said)s” is not on the list: choose one of the names offered.") % {"said": said})
        yield f"{ask['kind']}s", ask["key"], found


def problem_rows(row: StaffImport) -> Iterator[tuple[Any, ...]]:
    """Every problem of an import as rows of a workbook: sheet, row, column, name, weight, sentence, suggestion."""
    if not row.plan:
        return
    weights = {"error": _("Not imported"), "warning": _("To check")}
    for one in unpack(row.plan).problems:
        text = sentence({"template": one.template, "params": one.params})
        yield one.sheet, str(one.row or ""), one.column, one.name, weights[one.severity], text, one.suggestion
