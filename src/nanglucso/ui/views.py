"""Home, search, theme and role switches, guides, the demo's log-in buttons."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import ROLE_KEY, need, public
from nanglucso.ui import demo, finding, guidebook, nav
from nanglucso.ui.context import THEME_COOKIE, THEMES

_YEAR = 365 * 24 * 3600


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the first screen of the viewer's role; a plain welcome where there is none."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    first = nav.first_page(request.access.role)  # type: ignore[attr-defined]
    return redirect(first) if first else render(request, "ui/welcome.html")


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the wished theme in a cookie and go back; an empty value follows the machine."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, settings.HTTPS):
        back = "/"
    response = redirect(back)
    wish = request.POST.get("theme", "")
    if wish in THEMES:
        response.set_cookie(THEME_COOKIE, wish, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@need("own.view")
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Go on under another of the viewer's own grants, at the first screen of that role."""
    chosen = request.POST.get("grant", "")
    grants = {str(grant.pk): grant for grant in request.access.grants}  # type: ignore[attr-defined]
    if chosen not in grants:
        raise Http404
    request.session[ROLE_KEY] = grants[chosen].pk
    return redirect("ui:home")


@need("own.view")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """People, units, positions and courses that the viewer may see; a fragment for the search box."""
    text = request.GET.get("q", "").strip()[:80]
    shown: dict[str, Any] = {"q": text, "groups": finding.find(text, access=request.access)}  # type: ignore[attr-defined]
    if request.headers.get("HX-Request"):
        return render(request, "ui/found.html", shown)
    return render(request, "ui/search.html", shown)


@public
@require_GET
def guides(request: HttpRequest) -> HttpResponse:
    """The list of guides."""
    return render(request, "ui/guides.html", {"guides": guidebook.contents(), "unread": guidebook.unread()})


@public
@require_GET
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One guide."""
    found = guidebook.read(name)
    if found is None:
        raise Http404
    return render(request, "ui/guide.html", {"guide": found, "guides": guidebook.contents()})


@public
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Enter the demonstration city as one of its made-up people; there is no such door outside the demo."""
    if not settings.DEMO:
        raise Http404
    chosen = request.POST.get("user", "")
    user = get_object_or_404(demo.people(), pk=int(chosen) if chosen.isdecimal() else 0)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("ui:home")
