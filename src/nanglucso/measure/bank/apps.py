"""Items and their versions."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "nanglucso.measure.bank"
