"""The append-only, hash-chained log of who did what to whom."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from nanglucso.core.models import AuditEntry, AuditHead, User

# The verb of the act that takes a person's name out; its details name the entries of the log that it touched.
ERASED = "core.erase_person"
Hidden = frozenset[int]


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


def _canonical(row: Any) -> bytes:
    fields = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor_id,
        "role": row.role,
        "verb": row.verb,
        "person": row.person_id,
    }
    if row.label_seal:
        subject = [row.subject_type, row.subject_id]
        fields |= {"subject": subject, "labels": row.label_seal, "details": row.details_seal}
    else:
        subject = [row.subject_type, row.subject_id, row.subject_label]
        fields |= {"actor_label": row.actor_label, "subject": subject, "details": row.details}
    return _json(fields)


def _json(told: Any) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(prev: str, row: Any) -> str:
    return hashlib.sha256(prev.encode() + _canonical(row)).hexdigest()


def _seal(salt: str, told: Any) -> str:
    return hashlib.sha256(salt.encode() + _json(told)).hexdigest()


def seal(row: AuditEntry) -> None:
    """Seal labels and details with a fresh salt each."""
    row.label_salt, row.details_salt = secrets.token_hex(16), secrets.token_hex(16)
    row.label_seal = _seal(row.label_salt, [row.actor_label, row.subject_label])
    row.details_seal = _seal(row.details_salt, row.details)


def is_whole(row: Any, hidden: Hidden) -> bool:
    """Whether an entry is what was written, all but a name that an erasure of that very person has taken out."""
    if _digest(row.prev_hash, row) != row.hash:
        return False
    if not row.label_seal:
        return True
    parts = (
        (row.label_salt, row.label_seal, [row.actor_label, row.subject_label]),
        (row.details_salt, row.details_seal, row.details),
    )
    return all(_seal(salt, told) == kept if salt else row.seq in hidden for salt, kept, told in parts)


def hidden(rows: Sequence[Any]) -> Hidden:
    """Those of `rows` out of which an erasure says that it has taken a name; asks only if one has lost a salt."""
    bare = {row.seq for row in rows if row.label_seal and not (row.label_salt and row.details_salt)}
    if not bare:
        return frozenset()
    told = AuditEntry.objects.filter(verb=ERASED).values_list("details", flat=True).iterator(chunk_size=100)
    return frozenset(seq for details in told for seq in details.get("log", ()) if seq in bare)


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
    for row in rows:
        seal(row)
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
    """Result of walking the chain: entries that hold, and the first bad one (0 = none, also when `reason` is set).

    `reason`: missing (not there, or cut off at the end), changed, added (there, but never written by the product).
    """

    entries: int
    first_bad: int
    reason: str

    @property
    def ok(self) -> bool:
        return not self.reason


COLUMNS = (
    "seq", "at", "actor_id", "actor_label", "role", "verb", "subject_type", "subject_id", "subject_label", "person_id",
    "details", "label_seal", "label_salt", "details_seal", "details_salt", "prev_hash", "hash",
)  # fmt: skip


BEGIN = "0" * 64
PORTION = 2000


@dataclass(frozen=True)
class Walk:
    """How far the chain was walked: `seq` entries hold, the last of them has `hash`. All that is needed to go on."""

    seq: int = 0
    hash: str = BEGIN


def verify(walk: Walk = Walk(), *, portion: int = PORTION) -> Verdict:
    """Walk the chain from `walk` on and name the first entry that was changed, removed, added or moved.

    Portion by portion, each a short question of its own: no transaction stays open and memory does not grow with the
    log. Who can write to the database can also write a whole chain anew: against that stand the digests of `anchoring`.
    """
    while isinstance(found := step(walk, portion=portion), Walk):
        walk = found
    return found


def step(walk: Walk, *, portion: int = PORTION) -> Walk | Verdict:
    """The next `portion` entries: how far the walk has come, or the verdict at the chain's end or first bad entry.

    The entry at which the portion before ended is looked at once more, so that it cannot be changed between the two.
    The log may grow meanwhile: the head read before the rows says what must be there, the one after it what may be.
    """
    must = AuditHead.objects.filter(id=1).first() or AuditHead()
    # Rows as tuples: making them models would take a third of the time.
    asked = AuditEntry.objects.filter(seq__gte=walk.seq) if walk.seq else AuditEntry.objects.all()
    size = portion + bool(walk.seq)
    rows = list(asked.order_by("seq").values_list(*COLUMNS, named=True)[:size])
    may = AuditHead.objects.filter(id=1).first() or AuditHead()
    bad, come = _hold(rows, walk, may.seq)
    if bad:
        return bad
    if len(rows) == size:
        return come
    return _end(rows, come, must)


def _hold(rows: Sequence[Any], walk: Walk, last: int) -> tuple[Verdict | None, Walk]:
    """The first of `rows` that does not hold, if any; otherwise how far the walk has come with them."""
    erased, come, rest = hidden(rows), walk, rows
    if walk.seq:
        border = rows[0] if rows else None
        if border is None or border.seq != walk.seq:
            return Verdict(walk.seq - 1, walk.seq, "missing"), walk
        if border.hash != walk.hash or not is_whole(border, erased):
            return Verdict(walk.seq - 1, walk.seq, "changed"), walk
        rest = rows[1:]
    for row in rest:
        expected = come.seq + 1
        if row.seq < expected or row.seq > last:
            return Verdict(come.seq, row.seq, "added"), come
        if row.seq != expected:
            return Verdict(come.seq, expected, "missing"), come
        if row.prev_hash != come.hash or not is_whole(row, erased):
            return Verdict(come.seq, row.seq, "changed"), come
        come = Walk(row.seq, row.hash)
    return None, come


def _end(rows: Sequence[Any], come: Walk, head: AuditHead) -> Verdict:
    """The verdict where no further entry stands: does the head, read before `rows`, tell of the same end?"""
    if head.seq > come.seq:
        return Verdict(come.seq, come.seq + 1, "missing")
    there = {0: BEGIN, come.seq: come.hash} | {row.seq: row.hash for row in rows}
    if there.get(head.seq, head.hash) != head.hash:
        return Verdict(come.seq, head.seq, "changed")
    return Verdict(come.seq, 0, "")
