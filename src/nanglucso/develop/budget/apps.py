"""Rates and caps with legal basis, funding sources."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "nanglucso.develop.budget"
