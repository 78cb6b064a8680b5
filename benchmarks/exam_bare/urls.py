"""The two views of `exam_day.py` beside the product: an answer in raw SQL, and nothing at all."""

import json
import uuid
from datetime import UTC, datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from nanglucso.core.db import write_turn

REMEMBERED = 15  # answers in the state: what a sitting of 30 holds on average, so that this one never ends
READ = "SELECT seq, served_item_id, state FROM assessments_sitting WHERE id = %s"
MOVE = "UPDATE assessments_sitting SET seq = seq + 1, state = %s, served_at = %s WHERE id = %s AND seq = %s"
COLUMNS = "INSERT INTO assessments_answer (sitting_id, seq, item_version_id, choice, score, key, shown_ms, late, at)"
VALUES = "%s, %s, %s, %s, 0, %s, %s, false, %s"


def null(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    return HttpResponse(b"{}", "application/json", headers={"Content-Length": "2"})


def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One read under lock, one guarded UPDATE with INSERT; SQLite knows no such statement and takes the two apart."""
    sent, at = json.loads(request.body), str(datetime.now(UTC).replace(tzinfo=None))
    postgres = connection.vendor == "postgresql"
    sitting, key = (str(pk), sent["key"]) if postgres else (pk.hex, uuid.UUID(sent["key"]).hex)
    with write_turn(), connection.cursor() as cursor:
        cursor.execute(READ + " FOR UPDATE" * postgres, [sitting])
        seq, item, text = cursor.fetchone()
        if (seq, item) != (sent["seq"], sent["item"]):
            return HttpResponse(b"{}", "application/json", 409, headers={"Content-Length": "2"})
        state = json.loads(text)
        state["asked"], state["scores"] = [*state["asked"], item][-REMEMBERED:], [*state["scores"], 0][-REMEMBERED:]
        moved = [json.dumps(state), at, sitting, seq]
        row = [sitting, seq, item, json.dumps(sent["choice"]), key, sent["shown_ms"], at]
        if postgres:
            cursor.execute(f"WITH moved AS ({MOVE} RETURNING id) {COLUMNS} SELECT {VALUES} FROM moved", moved + row)
        else:
            cursor.execute(f"{COLUMNS} VALUES ({VALUES})", row)
            cursor.execute(MOVE, moved)
    reply = JsonResponse({"seq": seq + 1, "replay": False, "next": {"item": item}})
    reply["Content-Length"] = len(reply.content)
    return reply


urlpatterns = [
    path("danh-gia/bai/<uuid:pk>/tra-loi/", answer),
    path("null/<uuid:pk>/", null),
    path("he-thong/health/live", null),
]
