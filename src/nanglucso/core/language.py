"""A request's language: the `?lang=` link, then the cookie, then Vietnamese; the browser's own wish is not used."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        codes = {code for code, _name in settings.LANGUAGES}
        asked = request.GET.get("lang")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = asked if asked in codes else kept if kept in codes else settings.LANGUAGE_CODE
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if asked in codes:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS
            )
        return response
