"""Addresses of the read API: each known by its token, none by a session."""

from typing import Any

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from nanglucso.core.access import by_ticket
from nanglucso.govern.exchange import views
from nanglucso.govern.exchange.api import ROWS, api

app_name = "api"
_VIEWS: dict[str, Any] = {str(one.pattern).strip("/"): one.callback for one in api.urls[0]}
urlpatterns = [
    *(path(f"v1/{code}", by_ticket(csrf_exempt(_VIEWS[code])), name=code.replace("-", "_")) for code in ROWS),
    re_path(r"^(?P<rest>.*)$", views.no_such_address, name="none"),
]
