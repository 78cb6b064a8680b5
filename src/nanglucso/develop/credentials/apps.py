"""Certificates and their public check page."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "nanglucso.develop.credentials"
