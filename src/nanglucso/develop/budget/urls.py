"""Pages of this room."""

from django.urls import path

from nanglucso.develop.budget import views

app_name = "budget"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("moi/", views.source_new, name="source_new"),
    path("<int:pk>/", views.source_edit, name="source_edit"),
    path("dinh-muc/", views.rates, name="rates"),
]
