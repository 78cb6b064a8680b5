"""Pages of this room."""

from django.urls import path

from nanglucso.develop.plans.views import acts, catalogue, classes, desk, means, needs, scenarios

app_name = "plans"
urlpatterns = [
    path("", scenarios.index, name="list"),
    path("moi/", scenarios.new, name="new"),
    path("so-sanh/", classes.compare, name="compare"),
    path("khoa-hoc/", catalogue.index, name="catalogue"),
    path("khoa-hoc/<slug:code>/", catalogue.course, name="course"),
    path("khoa-hoc/<slug:code>/sua/", catalogue.edit, name="course_edit"),
    path("nguon-luc/di-lai/<int:pk>/", means.travel, name="travel"),
    path("nguon-luc/", means.index, name="means"),
    path("nguon-luc/phong/moi/", means.venue, name="venue_new"),
    path("nguon-luc/phong/<int:pk>/", means.venue, name="venue"),
    path("nguon-luc/giang-vien/moi/", means.lecturer, name="lecturer_new"),
    path("nguon-luc/giang-vien/<int:pk>/", means.lecturer, name="lecturer"),
    path("nguon-luc/ngay-nghi/moi/", means.day_off, name="day_off_new"),
    path("nguon-luc/ngay-nghi/<int:pk>/", means.day_off, name="day_off"),
    path("nhu-cau/", needs.proposals, name="proposals"),
    path("nhu-cau/moi/", needs.propose, name="propose"),
    path("nhu-cau/dot/", needs.set_round, name="round"),
    path("nhu-cau/<int:pk>/", needs.proposal, name="proposal"),
    path("nhu-cau/<int:pk>/rut/", needs.withdraw, name="withdraw"),
    path("nhu-cau/<int:pk>/tra-loi/", needs.answer, name="answer"),
    path("<int:pk>/tra-loi/", needs.answer_all, name="answer_all"),
    path("da-ban-hanh/", desk.published, name="published"),
    path("da-ban-hanh/lich.ics", desk.calendar, name="calendar"),
    path("<int:pk>/sua/", scenarios.edit, name="edit"),
    path("<int:pk>/ban-hanh/", acts.publish, name="publish"),
    path("<int:pk>/neu/", desk.what_if, name="whatif"),
    path("<int:pk>/duong-bien/", acts.frontier, name="frontier"),
    path("<int:pk>/sua-tay/", desk.by_hand, name="hand"),
    path("<int:pk>/sua-tay/<int:change>/bo/", desk.take_back, name="hand_back"),
    path("<int:pk>/", scenarios.show, name="show"),
    path("<int:pk>/nguoi/", scenarios.people, name="people"),
    path("<int:pk>/lop/<int:number>/", classes.planned, name="class"),
    path("<int:pk>/xuat/", classes.export, name="export"),
    path("<int:pk>/tinh/", acts.solve, name="solve"),
    path("<int:pk>/dung/", acts.stop, name="stop"),
    path("<int:pk>/trinh/", acts.submit, name="submit"),
    path("<int:pk>/duyet/", acts.approve, name="approve"),
    path("<int:pk>/tra-lai/", acts.send_back, name="send_back"),
    path("<int:pk>/sao-chep/", acts.copy, name="copy"),
    path("<int:pk>/xoa/", acts.drop, name="drop"),
]
