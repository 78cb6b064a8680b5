"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.govern.exchange import api, views

app_name = "exchange"
urlpatterns = [
    path("khoa/", views.tokens, name="tokens"),
    path("khoa/<int:pk>/thu-hoi/", views.revoke, name="revoke"),
    path("cong-khai/", views.switch, name="switch"),
    path("ky/", views.releases, name="releases"),
    path("mo/", views.open_data, name="open"),
    re_path(r"^mo/(?P<code>[a-z-]+)\.(?P<kind>csv|json)$", views.open_file, name="open_file"),
    path("mo-ta/", views.described, name="described"),
    path("mo-ta/openapi.json", api.openapi, name="openapi"),
    path("mo-ta/tu-dien.csv", views.dictionary_file, name="dictionary_file"),
]
