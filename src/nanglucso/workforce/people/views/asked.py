"""The request as the middleware leaves it for a page behind `@need`."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from nanglucso.core.access import Access
from nanglucso.core.models import User


class Asked(HttpRequest):
    """A request of somebody who has logged in. For types only: requests are never made from it."""

    access: Access
    htmx: HtmxDetails
    user: User  # type: ignore[assignment]
