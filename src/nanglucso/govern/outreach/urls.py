"""Pages of this room."""

from django.urls import path, re_path

from nanglucso.govern.outreach.views import campaigns, library, people, reading, registers, writing

app_name = "outreach"
urlpatterns = [
    path("", reading.mine, name="mine"),
    path("thu-vien/", library.index, name="library"),
    path("thu-vien/moi/", writing.document_new, name="document_new"),
    path("thu-vien/<int:pk>/", library.show, name="document"),
    path("thu-vien/<int:pk>/van-ban.pdf", library.file, name="document_file"),
    path("thu-vien/<int:pk>/sua/", writing.document_edit, name="document_edit"),
    path("thu-vien/<int:pk>/noi-dung/", writing.draft, name="draft"),
    path("thu-vien/<int:pk>/cong-bo/", writing.publish, name="publish"),
    path("thu-vien/<int:pk>/bo-ban-soan/", writing.drop, name="draft_drop"),
    path("thu-vien/<int:pk>/doc/", reading.begin, name="begin"),
    path("doc/<uuid:pk>/", reading.read, name="read"),
    path("doc/<uuid:pk>/nhip/", reading.beat, name="beat"),
    path("doc/<uuid:pk>/tra-loi/", reading.answer, name="answer"),
    path("doc/<uuid:pk>/lam-lai/", reading.again, name="again"),
    path("viec/<int:pk>/", reading.task, name="task"),
    path("so-van-ban/", registers.index, name="registers"),
    path("so-van-ban/moi/", registers.new, name="register_new"),
    path("so-van-ban/kem-theo/", registers.shipped, name="register_shipped"),
    path("so-van-ban/mau.xlsx", registers.template, name="register_template"),
    path("so-van-ban/<int:pk>/", registers.show, name="register"),
    re_path(r"^so-van-ban/(?P<pk>\d+)/(?P<verb>ap-dung|hoan-tac)/$", registers.do, name="register_do"),
    path("dot/", campaigns.index, name="campaigns"),
    path("dot/moi/", campaigns.new, name="campaign_new"),
    path("dot/<int:pk>/", campaigns.show, name="campaign"),
    re_path(r"^dot/(?P<pk>\d+)/(?P<verb>gui|nhac|dong|xoa)/$", campaigns.do, name="campaign_do"),
    path("dot/<int:pk>/nguoi/", people.index, name="people"),
    path("dot/<int:pk>/xac-nhan/", people.confirm, name="confirm"),
    path("dot/<int:pk>/nguoi.xlsx", people.export, name="export"),
]
