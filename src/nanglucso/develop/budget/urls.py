"""Pages of this room."""

from django.urls import path

from nanglucso.develop.budget.views import report, sources, spending

app_name = "budget"
urlpatterns = [
    path("", sources.sources, name="sources"),
    path("moi/", sources.source_new, name="source_new"),
    path("<int:pk>/", sources.source_edit, name="source_edit"),
    path("dinh-muc/", sources.rates, name="rates"),
    path("dinh-muc/<int:pk>/", sources.rate, name="rate"),
    path("bao-cao/", report.report, name="report"),
    path("nhieu-nam/", report.years, name="years"),
    path("bao-cao/xuat/", report.export, name="report_export"),
    path("cam-ket/", spending.commitments, name="commitments"),
    path("cam-ket/moi/", spending.commit, name="commit"),
    path("cam-ket/<int:pk>/", spending.commitment, name="commitment"),
    path("cam-ket/<int:pk>/ghi/", spending.post, name="post"),
    path("cam-ket/<int:pk>/quyet-toan/", spending.settle, name="settle"),
    path("cam-ket/<int:pk>/huy/", spending.cancel, name="cancel"),
]
