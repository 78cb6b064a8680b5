"""A host name of its own for files of packages (`NLS_SCORM_ORIGIN`), where the city has one.

There the frames of a package share one origin, which is never the product's: they may look into each other, and still
reach neither the page around them nor its cookies. Nothing but files of packages is answered under that name.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").lower()


def is_package_host(request: HttpRequest) -> bool:
    """Whether the request came in under the name for packages; ports do not count, cookies know none."""
    own = urlsplit(settings.SCORM_ORIGIN).hostname if settings.SCORM_ORIGIN else None
    return own is not None and _name(request.get_host()) == own


def origin_for(request: HttpRequest) -> str:
    """The origin for packages as seen from this page; "" = none, so each frame has an origin of its own."""
    return "" if is_package_host(request) else str(settings.SCORM_ORIGIN)


class PackageHost:
    """Under the name for packages only their files are answered, and no cookie is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SCORM_ORIGIN or not is_package_host(request):
            return self.get_response(request)
        files = reverse("learning:package_file", args=["-", ""]).removesuffix("-/")
        if not request.path_info.startswith(files):
            return HttpResponse(status=404)
        request.COOKIES.clear()
        return self.get_response(request)
