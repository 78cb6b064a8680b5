"""Pages of the yearly duty."""

from django.urls import path

from nanglucso.develop.hours.views import lists, people

app_name = "hours"
urlpatterns = [
    path("cua-toi/", people.mine, name="mine"),
    path("cua-toi/o/", people.mine_slot, name="mine_slot"),
    path("don-vi/", lists.unit, name="unit"),
    path("don-vi/xuat/", lists.export, name="export"),
    path("thanh-pho/", lists.city, name="city"),
    path("thanh-pho/<int:year>/khoa/", lists.close, name="close"),
    path("nguoi/<uuid:pk>/", people.person, name="person"),
    path("nguoi/<uuid:pk>/ghi/", people.enter, name="enter"),
]
