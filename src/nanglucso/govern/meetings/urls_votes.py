"""Pages of votes; `urls` takes them in."""

from django.urls import path

from nanglucso.govern.meetings.views import votes

urlpatterns = [
    path("<int:pk>/bieu-quyet/", votes.index, name="votes"),
    path("<int:pk>/bieu-quyet/o/", votes.slot, name="votes_slot"),
    path("<int:pk>/bieu-quyet/them/", votes.new, name="vote_new"),
    path("bieu-quyet/<int:pk>/", votes.show, name="vote"),
    path("bieu-quyet/<int:pk>/bo-phieu/", votes.cast, name="vote_cast"),
    path("bieu-quyet/<int:pk>/tien-do/", votes.progress, name="vote_progress"),
    path("bieu-quyet/<int:pk>/mo/", votes.open_, name="vote_open"),
    path("bieu-quyet/<int:pk>/dong/", votes.close, name="vote_close"),
    path("bieu-quyet/<int:pk>/huy/", votes.void, name="vote_void"),
    path("bieu-quyet/<int:pk>/xoa/", votes.drop, name="vote_drop"),
]
