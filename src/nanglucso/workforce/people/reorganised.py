"""A reorganisation in words: its steps, what they do, and the table that divides a unit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nanglucso.core.models import Role
from nanglucso.workforce.people.events import followers
from nanglucso.workforce.people.models import Person, Reorganisation, Unit
from nanglucso.workforce.people.services.steps import KINDS, Step, new_units

STEP_KINDS = KINDS
FOLDED = 12  # so many lines stand open on the page
STEP_HELP = {
    "found": gettext_lazy("A new unit without people; later steps can send people and parts to it."),
    "rename": gettext_lazy("People and parts stay; days before keep the old name."),
    "move": gettext_lazy("The unit goes with its parts and people; roles over the units above it change."),
    "merge": gettext_lazy("All people and parts go into one unit; parts of the same name become one."),
    "split": gettext_lazy("New units take over people and parts; the unit ends or stays without them."),
    "dissolve": gettext_lazy("The unit ends; its people and parts go to units that exist."),
}
WHATS = {
    "founded": gettext_lazy("founded"),
    "renamed": gettext_lazy("renamed"),
    "moved": gettext_lazy("moved"),
    "divided": gettext_lazy("transfers a part"),
    "closed": gettext_lazy("ceases to operate"),
}
ROLE_WHATS = {
    "follows": gettext_lazy("follows"),
    "stays": gettext_lazy("stays and is added"),
    "ends": gettext_lazy("ends"),
    "loses": gettext_lazy("no longer covers"),
    "gains": gettext_lazy("now covers"),
}


def founded(row: Reorganisation) -> dict[str, str]:
    """{words: code} of the units that the steps so far make."""
    made = [one for step in row.steps for one in new_units(step)]
    return {_("%(name)s (new, %(code)s)") % {"name": one["name"], "code": one["code"]}: one["code"] for one in made}


def _names(row: Reorganisation) -> dict[str, str]:
    made = {one["code"]: one["name"] for step in row.steps for one in new_units(step)}
    codes = {code for step in row.steps for code in _codes(step)}
    return made | dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def _codes(step: Step) -> list[str]:
    told = [step.get("unit"), step.get("parent"), step.get("into"), *step.get("units", []), *step.get("to", [])]
    told += [*step.get("parts", []), *(one.get("parent") for one in new_units(step))]
    return [one for one in told if isinstance(one, str)]


def _said(step: Step, names: Mapping[str, str]) -> str:
    def name(one: Any) -> str:
        return str(one["name"]) if isinstance(one, dict) else names.get(one, str(one))

    many = {key: "; ".join(map(name, step.get(key, []))) for key in ("units", "parts", "to")}
    told = many | {key: name(step[key]) for key in ("unit", "parent", "into") if step.get(key)}
    told["name"] = step.get("name", "")
    match step["kind"]:
        case "found":
            above = step["unit"].get("parent")
            told["parent"] = name(above) if above else ""
            return (_("Create %(unit)s under %(parent)s") if above else _("Create %(unit)s")) % told
        case "rename":
            return _("Rename %(unit)s to %(name)s") % told
        case "move":
            return _("Move %(unit)s under %(parent)s") % told
        case "merge":
            new = isinstance(step["into"], dict)
            return (_("Merge %(units)s to form %(into)s") if new else _("Merge %(units)s into %(into)s")) % told
        case "split":
            return (
                _("Split %(parts)s off %(unit)s") if step.get("keep") else _("Split %(unit)s into %(parts)s")
            ) % told
    return (_("Dissolve %(unit)s; people and parts go to %(to)s") if step.get("to") else _("Dissolve %(unit)s")) % told


def steps_said(row: Reorganisation) -> list[dict[str, Any]]:
    """Each step as a sentence; `divides`: who goes where can be chosen."""
    names = _names(row)
    divides = [step["kind"] == "split" or len(step.get("to", [])) > 1 for step in row.steps]
    return [
        {"number": number, "said": _said(step, names), "divides": divides[number - 1]}
        for number, step in enumerate(row.steps, 1)
    ]


def effects_said(row: Reorganisation) -> dict[str, Any]:
    """The preview, or what was done, with words for its codes."""
    seen, roles, labels = row.effects, dict(Role.choices), {one.key: one.label for one in followers()}
    if not seen:
        return {}
    units = [
        one
        | {
            "what": WHATS.get(one["what"], one["what"]),
            "to": "; ".join(one.get("to", [])),
            "name": one.get("full") or one["name"],
        }
        for one in seen["units"]
    ]
    grants = [
        one | {"role": roles.get(one["role"], one["role"]), "said": ROLE_WHATS[one["what"]], "to": ", ".join(one["to"])}
        for one in seen["grants"]
    ]
    kept = set(row.kept_out)
    for one in grants:
        one["kept"] = one["id"] in kept
        one["choice"] = one["id"] is not None and (one["what"] == "follows" or one["kept"])
    following = [{"label": labels.get(one["key"], one["key"]), "n": one["n"]} for one in seen["following"]]
    more = max(0, seen["people"] - len(seen["shown"]))
    moves: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in seen["shown"]:
        moves.setdefault((one["from"], one["to"]), []).append(one)
    folded = max(0, len(units) - FOLDED)
    return {
        **seen,
        "units": units,
        "units_more": folded,
        "moves": list(moves.items()),
        "grants": grants,
        "following": following,
        "more": more,
    }


@dataclass(frozen=True)
class Dividing:
    """Who and what of one unit can be sent where; a part's number, "" = stays (or goes to the first)."""

    unit: Unit
    parts: tuple[str, ...]
    keep: bool
    people: tuple[tuple[Person, str], ...]
    children: tuple[tuple[Unit, str], ...]

    def chosen(self, data: Mapping[str, str]) -> tuple[dict[int, int], dict[str, int]]:
        """What a sent form says: {person: part}, {code: part}."""

        def part(key: str) -> int | None:
            text = data.get(key, "")
            return int(text) if text.isascii() and text.isdigit() and int(text) < len(self.parts) else None

        people = {one.pk: place for one, _part in self.people if (place := part(f"p{one.pk}")) is not None}
        return people, {one.code: place for one, _part in self.children if (place := part(f"u{one.pk}")) is not None}

    def with_choice(self, people: Mapping[int, int], children: Mapping[str, int]) -> "Dividing":
        """The same table with what was typed."""
        return replace(
            self,
            people=tuple((one, str(people.get(one.pk, ""))) for one, _part in self.people),
            children=tuple((one, str(children.get(one.code, ""))) for one, _part in self.children),
        )


def dividing(row: Reorganisation, number: int) -> Dividing | None:
    """The table of a step of a draft; None when there is no such step or it divides nothing."""
    step: Step = row.steps[number - 1] if 1 <= number <= len(row.steps) else {"kind": ""}
    unit = Unit.objects.filter(code=step.get("unit", "")).first() if step["kind"] in ("split", "dissolve") else None
    if unit is None or row.status != Reorganisation.Status.DRAFT:
        return None
    names = _names(row)
    told = step.get("parts") or step.get("to", [])
    parts = tuple(str(one["name"]) if isinstance(one, dict) else names.get(one, one) for one in told)
    people = Person.objects.filter(unit=unit, active=True).select_related("position").order_by("sort_key", "pk")
    below = Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1, until=None).order_by("path")
    table = Dividing(unit, parts, bool(step.get("keep")), tuple((p, "") for p in people), tuple((u, "") for u in below))
    sent = {int(pk): part for pk, part in step.get("people", {}).items()}
    return table.with_choice(sent, step.get("children", {}))
