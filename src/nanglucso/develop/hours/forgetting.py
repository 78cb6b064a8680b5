"""Closed years of an erased person: every figure stays, what somebody typed goes."""

from datetime import datetime
from typing import Any

from nanglucso.develop.hours.lawrules import ENTRY, OUTSIDE
from nanglucso.develop.hours.models import YearCount

TYPED = (ENTRY, OUTSIDE)


def forget(gone: Any, at: datetime) -> None:
    """Take typed reasons and numbers out of the lines of `gone` (`core.erasing.Gone`). Inside an act."""
    for row in YearCount.objects.filter(person__in=gone.people):
        lines = [_without_words(gone.without(line)) for line in row.lines]
        if lines != row.lines:
            YearCount.objects.filter(pk=row.pk).forget_words(lines)


def _without_words(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its figures, day and rule; a title that is no course's own name goes with the number."""
    if line["source"] not in TYPED:
        return line
    return {**line, "ref": "", **({"title": {"vi": "", "en": ""}} if line["source"] == ENTRY else {})}
