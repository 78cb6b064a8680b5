"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.measure.gaps import views

app_name = "gaps"
urlpatterns = [
    path("", views.city, name="city"),
    path("don-vi/", views.unit, name="unit"),
    path("don-vi/<int:pk>/", views.unit, name="unit_of"),
    path("vi-tri/", views.positions, name="positions"),
    path("so-sanh/", views.compare, name="compare"),
    re_path(r"^xuat/(?P<what>city|unit|positions)/$", views.export, name="export"),
]
