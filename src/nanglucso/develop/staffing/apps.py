"""Duties of units and positions and where they overlap; fit of people to positions, vacancies, decisions."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "nanglucso.develop.staffing"

    def ready(self) -> None:
        """Words for the log, long work."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.staffing import tasks  # noqa: F401
        from nanglucso.develop.staffing.wording import ACTS

        name_codes(ACTS)
