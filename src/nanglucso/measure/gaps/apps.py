"""Required minus believed: met, not met, not yet known."""

from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "nanglucso.measure.gaps"
