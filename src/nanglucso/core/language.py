"""A request's language: the `?lang=` link, then the cookie, then Vietnamese; the browser's own wish is not used."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_YEAR = 365 * 24 * 3600


def language_of(request: HttpRequest) -> str:
    """The code that the link or the cookie names, else the first language."""
    codes = {code for code, _name in settings.LANGUAGES}
    asked, kept = request.GET.get("lang"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return asked if asked in codes else kept if kept in codes else settings.LANGUAGE_CODE


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = language_of(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if request.GET.get("lang") == code:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS
            )
        return response
