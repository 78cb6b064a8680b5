"""System pages: jobs, audit, status, roles, health."""

from django.urls import path

app_name = "core"
urlpatterns: list = []
