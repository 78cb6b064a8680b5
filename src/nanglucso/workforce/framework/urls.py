"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.workforce.framework.views import crossings, exchange, reading, versions

app_name = "framework"
urlpatterns = [
    path("", reading.browse, name="browse"),
    path("doi-chieu/", reading.crosswalk, name="crosswalk"),
    path("nang-luc/<str:code>/", reading.competence, name="competence"),
    path("phien-ban/", versions.index, name="versions"),
    path("phien-ban/<int:pk>/", versions.version, name="version"),
    path("phien-ban/<int:pk>/ban-moi/", versions.start, name="start"),
    path("phien-ban/<int:pk>/sua/", versions.edit, name="edit"),
    path("phien-ban/<int:pk>/nang-luc/moi/", versions.competence, name="competence_new"),
    path("phien-ban/<int:pk>/nang-luc/<uuid:uid>/", versions.competence, name="competence_edit"),
    path("phien-ban/<int:pk>/nang-luc/<uuid:uid>/bo/", versions.remove, name="competence_remove"),
    path("phien-ban/<int:pk>/so-voi/<int:other>/", versions.compare, name="compare"),
    path("phien-ban/<int:pk>/binh-luan/", versions.comment, name="comment"),
    path("binh-luan/<int:pk>/", versions.answer, name="answer"),
    re_path(r"^phien-ban/(?P<pk>\d{1,9})/(?P<verb>xem-xet|mo-lai|cong-bo|xoa)/$", versions.act_on, name="act"),
    re_path(r"^phien-ban/(?P<pk>\d{1,9})/case-(?P<case>1\.[01])\.json$", exchange.export, name="case"),
    path("nap/", exchange.new, name="import"),
    path("nap/bang/<int:pk>/", exchange.table, name="table"),
    path("chuyen/moi/", crossings.new, name="crossing_new"),
    path("chuyen/<int:pk>/", crossings.show, name="crossing"),
    path("chuyen/<int:pk>/luu/", crossings.save, name="crossing_save"),
    path("chuyen/<int:pk>/xem-truoc/", crossings.preview, name="crossing_preview"),
    path("chuyen/<int:pk>/thuc-hien/", crossings.move, name="move"),
    path("chuyen/lan/<int:pk>/hoan-tac/", crossings.undo, name="move_undo"),
]
