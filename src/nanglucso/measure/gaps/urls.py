"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.measure.gaps.views import changes, exporting, folk, maps, saved

app_name = "gaps"
urlpatterns = [
    path("", maps.city, name="city"),
    path("don-vi/", maps.unit, name="unit"),
    path("don-vi/<int:pk>/", maps.unit, name="unit_of"),
    path("vi-tri/", maps.positions, name="positions"),
    path("nang-luc/", maps.competences, name="competences"),
    path("nguoi/", folk.listing, name="people"),
    path("so-sanh/", changes.compare, name="compare"),
    path("xem-truoc/", changes.preview, name="preview"),
    path("da-luu/", saved.views, name="views"),
    re_path(r"^da-luu/(?P<pk>\d{1,9})/(?P<what>chia-se|thoi-chia-se|xoa)/$", saved.change, name="view_change"),
    re_path(r"^xuat/(?P<what>city|unit|positions|competences|people)/$", exporting.export, name="export"),
]
