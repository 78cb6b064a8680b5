"""Verbs of the gap room."""

from datetime import datetime

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.gaps.models import GapSnapshot
from nanglucso.measure.gaps.queries import Counts, active_people, gap_table, top_units, unit_rows
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Unit


def take_snapshot(*, actor: User | None, framework: Framework, label: str, at: datetime) -> int:
    """Keep today's counts of the city and of every agency, commune and ward; returns how many units."""
    table = gap_table(framework, active_people(EVERYTHING), at=at)
    roots = list(Unit.objects.filter(depth=1))
    rows = unit_rows(table, [*roots, *top_units(EVERYTHING)], [])
    codes = table.frame.codes
    with act(actor, "gaps.snapshot", roots[0] if roots else None, at=at, label=label, units=len(rows)):
        GapSnapshot.objects.bulk_create(
            [
                GapSnapshot(
                    unit_id=row.key,
                    label=label,
                    at=at,
                    people=row.counts.people,
                    measured=row.counts.measured,
                    counts=_kept(row.counts, codes),
                )
                for row in rows
                if row.counts.people
            ],
            ignore_conflicts=True,
        )
    return len(rows)


def _kept(counts: Counts, codes: tuple[str, ...]) -> dict[str, list[float]]:
    columns = (counts.required, counts.met, counts.not_met, counts.unknown)
    return {
        code: [*(int(column[k]) for column in columns), round(float(counts.missing[k]), 2)]
        for k, code in enumerate(codes)
    }


def note_export(*, actor: User, what: str, of_whom: str, rows: int, at: datetime) -> None:
    """Leave a trace that a table of gaps left the system as a file."""
    with act(actor, "gaps.export", at=at, what=what, of_whom=of_whom, rows=rows):
        pass
