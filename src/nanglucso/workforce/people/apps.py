"""Units, positions with required levels, staff, appointments, staff import."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nanglucso.workforce.people"

    def ready(self) -> None:
        """Positions move with the framework."""
        from nanglucso.workforce.framework import passing
        from nanglucso.workforce.people.requiring import PositionMover

        passing.register("people", PositionMover())
