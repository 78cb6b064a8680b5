"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.measure.quality.views import (
    appeals,
    calibration,
    corrections,
    desk,
    health,
    late,
    mine,
    panels,
    reestimation,
    statistics,
    years,
)

app_name = "quality"
urlpatterns = [
    path("cua-toi/", mine.index, name="mine"),
    path("cua-toi/bai/<uuid:pk>/", mine.file, name="file"),
    path("cua-toi/thuc-hanh/<uuid:pk>/", mine.file_lab, name="file_lab"),
    path("ho-so/", appeals.index, name="appeals"),
    path("ho-so/<uuid:pk>/", appeals.show, name="appeal"),
    path("ho-so/<uuid:pk>/giao/", appeals.assign, name="assign"),
    path("ho-so/<uuid:pk>/ket-luan/", appeals.decide, name="decide"),
    path("dieu-chinh/", corrections.index, name="corrections"),
    path("dieu-chinh/moi/", corrections.new, name="correction_new"),
    path("dieu-chinh/<uuid:pk>/", corrections.show, name="correction"),
    re_path(r"^dieu-chinh/(?P<pk>[0-9a-f-]{36})/(?P<verb>approve|drop|go_on)/$", corrections.act_on, name="correct"),
    path("dieu-chinh/<uuid:pk>/hoan-tac/", corrections.undo, name="undo"),
    path("cau-hoi/<str:code>/", desk.item, name="item"),
    path("bat-thuong/", desk.flags, name="flags"),
    path("suc-khoe/", health.index, name="health_list"),
    path("suc-khoe/<uuid:pk>/", health.show, name="health"),
    re_path(r"^suc-khoe/(?P<pk>[0-9a-f-]{36})\.(?P<kind>xlsx|csv)$", health.export, name="health_export"),
    path("hieu-chuan/", calibration.index, name="calibrations"),
    path("hieu-chuan/moi/", calibration.new, name="calibration_new"),
    path("hieu-chuan/<uuid:pk>/", calibration.show, name="calibration"),
    re_path(
        r"^hieu-chuan/(?P<pk>[0-9a-f-]{36})/(?P<verb>accept|discard)/$", calibration.decide, name="calibration_decide"
    ),
    path("tuong-quan/", reestimation.index, name="reestimations"),
    path("tuong-quan/moi/", reestimation.new, name="reestimation_new"),
    path("tuong-quan/<uuid:pk>/", reestimation.show, name="reestimation"),
    re_path(
        r"^tuong-quan/(?P<pk>[0-9a-f-]{36})/(?P<verb>accept|discard|undo)/$",
        reestimation.decide,
        name="reestimation_decide",
    ),
    path("tuong-quan/<uuid:pk>/tiep/", reestimation.resume, name="reestimation_resume"),
    path("thong-ke/", statistics.index, name="statistics"),
    re_path(r"^thong-ke/(?P<code>[-\w]+)\.(?P<kind>xlsx|csv)$", statistics.export, name="statistics_export"),
    path("cac-nam/", years.index, name="years"),
    path("cac-nam/<uuid:pk>/", years.show, name="year"),
    path("hoi-dong/", panels.index, name="panels"),
    path("hoi-dong/moi/", panels.new, name="panel_new"),
    path("hoi-dong/<uuid:pk>/", panels.show, name="panel"),
    path("hoi-dong/<uuid:pk>/phieu/", panels.enter, name="panel_enter"),
    path("hoi-dong/<uuid:pk>/dong/", panels.close, name="panel_close"),
    path("nop-muon/", late.index, name="late"),
    path("nop-muon/<int:pk>/", late.judge, name="late_judge"),
]
