"""Finished lessons for other systems."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.learning import queries, services, xapi


@need("lessons.export")
@whole_city
@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """All finished lessons of the city as xAPI statements, one a line."""
    rows = list(queries.finished(scope=EVERYTHING).prefetch_related("answers"))
    services.note_export(actor=request.user, statements=len(rows), at=now())  # type: ignore[arg-type]
    home = request.build_absolute_uri("/").rstrip("/")
    reply = HttpResponse(xapi.lines(rows, home), content_type="application/x-ndjson; charset=utf-8")
    reply["Content-Disposition"] = 'attachment; filename="bai-hoc-xapi.jsonl"'
    return reply
