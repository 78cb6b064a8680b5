"""The one table of address prefixes; each room names its own pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("nanglucso.ui.urls")),
    path("he-thong/", include("nanglucso.core.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("khung/", include("nanglucso.workforce.framework.urls")),
    path("doi-ngu/", include("nanglucso.workforce.people.urls")),
    path("ngan-hang/", include("nanglucso.measure.bank.urls")),
    path("ho-so/", include("nanglucso.measure.profiles.urls")),
    path("danh-gia/", include("nanglucso.measure.assessments.urls")),
    path("phuc-khao/", include("nanglucso.measure.quality.urls")),
    path("khoang-cach/", include("nanglucso.measure.gaps.urls")),
    path("kinh-phi/", include("nanglucso.develop.budget.urls")),
    path("san-sang/", include("nanglucso.develop.readiness.urls")),
    path("hoc/", include("nanglucso.develop.learning.urls")),
    path("bo-tri/", include("nanglucso.develop.staffing.urls")),
    path("ke-hoach/", include("nanglucso.develop.plans.urls")),
    path("lop/", include("nanglucso.develop.training.urls")),
    path("chung-nhan/", include("nanglucso.develop.credentials.urls")),
    path("so-tiet/", include("nanglucso.develop.hours.urls")),
    path("pho-bien/", include("nanglucso.govern.outreach.urls")),
    path("chi-tieu/", include("nanglucso.govern.targets.urls")),
    path("bao-cao/", include("nanglucso.govern.reports.urls")),
    path("hop/", include("nanglucso.govern.meetings.urls")),
    path("du-lieu/", include("nanglucso.govern.exchange.urls")),
    path("api/", include("nanglucso.govern.exchange.urls_api")),
]

handler500 = "nanglucso.ui.errors.server_error"
