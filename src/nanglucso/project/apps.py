"""The wiring app: command line, urls, demo city."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "nanglucso.project"
