"""Pages of this room."""

from django.urls import path

from nanglucso.develop.credentials import views

app_name = "credentials"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("o/", views.mine_slot, name="mine_slot"),
    path("kiem-tra/", views.check, name="check"),
    path("kiem-tra/<str:code>/", views.check, name="check_code"),
    path("lop/<int:pk>/", views.class_slot, name="class_slot"),
    path("lop/<int:pk>/cap/", views.issue, name="issue"),
    path("<uuid:pk>.pdf", views.pdf, name="pdf"),
    path("<uuid:pk>/thu-hoi/", views.revoke, name="revoke"),
    path("<uuid:pk>/cap-lai/", views.reissue, name="reissue"),
]
