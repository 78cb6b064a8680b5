"""Shell, components, styles, formats."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nanglucso.ui"
