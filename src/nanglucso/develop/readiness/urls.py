"""Pages of this room."""

from django.urls import path

from nanglucso.develop.readiness.views import maps, sheets, surveys

app_name = "readiness"
urlpatterns = [
    path("", maps.city, name="map"),
    path("don-vi/<int:pk>/", maps.unit, name="unit"),
    path("don-vi/<int:pk>/quyet-dinh/", maps.decide, name="decide"),
    path("dau-tu/", maps.investments, name="investments"),
    path("dau-tu/xuat/", maps.export, name="investments_export"),
    path("phieu/", surveys.mine, name="mine"),
    path("phieu/<int:pk>/", surveys.slip, name="slip"),
    path("phieu/<int:pk>/dau-moi/", surveys.contact, name="contact"),
    path("dot/", surveys.rounds, name="rounds"),
    path("dot/moi/", surveys.round_new, name="round_new"),
    path("dot/<int:pk>/", surveys.round_show, name="round"),
    path("dot/<int:pk>/nhac/", surveys.remind, name="remind"),
    path("dot/<int:pk>/dong/", surveys.close, name="close"),
    path("nap/", sheets.index, name="sheets"),
    path("nap/moi/", sheets.new, name="sheet_new"),
    path("nap/mau/", sheets.template, name="template"),
    path("nap/<int:pk>/", sheets.show, name="sheet"),
    path("nap/<int:pk>/ap-dung/", sheets.apply, name="sheet_apply"),
    path("nap/<int:pk>/hoan-tac/", sheets.undo, name="sheet_undo"),
]
