"""Units, positions with required levels, staff, appointments, staff import."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nanglucso.workforce.people"
