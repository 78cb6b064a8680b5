"""Answers and self-ratings from files become evidence, through the same door as on the web."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _

from nanglucso.kit.dates import parse_date
from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_number
from nanglucso.kit.text import fold
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.queries import live_versions
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many, update_family_priors
from nanglucso.project.loop.order import BadInput
from nanglucso.project.loop.tables import LOOK_AT, TableRow, first_sheet, heading_key, rows_of
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

NOON = time(12, 0)
RESPONSE_COLUMNS = ("staff_code", "item_id", "score", "date")
HEADINGS = {
    "staff code": "staff_code", "staff number": "staff_code", "ma can bo": "staff_code", "ma": "staff_code",
    "so hieu": "staff_code", "so hieu cbccvc": "staff_code", "ma so": "staff_code", "ma nhan vien": "staff_code",
    "name": "name", "full name": "name", "ho va ten": "name", "ho ten": "name",
    "item id": "item_id", "item": "item_id", "ma cau hoi": "item_id",
    "score": "score", "diem": "score", "date": "date", "ngay": "date",
}  # fmt: skip


@dataclass
class Taken:
    """What came of a file: rows read and taken, people, rows left out with the reason."""

    rows: int = 0
    taken: int = 0
    people: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, row: TableRow, reason: str) -> None:
        """Leave a row out."""
        self.skipped.append({"row": row.number, "reason": reason})

    def as_dict(self) -> dict[str, Any]:
        """A part of report.json."""
        return {"rows": self.rows, "taken": self.taken, "people": self.people, "skipped": self.skipped}


class Roll:
    """People by staff number, else by a name that only one of them has."""

    def __init__(self) -> None:
        people = list(Person.objects.filter(active=True))
        self.by_code = {one.staff_code.upper(): one for one in people if one.staff_code}
        names: dict[str, list[Person]] = defaultdict(list)
        for one in people:
            names[fold(one.full_name)].append(one)
        self.by_name = names

    def find(self, row: TableRow) -> Person | str:
        """The person, or why there is none."""
        code, name = row.text("staff_code"), row.text("name")
        if code:
            found = self.by_code.get(code.upper())
            return found or _("No person of the staff list has the number “%(code)s”.") % {"code": code}
        same = self.by_name.get(fold(name), []) if name else []
        if len(same) == 1:
            return same[0]
        if same:
            return _("Several people are called “%(name)s”: give the staff number.") % {"name": name}
        return _("No person of the staff list is called “%(name)s”.") % {"name": name}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


# ---------------------------------------------------------------- answers
def take_responses(path: Path, framework: Framework, *, at: datetime) -> Taken:
    """Bring in `staff_code,item_id,score,date`; scores count from 0. Raises `BadInput` when no row fits."""
    rows = rows_of(
        first_sheet(path), lambda key: HEADINGS.get(key, ""), RESPONSE_COLUMNS, file=path.name,
        example=",".join(RESPONSE_COLUMNS),
    )  # fmt: skip
    reader = _Answers(framework, localdate(at))
    for row in rows:
        reader.add(row)
    done = reader.taken
    if not done.taken:
        raise BadInput(_nothing(path, done))
    for day in sorted(reader.by_day):
        moment = datetime.combine(day, NOON, get_current_timezone())
        record_many(
            actor=None, framework=framework, at=min(moment, at),
            evidence=[
                NewEvidence(person, Evidence.Kind.OUTSIDE, f"answers:{_digest(path)}:{day}", entries, path.name)
                for person, entries in reader.by_day[day].values()
            ],
        )  # fmt: skip
    update_family_priors(actor=None, framework=framework, at=at)
    done.people = len({pk for day in reader.by_day.values() for pk in day})
    return done


def _nothing(path: Path, done: Taken) -> str:
    if not done.skipped:
        return _("%(file)s: there is no row below the headings.") % {"file": path.name}
    first = done.skipped[0]
    return _("%(file)s: no row fits; the first, row %(row)s: %(reason)s") % {"file": path.name, **first}


class _Answers:
    """Checks answers row by row and groups the good ones by day and person."""

    def __init__(self, framework: Framework, today: date) -> None:
        self.roll, self.today, self.taken = Roll(), today, Taken()
        self.items: dict[str, ItemVersion] = {one.item.code.upper(): one for one in live_versions(framework)}
        self.by_day: dict[date, dict[int, tuple[Person, list[dict[str, Any]]]]] = defaultdict(dict)
        self.seen: set[tuple[int, int, date]] = set()

    def add(self, row: TableRow) -> None:
        """Take a row or leave it out with its reason."""
        self.taken.rows += 1
        person = self.roll.find(row)
        if isinstance(person, str):
            return self.taken.leave(row, person)
        item = self.items.get(row.text("item_id").upper())
        if item is None:
            return self.taken.leave(row, _("The bank has no item “%(item)s”.") % {"item": row.text("item_id")})
        score = _score(row, len(item.b))
        day = _day(row, self.today)
        for fault in (score, day):
            if isinstance(fault, str):
                return self.taken.leave(row, fault)
        self._keep(row, person, item, score, day)  # type: ignore[arg-type]

    def _keep(self, row: TableRow, person: Person, item: ItemVersion, score: int, day: date) -> None:
        key = (person.pk, item.pk, day)
        if key in self.seen:
            return self.taken.leave(row, _("The same person answered the same item that day already."))
        self.seen.add(key)
        _person, entries = self.by_day[day].setdefault(person.pk, (person, []))
        entries.append(
            {"k": item.item.competence.code, "item": item.pk, "a": item.a, "b": item.b, "c": item.c, "score": score}
        )
        self.taken.taken += 1


def _score(row: TableRow, most: int) -> int | str:
    try:
        value = parse_number(row.text("score"))
    except BadValue:
        value = None
    if value is None or value != value.to_integral_value() or not 0 <= value <= most:
        text = _("The score “%(score)s” is not a whole number from 0 to %(most)s.")
        return text % {"score": row.text("score"), "most": most}
    return int(value)


def _day(row: TableRow, today: date) -> date | str:
    value = row.cells.get("date")
    try:
        day = parse_date(value)
    except BadValue as error:
        return str(_(error.template) % error.params)
    if day > today:
        return _("The date %(day)s lies in the future.") % {"day": f"{day:%d/%m/%Y}"}
    return day


# ---------------------------------------------------------------- self-ratings
def take_ratings(path: Path, framework: Framework, *, at: datetime) -> Taken:
    """Bring in one row a person with columns 1.1 … 6.4, levels 0 to 4. Raises `BadInput` when no row fits."""
    codes = list(framework.competences.order_by("index").values_list("code", flat=True))
    most = max(framework.levels.values_list("number", flat=True))
    sheet = first_sheet(path)
    known = _rating_heading(codes)
    who = next((name for name in ("staff_code", "name") if _has(sheet.rows, known, name)), "staff_code")
    example = f"staff_code,{codes[0]},{codes[1]}"
    roll, done = Roll(), Taken()
    found: list[NewEvidence] = []
    for row in rows_of(sheet, known, [who, codes[0]], file=path.name, example=example):
        done.rows += 1
        person = roll.find(row)
        entries = _ratings(row, codes, most)
        if isinstance(person, str) or isinstance(entries, str):
            done.leave(row, person if isinstance(person, str) else str(entries))
        elif person.pk in {one.person.pk for one in found}:
            done.leave(row, _("The same person has a row above."))
        else:
            found.append(NewEvidence(person, Evidence.Kind.SELF, f"self:{_digest(path)}", entries, path.name))
    if not found:
        raise BadInput(_nothing(path, done))
    record_many(actor=None, framework=framework, at=at, evidence=found)
    done.taken = done.people = len(found)
    return done


def _rating_heading(codes: Iterable[str]) -> Callable[[str], str]:
    names = {**HEADINGS, **{code: code for code in codes}}

    def known(key: str) -> str:
        return names.get(key) or names.get(key.split(" ", maxsplit=1)[0] if key[:1].isdigit() else "", "")

    return known


def _has(rows: Any, known: Callable[[str], str], name: str) -> bool:
    return any(known(heading_key(cell)) == name for row in rows[:LOOK_AT] for cell in row)


def _ratings(row: TableRow, codes: Iterable[str], most: int) -> list[dict[str, Any]] | str:
    made = []
    for code in codes:
        said = row.text(code)
        if not said:
            continue
        if not said.isdigit() or int(said) > most:
            text = _("Column %(code)s: “%(value)s” is not a level from 0 to %(most)s.")
            return text % {"code": code, "value": said, "most": most}
        made.append({"k": code, "rating": int(said)})
    return made or _("The row has no level in any column.")
