"""Pages of this room."""

from django.urls import path

from nanglucso.develop.credentials import views, views_badges, views_lists

app_name = "credentials"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("o/", views.mine_slot, name="mine_slot"),
    path("kiem-tra/", views.check, name="check"),
    path("kiem-tra/<str:code>/", views.check, name="check_code"),
    path("lop/<int:pk>/", views.class_slot, name="class_slot"),
    path("lop/<int:pk>/cap/", views.issue, name="issue"),
    path("<uuid:pk>.pdf", views.pdf, name="pdf"),
    path("<uuid:pk>.json", views_badges.badge, name="badge"),
    path("huy-hieu/", views_badges.badges, name="badges"),
    path("huy-hieu/ky/", views_badges.sign, name="sign"),
    path("huy-hieu/kiem-tra/", views_badges.verify, name="verify"),
    path("huy-hieu/khoa/", views_badges.keys, name="keys"),
    path("huy-hieu/khoa/doi/", views_badges.rotate, name="rotate"),
    path("don-vi-cap/", views_badges.issuer, name="issuer"),
    path("danh-sach-thu-hoi/<int:number>.json", views_badges.status_list, name="status_list"),
    path("hoan-thanh/", views_lists.index, name="lists"),
    path("hoan-thanh/moi/", views_lists.new, name="list_new"),
    path("hoan-thanh/mau.xlsx", views_lists.template, name="list_template"),
    path("hoan-thanh/<int:pk>/", views_lists.show, name="list_show"),
    path("hoan-thanh/<int:pk>/ap-dung/", views_lists.apply, name="list_apply"),
    path("hoan-thanh/<int:pk>/hoan-tac/", views_lists.undo, name="list_undo"),
    path("<uuid:pk>/thu-hoi/", views.revoke, name="revoke"),
    path("<uuid:pk>/cap-lai/", views.reissue, name="reissue"),
]
