"""Course catalogue, scenarios, solver runs, comparison, approval."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "nanglucso.develop.plans"
