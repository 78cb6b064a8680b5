"""The one view that hands out files of packages: by a signed ticket in the address, into a sandbox."""

import re
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from nanglucso.core.access import public
from nanglucso.develop.learning import queries
from nanglucso.develop.learning.models import PackageVersion
from nanglucso.develop.learning.scorm import claims, framing, hosting, keeping, launching
from nanglucso.develop.learning.scorm.mime import PAGES, TYPES

RUNTIME = ("vendor/scorm-again/scorm12.min.js", "js/scormframe.js")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def _ticket(token: str) -> tuple[launching.Ticket, PackageVersion]:
    ticket = launching.opened(token)
    version = queries.version_for(ticket) if ticket else None
    if ticket is None or version is None:
        raise Http404
    return ticket, version


def _guarded(request: HttpRequest, token: str, reply: HttpResponseBase) -> Any:
    base = request.build_absolute_uri(reverse("learning:package_file", args=[token, ""]))
    scripts = [request.build_absolute_uri(static(one)) for one in RUNTIME]
    reply.headers["Content-Security-Policy"] = framing.policy(base, scripts, shared=hosting.is_package_host(request))
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["Access-Control-Allow-Origin"] = (
        "*"  # an origin of its own reads its own fonts and data by this alone
    )
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reply


@public
@xframe_options_exempt
@require_safe
def state(request: HttpRequest, token: str) -> HttpResponse:
    """What the runtime begins from: the data model as the last launch left it."""
    ticket, version = _ticket(token)
    unit = next((one for one in version.units if one["key"] == ticket.unit), None)
    if unit is None:
        raise Http404
    held = queries.state_for(ticket)
    told = {
        "launch": ticket.launch,
        "open": bool(held.get("open")) and held.get("launch") == ticket.launch,
        "values": claims.for_frame(held, unit, learner=ticket.run[:8] or "0", name=_("Learner")),
    }
    reply = HttpResponse(framing.state_script(told), content_type="text/javascript; charset=utf-8")
    reply.headers["Cache-Control"] = "no-store"
    return _guarded(request, token, reply)


@public
@xframe_options_exempt
@require_safe
def file(request: HttpRequest, token: str, path: str) -> HttpResponse:
    """One file of the package that the ticket opens; a page gets the runtime in front."""
    version = _ticket(token)[1]
    found, kind = keeping.find(version.folder, path), keeping.suffix(path)
    alone = request.headers.get("Sec-Fetch-Dest") == "document"  # a window of its own could pass for the product
    if found is None or kind not in TYPES or alone:
        raise Http404
    reply: HttpResponseBase = _page(request, token, found, kind) if kind in PAGES else _plain(request, found, kind)
    return _guarded(request, token, reply)


def _page(request: HttpRequest, token: str, path: Path, kind: str) -> HttpResponse:
    scripts = [static(RUNTIME[0]), reverse("learning:package_state", args=[token]), static(RUNTIME[1])]
    page, charset = framing.with_runtime(path.read_bytes(), scripts)
    reply = HttpResponse(page, content_type=f"{TYPES[kind]}; charset={charset}")
    reply.headers["Cache-Control"] = "no-store"
    return reply


class _Piece:
    """The first `left` bytes of an open file, for a film that is asked for in pieces."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self.file, self.left, self.close = file, left, file.close

    def read(self, size: int) -> bytes:
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data


def _plain(request: HttpRequest, path: Path, kind: str) -> HttpResponseBase:
    size, stream = path.stat().st_size, path.open("rb")
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    reply: HttpResponseBase
    if asked and any(asked.groups()) and size:
        first = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
        last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
        if first > last:
            stream.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        stream.seek(first)
        reply = FileResponse(_Piece(stream, last - first + 1), status=206, content_type=TYPES[kind])
        reply.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        reply.headers["Content-Length"] = str(last - first + 1)
    else:
        reply = FileResponse(stream, content_type=TYPES[kind])
    reply.headers["Accept-Ranges"] = "bytes"
    reply.headers["Cache-Control"] = "private, max-age=3600"
    return reply
