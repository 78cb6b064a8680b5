"""System pages: jobs, audit, status, roles, health."""

from django.urls import path

from nanglucso.core.views import (
    audit,
    closed,
    delegations,
    health,
    jobs,
    metrics,
    own,
    reviews,
    roles,
    second_step,
    status,
)

app_name = "core"
urlpatterns = [
    path("viec-nen/", jobs.index, name="jobs"),
    path("viec-nen/<uuid:pk>/", jobs.show, name="job"),
    path("viec-nen/<uuid:pk>/huy/", jobs.cancel, name="job_cancel"),
    path("nhat-ky/", audit.index, name="audit"),
    path("nhat-ky/xuat/", audit.export, name="audit_export"),
    path("nhat-ky/xac-minh/", audit.verify, name="audit_verify"),
    path("vai-tro/", roles.index, name="roles"),
    path("vai-tro/<int:pk>/", roles.show, name="role_user"),
    path("vai-tro/<int:pk>/<int:grant>/thoi/", roles.end, name="role_end"),
    path("vai-tro/<int:pk>/mo-khoa/", roles.unlock, name="account_unlock"),
    path("vai-tro/<int:pk>/bo-lop-hai/", second_step.drop, name="second_step_drop"),
    path("lop-hai/", second_step.index, name="second_step"),
    path("tai-khoan-dong/", closed.index, name="account_closed"),
    path("uy-quyen/", delegations.index, name="delegations"),
    path("uy-quyen/<int:pk>/thu-hoi/", delegations.withdraw, name="delegation_withdraw"),
    path("ra-soat/", reviews.index, name="review"),
    path("ra-soat/xac-nhan/", reviews.confirm, name="review_confirm"),
    path("ra-soat/<int:pk>/thoi/", reviews.end, name="review_end"),
    path("du-lieu-cua-toi/", own.index, name="own"),
    path("du-lieu-cua-toi/tai-ve/", own.export, name="own_export"),
    path("trang-thai/", status.index, name="status"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
