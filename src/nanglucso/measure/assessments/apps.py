"""Campaigns, sittings, answers, self-rating, manager rating."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "nanglucso.measure.assessments"

    def ready(self) -> None:
        """Offer next steps, count what waits, give verbs their words."""
        from nanglucso.core.watching.probes import probe
        from nanglucso.core.wording import name_codes
        from nanglucso.measure.assessments import admission, forgetting, steps, watching
        from nanglucso.measure.assessments.labqueries import held_labs
        from nanglucso.measure.assessments.moving import CampaignMover
        from nanglucso.measure.assessments.queries import held_by_campaigns
        from nanglucso.measure.assessments.verbs import VERBS
        from nanglucso.measure.profiles import holding
        from nanglucso.measure.profiles.steps import offer
        from nanglucso.ui.badges import badge
        from nanglucso.workforce.framework import passing
        from nanglucso.workforce.people.events import Follower, Forgetter, follow, on_erasure

        offer("assessments.sitting", 10, steps.waiting_sitting)
        offer("assessments.lab", 12, steps.waiting_lab)
        offer("assessments.self_review", 30, steps.first_self_review)
        badge("assessments:mine", _waiting)
        badge("assessments:certificates", _to_confirm)
        badge("assessments:files", _to_rate)
        passing.register("assessments", CampaignMover())
        holding.register(held_by_campaigns)
        holding.register(held_labs)
        name_codes(VERBS)
        probe("sittings_open", watching.sittings_open)
        probe("answers_since", watching.answers_since)
        probe("sitters_waiting", admission.sitters_waiting)
        on_erasure(Forgetter("assessments", forgetting.forget))
        over = ("assessments.Campaign", "unit", {"status__in": ("draft", "open")})
        follow(Follower("assessments.campaigns", _("campaigns over the unit"), _campaigns, *over))
        follow(Follower("assessments.sittings", _("tests not yet finished"), _sittings))


def _campaigns(units: Any, people: Any) -> int:
    from nanglucso.measure.assessments.models import Campaign

    return Campaign.objects.filter(unit__in=units, status__in=("draft", "open")).count()


def _sittings(units: Any, people: Any) -> int:
    """Open tests of people who move; they stay the person's."""
    from nanglucso.measure.assessments.models import Sitting

    rows = Sitting.objects.filter(status__in=("assigned", "running", "paused"))
    return sum(pk in people for pk in rows.values_list("person_id", flat=True)) if people else 0


def _waiting(request: Any) -> Any:
    from nanglucso.core.clock import now
    from nanglucso.measure.assessments.labqueries import own_labs
    from nanglucso.measure.assessments.queries import own_sittings, waiting_now

    person, at = request.access.person, now()
    if person is None:
        return ()
    return waiting_now(own_sittings(person), at), waiting_now(own_labs(person).filter(version__counts=True), at)


def _to_rate(request: Any) -> Any:
    from nanglucso.measure.assessments.judging import open_to

    return open_to(request.user, request.access.scope)


def _to_confirm(request: Any) -> Any:
    from nanglucso.measure.assessments.certifying import in_scope

    return in_scope(request.access.scope).filter(status="waiting")
