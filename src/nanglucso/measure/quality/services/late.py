"""A person judges an answer that came after deadline and grace."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import LateAnswer
from nanglucso.measure.bank.scoring import BadChoice
from nanglucso.measure.quality import rewriting
from nanglucso.measure.quality.models import Correction, LateJudgement
from nanglucso.measure.quality.services.corrections import prepare


def judge_late(*, actor: User, late: LateAnswer, accepted: bool, reason: str, at: datetime) -> Correction | None:
    """Decide once whether a late answer counts; an accepted one prepares a correction for another person's approval."""
    if late.sitting.person.user_id == actor.pk:
        raise Refused(_("Nobody judges their own late answer."))
    if len(reason.strip()) < 10:
        raise Refused(_("Please say why: everybody concerned may ask."), field="reason")
    if LateJudgement.objects.filter(late=late).exists():
        raise Refused(_("This answer has been judged already."))
    obstacle = why_it_cannot_count(late) if accepted else None
    if obstacle:
        raise Refused(obstacle)
    sitting, made = late.sitting, None
    with act(actor, "quality.judge_late", sitting, at=at, person_id=sitting.person_id, accepted=accepted):
        LateJudgement.objects.create(late=late, accepted=accepted, reason=reason.strip(), judged_by=actor, at=at)
        if accepted:
            kind = Correction.Kind.LATE
            made = prepare(actor=actor, kind=kind, reason=reason, sitting=sitting, late=late, at=at)
    return made


def why_it_cannot_count(late: LateAnswer) -> Any:
    """What stands against counting a late answer, in words; None when it can count."""
    if rewriting.of_sitting(late.sitting) is None:
        return _("The test is not in the profile yet, so nothing can be added to it.")
    try:
        rewriting.late_entry(late)
    except (LookupError, BadChoice):
        return _("The answer cannot be scored: its item is unknown or it has the wrong shape.")
    return None
