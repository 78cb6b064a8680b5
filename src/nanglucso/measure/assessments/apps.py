"""Campaigns, sittings, answers, self-rating, manager rating."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "nanglucso.measure.assessments"
