"""Pages of this room."""

from django.urls import path

from nanglucso.measure.bank import views

app_name = "bank"
urlpatterns = [
    path("", views.health, name="health"),
    path("cau-hoi/", views.items, name="items"),
    path("cau-hoi/<str:code>/", views.item, name="item"),
    path("cau-hoi/<str:code>/tinh-trang/", views.item_status, name="item_status"),
]
