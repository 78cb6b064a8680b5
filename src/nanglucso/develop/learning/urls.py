"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.develop.learning.views import (
    desk,
    drafts,
    exporting,
    package_desk,
    package_files,
    packages,
    player,
    shelf,
    tasks,
)

app_name = "learning"
urlpatterns = [
    path("", shelf.mine, name="mine"),
    path("tat-ca/", shelf.index, name="all"),
    path("bai/<str:code>/", shelf.lesson, name="lesson"),
    path("bai/<str:code>/bat-dau/", shelf.begin, name="begin"),
    path("dang-hoc/<uuid:pk>/", player.play, name="play"),
    path("dang-hoc/<uuid:pk>/nhip/", player.beat, name="beat"),
    path("dang-hoc/<uuid:pk>/lam-thu/", player.exercise, name="exercise"),
    path("dang-hoc/<uuid:pk>/tra-loi/", player.answer, name="answer"),
    path("dang-hoc/<uuid:pk>/lam-lai/", player.again, name="again"),
    path("dang-hoc/<uuid:pk>/viec/", player.task, name="task"),
    path("viec/", tasks.index, name="tasks"),
    path("viec/<uuid:pk>/xac-nhan/", tasks.confirm, name="confirm"),
    path("soan/", desk.index, name="desk"),
    path("soan/moi/", drafts.new, name="draft_new"),
    path("soan/xem-truoc/", drafts.look, name="preview"),
    path("soan/ban/<int:pk>/", drafts.draft, name="draft"),
    path("soan/bai/<str:code>/ban-moi/", drafts.revise, name="revise"),
    path("soan/bai/<str:code>/so-sanh/", desk.compare, name="compare"),
    re_path(r"^soan/ban/(?P<pk>\d+)/(?P<verb>gui|tra-lai|dua-vao-dung|bo)/$", drafts.do, name="draft_do"),
    path("goi/", packages.index, name="packages"),
    path("goi/<int:pk>/bat-dau/", packages.begin, name="package_begin"),
    path("goi/dang-hoc/<uuid:pk>/", packages.play, name="package_play"),
    path("goi/dang-hoc/<uuid:pk>/ghi/", packages.record, name="package_record"),
    path("goi/tep/<str:token>/-nls/state.js", package_files.state, name="package_state"),
    re_path(r"^goi/tep/(?P<token>[\w.-]+)/(?P<path>.*)$", package_files.file, name="package_file"),
    path("soan/goi/", package_desk.index, name="package_desk"),
    path("soan/goi/moi/", package_desk.new, name="package_new"),
    path("soan/goi/<int:pk>/ban-moi/", package_desk.renew, name="package_renew"),
    path("soan/goi/ban/<int:pk>/", package_desk.version, name="package_version"),
    re_path(r"^soan/goi/ban/(?P<pk>\d+)/(?P<verb>dua-vao-dung|rut|bo)/$", package_desk.do, name="package_do"),
    path("xuat/xapi.jsonl", exporting.statements, name="xapi"),
]
