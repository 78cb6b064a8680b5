"""Figures worked out ahead of their page. Nobody does anything here, so nothing of it is an act."""

from datetime import datetime

from nanglucso.core.days import local_day
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job
from nanglucso.govern.reports import sheet, yearonyear
from nanglucso.govern.reports.leaderrules import leader_rules
from nanglucso.govern.reports.models import LeaderSheet, YearTrend
from nanglucso.workforce.framework.models import Framework

ROLL_UP = "reports.roll_up"


def keep_trend(*, framework: Framework, at: datetime) -> YearTrend | None:
    """Work out the change between the last two years of measuring, unless what it rests on is unchanged."""
    rules = leader_rules()
    both = yearonyear.pair(rules)
    if both is None:
        return None
    key, kept = yearonyear.key(framework, both, rules), YearTrend.objects.filter(first=both[0], second=both[1]).first()
    if kept and kept.key == key:
        return kept
    figures = yearonyear.figures(framework, both, rules)
    with write_turn():
        made, _new = YearTrend.objects.update_or_create(
            first=both[0], second=both[1], defaults={"key": key, "at": at, "figures": figures}
        )
    return made


def keep_sheet(*, framework: Framework, at: datetime) -> LeaderSheet:
    """Keep the leader's page of this year as it is now."""
    year = local_day(at).year
    figures = sheet.work_out(framework, leader_rules(), year=year, at=at)
    with write_turn():
        made, _new = LeaderSheet.objects.update_or_create(year=year, defaults={"at": at, "figures": figures})
    return made


def ask_roll_up(*, at: datetime) -> Job | None:
    """Have both worked out once a day; the worker calls it, and is not held up by the work."""
    today = local_day(at)
    kept = LeaderSheet.objects.filter(year=today.year).first()
    waiting = Job.objects.filter(kind=ROLL_UP, status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    loaded = Framework.objects.filter(status=Framework.Status.PUBLISHED)
    if (kept and local_day(kept.at) >= today) or waiting.exists() or not loaded.exists():
        return None
    with write_turn():
        return enqueue(ROLL_UP, actor=None, at=at)
