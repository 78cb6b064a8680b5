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
        from nanglucso.measure.profiles.steps import offer
        from nanglucso.ui.badges import badge

        offer("assessments.sitting", 10, steps.waiting_sitting)
        offer("assessments.self_review", 30, steps.first_self_review)
        badge("assessments:mine", _waiting)
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
                "assessments.score": _("Weighing a finished test"),
            }
        )


def _waiting(request: Any) -> int:
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.queries import open_sitting

    person = request.access.person
    return int(bool(person and open_sitting(person, now())))
