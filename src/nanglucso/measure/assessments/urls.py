"""Pages of measuring."""

from django.urls import path, re_path

from nanglucso.measure.assessments.views import sitting

app_name = "assessments"
urlpatterns = [
    path("bai/<uuid:pk>/", sitting.sit, name="sit"),
    path("bai/<uuid:pk>/bat-dau/", sitting.begin, name="begin"),
    path("bai/<uuid:pk>/tra-loi/", sitting.answer, name="answer"),
    path("bai/<uuid:pk>/trang-thai/", sitting.state, name="state"),
    path("bai/<uuid:pk>/xong/", sitting.finished, name="finished"),
    re_path(r"^bai/(?P<pk>[0-9a-f-]{36})/(?P<verb>pause|resume|take_over|finish)/$", sitting.control, name="control"),
]
