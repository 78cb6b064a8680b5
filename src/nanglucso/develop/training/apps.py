"""Classes, sessions, enrolment, attendance, effect."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "nanglucso.develop.training"
