"""Pages of this room."""

from django.urls import path

from nanglucso.develop.training.views import attending, classes, courses, effects, ending, mine, nominating

app_name = "training"
urlpatterns = [
    path("", classes.index, name="list"),
    path("xuat/", classes.export, name="export"),
    path("mo-lop/", classes.to_open, name="to_open"),
    path("mo-lop/mo/", classes.open_, name="open"),
    path("hieu-qua/", effects.effects, name="effects"),
    path("hieu-qua/khoa/<int:pk>/", courses.course_effect, name="course_effect"),
    path("hieu-qua/de-xuat/<int:pk>/<slug:verb>/", courses.decide_effect, name="decide_effect"),
    path("cua-toi/", mine.mine, name="mine"),
    path("cua-toi/o/", mine.mine_slot, name="mine_slot"),
    path("<int:pk>/", classes.show, name="show"),
    path("<int:pk>/ket-thuc/", ending.finish, name="finish"),
    path("<int:pk>/huy/", classes.cancel, name="cancel"),
    path("<int:pk>/quyet-toan/", classes.settle, name="settle"),
    path("<int:pk>/tep/<slug:kind>/", classes.paper, name="paper"),
    path("<int:pk>/cu-di-hoc/", nominating.nominate, name="nominate"),
    path("<int:pk>/do-lai/", effects.retest, name="retest"),
    path("<int:pk>/hieu-qua/", effects.effect, name="effect"),
    path("<int:pk>/dang-ky/", mine.enrol, name="enrol"),
    path("<int:pk>/thoi/", mine.leave, name="leave"),
    path("<int:pk>/lich.ics", mine.ics, name="ics"),
    path("cho/<int:pk>/<slug:verb>/", nominating.decide, name="decide"),
    path("buoi/<int:pk>/ma/", attending.session_qr, name="session_qr"),
    path("buoi/<int:pk>/ma/so/", attending.session_count, name="session_count"),
    path("buoi/<int:pk>/diem-danh/", attending.attendance, name="attendance"),
    path("buoi/<int:pk>/doi-lich/", classes.move, name="move"),
    path("vao/<int:pk>/<str:token>/", attending.check_in, name="check_in"),
]
