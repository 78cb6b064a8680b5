"""Campaigns, sittings, answers, self-rating, manager rating."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "nanglucso.measure.assessments"

    def ready(self) -> None:
        """Offer next steps, count what waits, give verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.measure.assessments import steps
        from nanglucso.measure.assessments.labqueries import held_labs
        from nanglucso.measure.assessments.queries import held_by_campaigns
        from nanglucso.measure.assessments.verbs import VERBS
        from nanglucso.measure.profiles import holding
        from nanglucso.measure.profiles.steps import offer
        from nanglucso.ui.badges import badge

        offer("assessments.sitting", 10, steps.waiting_sitting)
        offer("assessments.lab", 12, steps.waiting_lab)
        offer("assessments.self_review", 30, steps.first_self_review)
        badge("assessments:mine", _waiting)
        badge("assessments:certificates", _to_confirm)
        badge("assessments:files", _to_rate)
        holding.register(held_by_campaigns)
        holding.register(held_labs)
        name_codes(VERBS)
        name_codes(
            {
                "assessments.create_campaign": _("Created a campaign"),
                "assessments.open_campaign": _("Opened a campaign"),
                "assessments.launch": _("Opened a campaign and gave out its tests"),
                "assessments.assign": _("Gave out tests"),
                "assessments.close_campaign": _("Closed a campaign"),
                "assessments.release": _("Released results"),
                "assessments.start": _("Began a test"),
                "assessments.pause": _("Paused a test"),
                "assessments.resume": _("Went on with a test"),
                "assessments.take_over": _("Moved a test to another device"),
                "assessments.submit": _("Ended a test"),
                "assessments.rate_self": _("Reviewed themselves"),
                "assessments.rate_manager": _("Rated a staff member"),
                "assessments.extend": _("Extended a campaign"),
                "assessments.learn_priors": _("Learned starting points from a campaign"),
                "assessments.remind": _("Sent reminders of a campaign"),
                "assessments.review_step": _("Chose a level in the self-review"),
                "assessments.review_hand_in": _("Handed in the self-review"),
                "assessments.enter_certificate": _("Entered an outside certificate"),
                "assessments.confirm_certificate": _("Confirmed an outside certificate"),
                "assessments.refuse_certificate": _("Refused an outside certificate"),
                "assessments.revoke_certificate": _("Took back an outside certificate"),
                "assessments.look_at_proof": _("Looked at the proof of a certificate"),
                "assessments.ask_preview": _("Asked for a rehearsal of a campaign"),
                "assessments.preview": _("Rehearsing a campaign"),
                "assessments.mail_reminders": _("Sending reminders"),
                "assessments.begin_lab": _("Began a practice task"),
                "assessments.finish_lab": _("Ended a practice task"),
                "assessments.drop_lab_texts": _("Dropped texts typed in practice tasks"),
                "assessments.score": _("Weighing a finished test"),
                "assessments.start_lab": _("Began a practice task that counts"),
                "assessments.pause_lab": _("Paused a practice task that counts"),
                "assessments.resume_lab": _("Went on with a practice task that counts"),
                "assessments.end_lab": _("Ended a practice task that counts"),
            }
        )


def _waiting(request: Any) -> int:
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.labqueries import open_labs
    from nanglucso.measure.assessments.queries import open_sitting

    person, at = request.access.person, now()
    return int(bool(open_sitting(person, at))) + len(open_labs(person, at)) if person else 0


def _to_rate(request: Any) -> int:
    from nanglucso.measure.assessments.judging import open_to

    return open_to(request.user, request.access.scope).count()


def _to_confirm(request: Any) -> int:
    from nanglucso.measure.assessments.certifying import in_scope

    return in_scope(request.access.scope).filter(status="waiting").count()
