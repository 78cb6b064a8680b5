"""The append-only, hash-chained log of who did what to whom."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from nanglucso.core.models import AuditEntry, AuditHead, User


@dataclass(frozen=True)
class Entry:
    """One act before it is chained. `subject` is the row acted on, `person_id` the person whose record it touches."""

    at: datetime
    actor: User | None
    role: str
    verb: str
    subject: Model | None
    person_id: int | None
    details: dict[str, Any]


def _canonical(row: AuditEntry) -> bytes:
    fields = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor_id,
        "actor_label": row.actor_label,
        "role": row.role,
        "verb": row.verb,
        "subject": [row.subject_type, row.subject_id, row.subject_label],
        "person": row.person_id,
        "details": row.details,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(prev: str, row: AuditEntry) -> str:
    return hashlib.sha256(prev.encode() + _canonical(row)).hexdigest()


def _row(entry: Entry) -> AuditEntry:
    subject = entry.subject
    return AuditEntry(
        at=entry.at,
        actor=entry.actor,
        actor_label=str(entry.actor)[:150] if entry.actor else "system",
        role=entry.role,
        verb=entry.verb,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        subject_label=str(subject)[:200] if subject else "",
        person_id=entry.person_id,
        details=json.loads(json.dumps(entry.details, cls=DjangoJSONEncoder)),
    )


def append(entries: Iterable[Entry]) -> None:
    """Chain the entries in order. Call inside a transaction, last."""
    rows = [_row(entry) for entry in entries]
    if not rows:
        return
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update().get(id=1)
    for row in rows:
        row.seq = head.seq + 1
        row.prev_hash = head.hash
        row.hash = _digest(head.hash, row)
        head.seq, head.hash = row.seq, row.hash
    AuditEntry.objects.bulk_create(rows, batch_size=500)
    head.save(update_fields=["seq", "hash"])


@dataclass(frozen=True)
class Verdict:
    """Result of walking the chain: entries walked, and the first bad one (0 = none) with the reason."""

    entries: int
    first_bad: int
    reason: str

    @property
    def ok(self) -> bool:
        return self.first_bad == 0


def verify() -> Verdict:
    """Walk the whole chain and name the first entry that was changed, removed or moved."""
    prev, expected = "0" * 64, 1
    for row in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if row.seq != expected:
            return Verdict(expected - 1, expected, "missing")
        if row.prev_hash != prev or _digest(prev, row) != row.hash:
            return Verdict(expected - 1, row.seq, "changed")
        prev, expected = row.hash, expected + 1
    head = AuditHead.objects.filter(id=1).first()
    if head and (head.seq != expected - 1 or head.hash != prev):
        return Verdict(expected - 1, expected, "missing")
    return Verdict(expected - 1, 0, "")
