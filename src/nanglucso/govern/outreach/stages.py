"""How far a person is with a document, from sent to followed up; each stage holds those beyond it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nanglucso.govern.outreach.models import Campaign, Reading, Receipt


class Stage(models.TextChoices):
    """In their order."""

    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    READ = "read", _("Read")
    UNDERSTOOD = "understood", _("Understood")
    FOLLOWED = "followed", _("Followed up")


ORDER: list[str] = list(Stage.values)


def stages_of(campaign: Campaign) -> list[tuple[str, Any]]:
    """(code, label) of the stages of a campaign: without a follow-up it ends when the document is understood."""
    kept = Stage.choices if campaign.follow_up != Campaign.FollowUp.NONE else Stage.choices[:-1]
    return [(code, label) for code, label in kept]


def followed(receipt: Receipt) -> bool:
    """Whether it was followed up since the last significant change."""
    return receipt.followed_epoch is not None and receipt.followed_epoch == receipt.campaign.epoch


def stage_of(receipt: Receipt, reading: Reading | None) -> str:
    """The farthest stage that was reached."""
    if reading is None:
        return Stage.SENT
    if reading.understood_at and followed(receipt):
        return Stage.FOLLOWED
    return Stage.UNDERSTOOD if reading.understood_at else Stage.READ if reading.read_at else Stage.OPENED


def is_done(receipt: Receipt, reading: Reading | None) -> bool:
    """Whether nothing is left for the reader to do; the head's word is not theirs."""
    stage = stage_of(receipt, reading)
    return stage == Stage.FOLLOWED or (stage == Stage.UNDERSTOOD and receipt.campaign.follow_up != "task")
