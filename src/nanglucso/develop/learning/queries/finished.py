"""Finished lessons and tasks at work."""

from datetime import datetime

from django.db.models import QuerySet

from nanglucso.core.scope import Scope
from nanglucso.develop.learning.models import Study


def finished(*, scope: Scope, since: datetime | None = None) -> QuerySet[Study]:
    """Finished studies of people in scope, the oldest first."""
    rows = Study.objects.filter(scope.units("person__unit__path")).exclude(finished_at=None)
    rows = rows.filter(finished_at__gte=since) if since else rows
    return rows.select_related("person", "version__lesson").order_by("finished_at", "pk")


def _tasks(scope: Scope) -> QuerySet[Study]:
    """Tasks reported by people in scope, without the viewer's own."""
    rows = Study.objects.filter(scope.units("person__unit__path")).exclude(task_done_at=None)
    return rows.exclude(person=scope.person_id) if scope.person_id else rows


def tasks_waiting(*, scope: Scope) -> QuerySet[Study]:
    """Tasks that wait for a confirmation, the longest waiting first."""
    return (
        _tasks(scope)
        .filter(confirmed_at=None)
        .select_related("person__unit", "version__lesson")
        .order_by("task_done_at")
    )


def tasks_confirmed(*, scope: Scope) -> QuerySet[Study]:
    """Tasks that were confirmed, the last one first."""
    rows = _tasks(scope).exclude(confirmed_at=None).select_related("person__unit", "version__lesson", "confirmed_by")
    return rows.order_by("-confirmed_at")
