"""Course catalogue, scenarios, solver runs, comparison, approval."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "nanglucso.develop.plans"

    def ready(self) -> None:
        """Words for the log, and the number of plans that wait for a leader."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.plans.moving import CourseMover
        from nanglucso.develop.plans.queries import waiting_for_approval
        from nanglucso.develop.plans.reorganised import following
        from nanglucso.develop.plans.wording import ACTS
        from nanglucso.ui.badges import badge
        from nanglucso.workforce.framework import passing
        from nanglucso.workforce.people.events import follow

        name_codes(ACTS)
        passing.register("plans", CourseMover())
        for one in following():
            follow(one)
        badge("plans:list", lambda request: waiting_for_approval() if request.access.may("plans.approve") else ())
