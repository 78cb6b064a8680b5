"""Lessons of ten minutes: written and published here, learnt from one's own gaps, confirmed by the head."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "nanglucso.develop.learning"

    def ready(self) -> None:
        """Words for the log; what waits for a head or a second reader."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.learning import queries
        from nanglucso.develop.learning.wording import ACTS
        from nanglucso.ui.badges import badge

        name_codes(ACTS)
        badge("learning:tasks", lambda request: queries.tasks_waiting(scope=request.access.scope))
        badge("learning:desk", lambda request: queries.to_review(user=request.user))
