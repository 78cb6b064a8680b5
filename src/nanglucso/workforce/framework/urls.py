"""Pages of this room."""

from django.urls import path

from nanglucso.workforce.framework import views

app_name = "framework"
urlpatterns = [
    path("", views.browse, name="browse"),
    path("doi-chieu/", views.crosswalk, name="crosswalk"),
    path("nang-luc/<str:code>/", views.competence, name="competence"),
]
