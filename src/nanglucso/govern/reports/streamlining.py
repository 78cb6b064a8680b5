"""The report on overlapping functions and duties, of the viewer's own scope."""

from datetime import datetime

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.develop.staffing import queries
from nanglucso.develop.staffing.models import Duty, Overlap
from nanglucso.govern.reports.documents.content import OfficialDocument
from nanglucso.govern.reports.documents.streamlining import PairLine, ReviewFigures, streamlining_report
from nanglucso.workforce.people.models import Person


def streamlining_document(scope: Scope, *, at: datetime) -> OfficialDocument:
    """The report as a document."""
    rows = queries.overlaps(scope=scope)
    reviewed = rows.exclude(verdict="").order_by("pk")
    return streamlining_report(
        ReviewFigures(
            day=local_day(at),
            duties=queries.duties(scope=scope, wanted=queries.DutyFilter()).count(),
            waiting=rows.filter(verdict="").count(),
            made_up=Person.objects.filter(made_up=True).exists(),
            lines=[_line(pair) for pair in reviewed],
        )
    )


def _line(pair: Overlap) -> PairLine:
    return PairLine(
        _told(pair.one), _told(pair.other), pair.verdict, pair.action, pair.owner.name if pair.owner else "", pair.due,
        pair.closed_on, pair.closing, pair.plan,
    )  # fmt: skip


def _told(duty: Duty) -> str:
    return f"{duty.text} ({duty.holder})"
