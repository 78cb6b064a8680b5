"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.govern.meetings import urls_votes
from nanglucso.govern.meetings.views import acting, after, meetings, papers

app_name = "meetings"
urlpatterns = [
    path("", meetings.index, name="list"),
    path("moi/", meetings.new, name="new"),
    path("so-lieu/", meetings.figures, name="figures"),
    path("so-lieu/ghi/", meetings.feed, name="feed"),
    path("kiem-tra/", after.verify, name="verify"),
    path("sw.js", papers.worker, name="worker"),
    path("<int:pk>/", meetings.show, name="show"),
    path("<int:pk>/chuong-trinh/", meetings.agenda, name="agenda"),
    path("<int:pk>/phat-bieu/", meetings.line, name="line"),
    path("<int:pk>/thanh-phan/", meetings.people, name="people"),
    path("<int:pk>/thanh-phan/<int:seat>/thoi/", meetings.uninvite, name="uninvite"),
    path("<int:pk>/lam/<slug:verb>/", acting.act_on, name="act"),
    path("<int:pk>/buoc/<slug:verb>/", acting.step, name="step"),
    path("<int:pk>/toi/<slug:verb>/", acting.own, name="own"),
    path("<int:pk>/phat-bieu/<int:speech>/<slug:verb>/", acting.speech, name="speech"),
    path("<int:pk>/gop-y/<int:remark>/", acting.answer_remark, name="answer_remark"),
    path("<int:pk>/ma/", after.screen, name="screen"),
    path("<int:pk>/vao/<str:token>/", after.check_in, name="check_in"),
    re_path(r"^(?P<pk>\d+)/bien-ban\.(?P<kind>docx|pdf)$", after.minutes_file, name="minutes_file"),
    path("<int:pk>/luu-tru.zip", after.archive, name="archive"),
    path("tai-lieu/<int:pk>/", papers.show, name="paper"),
    path("tai-lieu/<int:pk>/trang/<int:n>.png", papers.page, name="page"),
    path("tai-lieu/<int:pk>/tep.pdf", papers.pdf, name="pdf"),
    path("tai-lieu/<int:pk>/ghi-chu/", papers.note, name="note"),
    path("viec/<int:pk>/", after.task, name="task"),
    path("viec/<int:pk>/minh-chung/<int:report>/", after.proof, name="proof"),
    *urls_votes.urlpatterns,
]
