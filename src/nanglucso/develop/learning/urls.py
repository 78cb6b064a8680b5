"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.develop.learning.views import desk, drafts, exporting, player, shelf, tasks

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
    path("xuat/xapi.jsonl", exporting.statements, name="xapi"),
]
