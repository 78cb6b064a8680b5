"""Home, search, theme and role switches, guides, the demo's log-in buttons."""

from django.urls import path

from nanglucso.core.views import health
from nanglucso.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.home, name="home"),
    path("tim/", views.search, name="search"),
    path("giao-dien/", views.theme, name="theme"),
    path("vai-tro/", views.switch_role, name="switch_role"),
    path("huong-dan/", views.guides, name="help"),
    path("huong-dan/<slug:name>/", views.guide, name="guide"),
    path("vao-thu/", views.demo_login, name="demo_login"),
    path("health/live", health.live),
    path("health/ready", health.ready),
]
