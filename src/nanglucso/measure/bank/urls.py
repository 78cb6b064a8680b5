"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.measure.bank.views import coverage, desk, drafts, exchange, reading, versions

app_name = "bank"
urlpatterns = [
    path("", desk.health, name="health"),
    path("do-phu/", coverage.index, name="coverage"),
    path("cau-hoi/", desk.items, name="items"),
    path("cau-hoi/<str:code>/", desk.item, name="item"),
    path("cau-hoi/<str:code>/tinh-trang/", desk.item_status, name="item_status"),
    path("cau-hoi/<str:code>/ban-moi/", drafts.revise, name="draft_revise"),
    path("cau-hoi/<str:code>/so-sanh/", versions.compare, name="versions"),
    path("soan/", drafts.index, name="drafts"),
    path("soan/moi/", drafts.new, name="draft_new"),
    path("soan/<uuid:pk>/", drafts.draft, name="draft"),
    path("soan/<uuid:pk>/xem-truoc/", drafts.look, name="draft_preview"),
    path("soan/<uuid:pk>/doc/", reading.reading, name="reading"),
    path("soan/<uuid:pk>/so-sanh/", versions.draft, name="draft_versions"),
    re_path(r"^soan/(?P<pk>[0-9a-f-]{36})/(?P<verb>take_back|drop|publish)/$", drafts.do, name="draft_do"),
    path("nhap/", exchange.upload, name="import_new"),
    path("nhap/<uuid:pk>/", exchange.show, name="import_show"),
    path("nhap/<uuid:pk>/lay/", exchange.take, name="import_take"),
    re_path(r"^cau-hoi-xuat\.(?P<kind>yaml|csv)$", exchange.export, name="export"),
]
