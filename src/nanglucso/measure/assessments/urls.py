"""Pages of measuring."""

from django.urls import path, re_path

from nanglucso.measure.assessments.views import (
    campaigns,
    certificates,
    differences,
    labexam,
    labs,
    mine,
    ratings,
    reviewing,
    sitting,
)

app_name = "assessments"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("tu-danh-gia/", mine.self_rating, name="self_rating"),
    path("tu-danh-gia/buoc/<int:number>/", reviewing.step, name="review_step"),
    path("tu-danh-gia/xong/", reviewing.done, name="review_done"),
    path("chung-chi/", certificates.mine, name="my_certificates"),
    path("chung-chi/xac-nhan/", certificates.index, name="certificates"),
    path("chung-chi/<int:pk>/minh-chung/", certificates.proof, name="certificate_proof"),
    re_path(
        r"^chung-chi/(?P<pk>[0-9]+)/(?P<verb>confirm|refuse|revoke)/$", certificates.decide, name="certificate_decide"
    ),
    path("khac-biet/", differences.differences, name="differences"),
    path("nhan-xet/", ratings.ratings, name="ratings"),
    path("nhan-xet/<uuid:pk>/", ratings.rate, name="rate"),
    path("dot/", campaigns.index, name="campaigns"),
    path("dot/moi/", campaigns.new, name="campaign_new"),
    path("dot/<slug:code>/", campaigns.show, name="campaign"),
    re_path(
        r"^dot/(?P<code>[\w-]+)/(?P<verb>open|assign|rehearse|remind|close|release|learn)/$",
        campaigns.change,
        name="campaign_change",
    ),
    path("dot/<slug:code>/tien-do/", campaigns.progress, name="campaign_progress"),
    path("dot/<slug:code>/gia-han/", campaigns.extend, name="campaign_extend"),
    path("cau-hoi/<str:code>/", campaigns.item_use, name="item_use"),
    path("thuc-hanh/", labs.index, name="labs"),
    path("thuc-hanh/bat-dau/<str:code>/", labs.begin, name="lab_begin"),
    path("thuc-hanh/<uuid:pk>/", labs.play, name="lab"),
    path("thuc-hanh/<uuid:pk>/nop/", labs.finish, name="lab_finish"),
    path("thuc-hanh/<uuid:pk>/nhan-xet/", labs.feedback, name="lab_feedback"),
    path("bai-thuc-hanh/<uuid:pk>/", labexam.play, name="lab_sitting"),
    path("bai-thuc-hanh/<uuid:pk>/bat-dau/", labexam.begin, name="lab_sitting_begin"),
    path("bai-thuc-hanh/<uuid:pk>/xong/", labexam.finished, name="lab_sitting_finished"),
    re_path(
        r"^bai-thuc-hanh/(?P<pk>[0-9a-f-]{36})/(?P<verb>pause|resume|finish)/$",
        labexam.control,
        name="lab_sitting_control",
    ),
    path("bai/<uuid:pk>/", sitting.sit, name="sit"),
    path("bai/<uuid:pk>/bat-dau/", sitting.begin, name="begin"),
    path("bai/<uuid:pk>/tra-loi/", sitting.answer, name="answer"),
    path("bai/<uuid:pk>/trang-thai/", sitting.state, name="state"),
    path("bai/<uuid:pk>/xong/", sitting.finished, name="finished"),
    re_path(r"^bai/(?P<pk>[0-9a-f-]{36})/(?P<verb>pause|resume|take_over|finish)/$", sitting.control, name="control"),
]
