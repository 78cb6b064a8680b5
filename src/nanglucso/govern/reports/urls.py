"""Pages of reporting."""

from django.urls import path, re_path

from nanglucso.govern.reports import views

app_name = "reports"
urlpatterns = [
    path("nam/", views.year, name="year"),
    path("tom-tat/", views.leader, name="leader"),
    path("tung-nam/", views.trend, name="trend"),
    path("bao-cao-nam/", views.yearly, name="yearly"),
    re_path(r"^bao-cao-nam/(?P<year>\d{4})\.(?P<kind>docx|pdf)$", views.yearly_file, name="yearly_file"),
    re_path(r"^ke-hoach/(?P<pk>\d+)\.(?P<kind>docx|pdf)$", views.plan_file, name="plan_document"),
    re_path(
        r"^lop/(?P<pk>\d+)/(?P<paper>quyet-dinh|danh-sach|diem-danh)\.(?P<kind>docx|pdf)$",
        views.class_file,
        name="class_paper",
    ),
    path("vi-tri/<int:pk>.docx", views.position_file, name="position_docx"),
    re_path(r"^ra-soat-chuc-nang\.(?P<kind>docx|pdf)$", views.streamlining_file, name="streamlining"),
    re_path(r"^so-tiet/(?P<year>\d{4})\.(?P<kind>docx|pdf)$", views.hours_file, name="hours_file"),
    re_path(r"^pho-bien/(?P<pk>\d+)\.(?P<kind>docx|pdf)$", views.outreach_file, name="outreach_file"),
    path("khoang-cach.xlsx", views.gaps_file, name="gaps_workbook"),
]
