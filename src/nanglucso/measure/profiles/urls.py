"""Pages of this room."""

from django.urls import path

from nanglucso.measure.profiles import views

app_name = "profiles"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("vi-sao/", views.why, name="why"),
    path("nguoi/<uuid:pk>/", views.person, name="person"),
    path("nguoi/<uuid:pk>/vi-sao/", views.why_person, name="why_person"),
]
