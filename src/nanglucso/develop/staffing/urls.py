"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.develop.staffing.views import duties, fitting, overlaps, vacancies

app_name = "staffing"
urlpatterns = [
    path("chuc-nang/", duties.register, name="duties"),
    path("chuc-nang/moi/", duties.new, name="duty_new"),
    path("chuc-nang/tu-ho-so/", duties.take, name="duties_take"),
    path("chuc-nang/<int:pk>/ket-thuc/", duties.end, name="duty_end"),
    path("trung-lap/", overlaps.desk, name="overlaps"),
    path("trung-lap/tim/", overlaps.search, name="overlaps_search"),
    re_path(r"^trung-lap/bao-cao\.(?P<kind>xlsx|csv)$", overlaps.export, name="overlaps_export"),
    path("trung-lap/<int:pk>/", overlaps.pair, name="overlap"),
    path("trung-lap/<int:pk>/xem-xet/", overlaps.review, name="overlap_review"),
    path("trung-lap/<int:pk>/xu-ly/", overlaps.resolve, name="overlap_resolve"),
    path("trung-lap/<int:pk>/dong/", overlaps.close, name="overlap_close"),
    path("khuyet/", vacancies.listed, name="vacancies"),
    path("khuyet/moi/", vacancies.new, name="vacancy_new"),
    path("khuyet/phuong-an/", vacancies.suggest, name="suggest"),
    path("khuyet/phuong-an/<int:pk>/", vacancies.suggestion, name="suggestion"),
    path("khuyet/<int:pk>/", vacancies.vacancy, name="vacancy"),
    path("khuyet/<int:pk>/rut/", vacancies.withdraw, name="vacancy_withdraw"),
    path("khuyet/<int:pk>/quyet-dinh/", vacancies.decide, name="vacancy_decide"),
    path("phu-hop/<int:pk>/", fitting.fit, name="fit"),
    path("ke-can/", fitting.succession, name="succession"),
]
