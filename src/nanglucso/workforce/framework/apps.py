"""Competence frameworks: domains, competences, levels, descriptors, cut points, crosswalks."""

from django.apps import AppConfig


class FrameworkConfig(AppConfig):
    name = "nanglucso.workforce.framework"
