"""Pages of this room."""

from django.urls import path

from nanglucso.workforce.people.views import doubles, imports, positions, staff, units

app_name = "people"
urlpatterns = [
    path("", staff.index, name="list"),
    path("xuat/", staff.export, name="export"),
    path("them/", staff.add, name="add"),
    path("nguoi/<int:pk>/", staff.person, name="person"),
    path("nguoi/<int:pk>/sua/", staff.edit, name="person_edit"),
    path("nguoi/<int:pk>/bo-nhiem/", staff.appoint, name="appoint"),
    path("nguoi/<int:pk>/tai-khoan/", staff.account, name="account"),
    path("bo-nhiem/<int:pk>/ket-thuc/", staff.end_appointment, name="end_appointment"),
    path("don-vi/", units.index, name="units"),
    path("don-vi/chon/", units.options, name="unit_options"),
    path("don-vi/<int:pk>/", units.unit, name="unit"),
    path("vi-tri/", positions.index, name="positions"),
    path("vi-tri/<int:pk>/", positions.position, name="position"),
    path("ho-vi-tri/<slug:code>/", positions.family, name="family"),
    path("nang-luc/<str:code>/", positions.demands, name="demands"),
    path("nap/", imports.index, name="imports"),
    path("nap/moi/", imports.new, name="import_new"),
    path("nap/mau/", imports.template, name="import_template"),
    path("trung/", doubles.index, name="doubles"),
    path("trung/<int:one>/<int:other>/", doubles.pair, name="double"),
    path("trung/<int:one>/<int:other>/khac/", doubles.apart, name="double_apart"),
    path("trung/<int:pk>/hoan-tac/", doubles.undo, name="merge_undo"),
    path("nap/<int:pk>/", imports.show, name="import_show"),
    path("nap/<int:pk>/ghep-cot/", imports.mapping, name="import_mapping"),
    path("nap/<int:pk>/ap-dung/", imports.apply, name="import_apply"),
    path("nap/<int:pk>/hoan-tac/", imports.undo, name="import_undo"),
    path("nap/<int:pk>/huy/", imports.drop, name="import_drop"),
    path("nap/<int:pk>/loi/", imports.problems, name="import_problems"),
]
