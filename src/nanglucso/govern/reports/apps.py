"""The leader's page, the year page, the yearly report, official documents."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "nanglucso.govern.reports"
