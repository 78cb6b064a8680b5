"""Pages of this room."""

from django.urls import path

from nanglucso.develop.plans.views import acts, catalogue, classes, means, scenarios

app_name = "plans"
urlpatterns = [
    path("", scenarios.index, name="list"),
    path("moi/", scenarios.new, name="new"),
    path("so-sanh/", classes.compare, name="compare"),
    path("khoa-hoc/", catalogue.index, name="catalogue"),
    path("khoa-hoc/<slug:code>/", catalogue.course, name="course"),
    path("nguon-luc/", means.index, name="means"),
    path("nguon-luc/phong/moi/", means.venue, name="venue_new"),
    path("nguon-luc/phong/<int:pk>/", means.venue, name="venue"),
    path("nguon-luc/giang-vien/moi/", means.lecturer, name="lecturer_new"),
    path("nguon-luc/giang-vien/<int:pk>/", means.lecturer, name="lecturer"),
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
