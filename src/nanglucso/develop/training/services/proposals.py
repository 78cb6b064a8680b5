"""A measured effect reaches the plan only when a training officer says so."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.services import set_measured_effect
from nanglucso.develop.training.models import EffectProposal, TrainingClass

Status = EffectProposal.Status


@dataclass(frozen=True)
class Share:
    """Part of the missing way that a class closed, its 90% interval, and for how many people it counts."""

    value: float
    low: float
    high: float
    people: int


def propose_effect(
    *, actor: User | None, training_class: TrainingClass, share: Share, verdict: str, at: datetime
) -> EffectProposal:
    """Put a measured share forward; one that waits already is brought up to date, a decided one stays as it is."""
    fields = {
        "course": training_class.course, "form": training_class.form, "share": share.value, "low": share.low,
        "high": share.high, "people": share.people, "verdict": verdict, "made_at": at,
    }  # fmt: skip
    with act(actor, "training.propose_effect", training_class, at=at, share=share.value, verdict=verdict):
        row, _made = EffectProposal.objects.update_or_create(
            training_class=training_class, status=Status.WAITING, defaults=fields
        )
    return row


def _decided(actor: User | None, proposal: EffectProposal, status: str, reason: str, at: datetime) -> EffectProposal:
    row = EffectProposal.objects.select_for_update().select_related("course", "training_class").get(pk=proposal.pk)
    if row.status != Status.WAITING:
        raise Refused(_("This proposal has been decided already."))
    row.status, row.reason, row.decided_by, row.decided_at = status, reason, actor, at
    row.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return row


def confirm_effect(*, actor: User | None, proposal: EffectProposal, at: datetime) -> EffectProposal:
    """Take a proposed share over into the catalogue; the next plan counts with it. Raises Refused."""
    with act(actor, "training.confirm_effect", proposal, at=at, verdict=proposal.verdict, share=proposal.share):
        row = _decided(actor, proposal, Status.CONFIRMED, "", at)
        set_measured_effect(
            actor=actor, course=row.course, form=row.form, share=row.share, people=row.people, at=at,
            source=row.training_class.code,
        )  # fmt: skip
    return row


def decline_effect(*, actor: User | None, proposal: EffectProposal, reason: str, at: datetime) -> EffectProposal:
    """Leave a proposed share out, with a reason; the catalogue keeps what it had. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write why this effect is left out of the plan."), field="reason")
    with act(actor, "training.decline_effect", proposal, at=at, verdict=proposal.verdict, reason=reason.strip()):
        return _decided(actor, proposal, Status.DECLINED, reason.strip(), at)
