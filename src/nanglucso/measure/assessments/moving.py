"""Campaigns in a move of frameworks: they keep theirs, and none may be under way."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.measure.assessments.models import Campaign
from nanglucso.workforce.framework.passing import Passage, Step

_UNDER_WAY = ("draft", "open")


class CampaignMover:
    """Nothing of a campaign moves; one that is prepared or open stands in the way."""

    def blocked(self, passage: Passage) -> list[Any]:
        rows = Campaign.objects.filter(framework=passage.source, status__in=_UNDER_WAY)
        named = ", ".join(str(row) for row in rows[:3])
        return [_("A campaign is prepared or open: %(names)s. Close it first.") % {"names": named}] if named else []

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]:
        return {}

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> None:
        return None

    def apply(self, passage: Passage, prepared: None, *, at: datetime) -> None:
        return None

    def undo(self, passage: Passage, inverse: None, *, at: datetime) -> None:
        return None
