"""Pages of the targets."""

from django.urls import path

from nanglucso.govern.targets import views, views_files, views_linked

app_name = "targets"
urlpatterns = [
    path("", views.index, name="list"),
    path("cham/", views.late, name="late"),
    path("ct/<str:code>/", views.show, name="show"),
    path("ct/<str:code>/ghi/", views.record, name="record"),
    path("ct/<str:code>/nang-luc/", views_linked.skills, name="skills"),
    path("ct/<str:code>/giao/", views_linked.assign, name="assign"),
    path("tep/", views_files.index, name="files"),
    path("tep/moi/", views_files.new, name="file_new"),
    path("tep/mau/<slug:code>/", views_files.template, name="file_template"),
    path("tep/<int:pk>/", views_files.show, name="file"),
    path("tep/<int:pk>/ap-dung/", views_files.apply, name="file_apply"),
    path("tep/<int:pk>/hoan-tac/", views_files.undo, name="file_undo"),
    path("tep/<int:pk>/goc/", views_files.original, name="file_original"),
    path("so-lieu/<int:pk>/rut/", views.withdraw, name="withdraw"),
]
