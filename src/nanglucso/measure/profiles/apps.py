"""The evidence ledger and the belief folded from it."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "nanglucso.measure.profiles"
