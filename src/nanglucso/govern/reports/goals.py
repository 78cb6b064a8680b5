"""Targets on the leader's page: how many stand where, and those that press most, with what is expected of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nanglucso.core.bilingual import one_of
from nanglucso.core.scope import EVERYTHING
from nanglucso.govern.targets.models import Series
from nanglucso.govern.targets.queries import of_the_city, target_summary, units_late
from nanglucso.govern.targets.shipped import document, measure
from nanglucso.govern.targets.wording import STATUS

MARGIN = 1.05  # of the axis of a figure that is no share


def figures(most: int, at: datetime) -> dict[str, Any]:
    """JSON: counts of the city's targets in force by state, units' late figures, and the city's `most` worst ones."""
    told = target_summary(EVERYTHING, at)
    return {
        "on_track": told.on_track, "at_risk": told.at_risk, "late": told.late, "no_data": told.no_data,
        "unread": told.unread, "units_late": units_late(at),
        "rows": [_kept(row, status) for row, status in of_the_city(at)[:most]],
    }  # fmt: skip


def _kept(row: Series, status: str) -> dict[str, Any]:
    one = row.indicator
    return {
        "code": one.code, "names": [one.name_vi, one.name_en], "document": one.document_code,
        "measure": one.measure_code, "at_least": one.at_least, "goal": float(one.goal or 0), "value": float(row.value),
        "day": row.day.isoformat(), "due": row.due.isoformat() if row.due else None, "status": status,
        "expected": None if row.mean is None else [row.low, row.mean, row.high],
        "answers": one.responsible.name if one.responsible else "",
    }  # fmt: skip


@dataclass(frozen=True)
class GoalLine:
    """One target in the reader's language; places on the axis in percent of its width, None where nothing is expected.

    `said`: word, tone and icon of its state; `expected`: low, middle and high on the last day.
    """

    code: str
    name: str
    document: str
    measure: str
    at_least: bool
    goal: float
    value: float
    day: date
    due: date | None
    answers: str
    said: tuple[Any, str, str]
    expected: tuple[float, float, float] | None
    axis: dict[str, float]


def lines(told: dict[str, Any]) -> list[GoalLine]:
    """The kept rows as the page says them."""
    return [_line(row) for row in told["rows"]]


def _line(row: dict[str, Any]) -> GoalLine:
    kind = measure(row["measure"])
    low, mean, high = row["expected"] or (row["value"],) * 3
    top = 100.0 if kind.share else MARGIN * max(row["goal"], row["value"], high) or 1.0
    places = {"goal": row["goal"], "now": row["value"], "low": low, "x": mean, "band": high - low}
    return GoalLine(
        code=row["code"], name=one_of(*row["names"]), document=document(row["document"]).number, measure=kind.name,
        at_least=row["at_least"], goal=row["goal"], value=row["value"], day=date.fromisoformat(row["day"]),
        due=date.fromisoformat(row["due"]) if row["due"] else None, answers=row["answers"],
        said=STATUS[row["status"]], expected=(low, mean, high) if row["expected"] else None,
        axis={name: round(min(100.0, 100 * one / top), 1) for name, one in places.items()},
    )  # fmt: skip
