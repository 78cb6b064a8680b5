"""A file of completions → rows that can be applied, and what is wrong with the others. Nothing is written."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.kit.dates import parse_date
from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_number
from nanglucso.kit.spreadsheets import read_sheets
from nanglucso.kit.text import fold
from nanglucso.measure.assessments.certrules import Rule, rules
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.workforce.people.listsheet.read import ListRow, read_list
from nanglucso.workforce.people.models import Person

MOST_ROWS = 5000
MOST_TIET = 400
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("Mã CCVC", "Mã công chức", "Mã cán bộ", "Mã nhân sự", "Số hiệu công chức", "Mã", "Staff code"),
    "name": ("Họ và tên", "Họ tên", "Tên", "Name"),
    "course": ("Khóa học", "Tên khóa học", "Khóa", "Chứng chỉ", "Course"),
    "day": ("Ngày hoàn thành", "Ngày cấp", "Hoàn thành ngày", "Ngày", "Completed on", "Date"),
    "score": ("Điểm", "Điểm số", "Kết quả", "Score"),
    "tiet": ("Số tiết", "Số tiết học", "Tiết", "Thời lượng (tiết)", "Periods"),
    "number": ("Số chứng nhận", "Số giấy chứng nhận", "Số chứng chỉ", "Số hiệu", "Certificate number"),
}
LACKING = _("The column “%(head)s” is blank: fill it in.")
NOBODY = _("Nobody here has the staff code “%(value)s”: check it in the staff list.")
OTHER_NAME = _("The staff code “%(value)s” belongs to somebody else than “%(name)s”: check the row.")
NO_RULE = _("“%(value)s” is not a course that counts as evidence: write its name as in the rules.")
FUTURE = _("The day of completion lies in the future.")
TOO_OLD = _("The completion is too old: it counts for %(years)s years.")
NO_SCORE = _("The course needs a score of %(least)s or more: fill it in.")
BELOW = _("The score %(value)s is below %(least)s, the least that counts.")
OVER = _("The score %(value)s is over the scale, which ends at %(most)s.")
BAD_TIET = _("“%(value)s” is no number of periods: write a whole number from 1 to %(most)s.")
AGAIN = _("This completion is held already.")
TWICE = _("The row repeats row %(other)s.")
OWN = _("Nobody judges their own certificate: ask another training officer to import this row.")


class _Fault(ValueError):
    def __init__(self, template: str, **told: object) -> None:
        self.template, self.told = template, {key: str(value)[:80] for key, value in told.items()}
        super().__init__(template)


class Reader:
    """Goes through the rows once. `own`: the reader's own staff record, whose rows somebody else must import."""

    def __init__(self, *, day: date, own: int | None) -> None:
        self.day, self.own = day, own
        self.people = {row.staff_code.upper(): row for row in Person.objects.exclude(staff_code=None) if row.staff_code}
        self.rules: dict[str, Rule] = {}
        for rule in rules().values():
            for name in (rule.code, rule.name_vi, rule.name_en, *rule.aliases):
                self.rules[fold(name)] = rule
        live = (OutsideCertificate.Status.WAITING, OutsideCertificate.Status.CONFIRMED)
        held = OutsideCertificate.objects.filter(status__in=live)
        self.held = set(held.values_list("person_id", "rule", "issued_on"))
        self.seen: dict[tuple[Any, ...], int] = {}

    def one(self, row: ListRow) -> dict[str, Any]:
        """A row of the plan. Raises `_Fault`, `BadValue`."""
        told = row.values
        for name in ("code", "course", "day"):
            if not told.get(name):
                raise _Fault(LACKING, head=HEADINGS[name][0])
        person = self._person(told)
        rule = self.rules.get(fold(told["course"]))
        if rule is None:
            raise _Fault(NO_RULE, value=told["course"])
        day = self._day(rule, told["day"])
        score = self._score(rule, told.get("score", ""))
        key = (person.pk, rule.code, day)
        if key in self.seen:
            raise _Fault(TWICE, other=self.seen[key])
        self.seen[key] = row.row
        if key in self.held:
            raise _Fault(AGAIN)
        return {
            "row": row.row, "sheet": row.sheet, "person": person.pk, "name": person.full_name, "rule": rule.code,
            "day": day.isoformat(), "score": score, "tiet": self._tiet(told.get("tiet", "")),
            "number": told.get("number", "")[:60],
        }  # fmt: skip

    def _person(self, told: Mapping[str, str]) -> Person:
        person = self.people.get(told["code"].upper())
        if person is None:
            raise _Fault(NOBODY, value=told["code"])
        if told.get("name") and fold(told["name"]) != fold(person.full_name):
            raise _Fault(OTHER_NAME, value=told["code"], name=told["name"])
        if person.pk == self.own:
            raise _Fault(OWN)
        return person

    def _day(self, rule: Rule, text: str) -> date:
        day = parse_date(text)
        if day > self.day:
            raise _Fault(FUTURE)
        if rule.last_day(day) < self.day:
            raise _Fault(TOO_OLD, years=rule.valid_years)
        return day

    def _tiet(self, text: str) -> int | None:
        """Periods of the course, a whole number; empty = not stated."""
        if not text:
            return None
        tiet = float(parse_number(text))
        if tiet != int(tiet) or not 0 < tiet <= MOST_TIET:
            raise _Fault(BAD_TIET, value=text, most=MOST_TIET)
        return int(tiet)

    def _score(self, rule: Rule, text: str) -> float | None:
        if not text:
            if rule.min_score is not None:
                raise _Fault(NO_SCORE, least=f"{rule.min_score:g}")
            return None
        score = float(parse_number(text))
        if rule.score_max is not None and score > rule.score_max:
            raise _Fault(OVER, value=text, most=f"{rule.score_max:g}")
        if rule.min_score is not None and score < rule.min_score:
            raise _Fault(BELOW, value=text, least=f"{rule.min_score:g}")
        return score


def read(path: Path, *, name: str, day: date, own: int | None) -> dict[str, Any]:
    """The plan of a file: {rows, problems}. Raises `BadFile`, `BadStaffFile` with one sentence."""
    reading = read_list(read_sheets(path, name=name), HEADINGS, ("code",), None, name=name)
    reader = Reader(day=day, own=own)
    rows: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for row in reading.rows[:MOST_ROWS]:
        try:
            rows.append(reader.one(row))
        except (_Fault, BadValue) as fault:
            told = fault.told if isinstance(fault, _Fault) else fault.params
            place = {"row": row.row, "sheet": row.sheet, "who": row.values.get("name") or row.values.get("code", "")}
            problems.append({**place, "template": fault.template, "told": told})
    left = len(reading.rows) - MOST_ROWS
    return {"rows": rows, "problems": problems, "left": max(left, 0)}
