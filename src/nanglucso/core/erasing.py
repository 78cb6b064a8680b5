"""Taking a person's name out of rows that stay: what `content/own_data.yaml` says, and the log (docs/adr/0016)."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, QuerySet

from nanglucso.core import own_data
from nanglucso.core.db import is_sqlite
from nanglucso.core.models import AuditEntry, User

NAME = "Người đã xóa dữ liệu"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORTEST = 4  # a mark shorter than this would hit words that have nothing to do with the person


def new_code() -> str:
    """An opaque code of eight letters and digits, 40 bits, made of nothing that is known about the person."""
    return "".join(secrets.choice(LETTERS) for _i in range(8))


@dataclass(frozen=True)
class Gone:
    """Who is being erased: records and accounts of one person, the `name` they get, and the `marks` to find."""

    name: str
    people: tuple[int, ...]
    users: tuple[int, ...]
    marks: frozenset[str]
    pattern: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        found = sorted((mark for mark in self.marks if len(mark) >= SHORTEST), key=len, reverse=True)
        object.__setattr__(
            self, "pattern", re.compile("|".join(rf"(?<!\w){re.escape(mark)}(?!\w)" for mark in found) or r"(?!)")
        )

    def without(self, value: Any) -> Any:
        """A text, or JSON of any depth, with every mark replaced by the new name."""
        if isinstance(value, str):
            return self.pattern.sub(self.name, value)
        if isinstance(value, Mapping):
            return {self.without(key): self.without(one) for key, one in value.items()}
        return [self.without(one) for one in value] if isinstance(value, list) else value

    def told_in(self, value: Any) -> bool:
        """Whether a mark stands in a text or in JSON."""
        return bool(self.without(value) != value)


def overwrite_freed_pages() -> None:
    """Let SQLite overwrite what it frees, so that the name does not stay in the file behind the rows."""
    if is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def erase_listed(gone: Gone) -> dict[str, int]:
    """Delete or empty what `own_data.yaml` says; {kind: rows} of those that had any. Inside an act."""
    done: dict[str, int] = {}
    for kind in own_data.kinds():
        rows = own_data.owned(kind, gone.users if kind.of == "user" else gone.people)
        if kind.erased == "deleted":
            done[kind.key] = rows.count()
            rows.delete()
        elif isinstance(kind.erased, tuple):
            done[kind.key] = empty(rows, kind.erased)
    for label, wanted in own_data.left_out().items():
        if isinstance(wanted, tuple):
            model: Any = apps.get_model(label)
            done[label] = empty(model.objects.filter(person__in=gone.people), wanted)
    return {key: count for key, count in done.items() if count}


def empty(rows: QuerySet[Any], fields: Iterable[str]) -> int:
    """Empty fields of rows, texts to "" and JSON to what a new row begins with; returns how many rows."""
    kinds = {name: rows.model._meta.get_field(name) for name in fields}
    begin = {name: kind.get_default() if isinstance(kind, models.JSONField) else "" for name, kind in kinds.items()}
    return rows.order_by().update(**begin)


def _entries(gone: Gone, also: Iterable[models.Model]) -> QuerySet[AuditEntry]:
    """Entries by the person, about them, about a row that points to them or about one of `also`."""
    person: Any = apps.get_model("people.Person")
    found = Q(person_id__in=gone.people) | Q(actor__in=gone.users)
    found |= _about(User, gone.users) | _about(person, gone.people)
    for row in also:
        found |= Q(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    for one in person._meta.get_fields(include_hidden=True):
        if one.auto_created and not one.concrete and not one.many_to_many:
            rows = one.related_model._default_manager.filter(**{f"{one.field.name}__in": gone.people})
            found |= _about(one.related_model, rows.order_by().values_list("pk", flat=True))
    return AuditEntry.objects.filter(found)


def _about(model: type[models.Model], keys: Iterable[Any]) -> Q:
    """No query for a room's rows that were never anybody's subject: most rows of most rooms are not."""
    label = model._meta.label_lower
    if not AuditEntry.objects.filter(subject_type=label).exists():
        return Q(pk__in=[])
    return Q(subject_type=label, subject_id__in=[str(key) for key in keys])


def hide_in_log(gone: Gone, also: Iterable[models.Model] = ()) -> tuple[list[int], int]:
    """Take the marks out of labels and details: (numbers of the entries changed, entries that the old hash holds fast).

    `also`: rows that named the person, such as an import.
    The act that calls this must note the numbers as `log`, else the chain would not verify any more.
    """
    changed, fast = [], []
    for row in _entries(gone, also).order_by("seq").iterator(chunk_size=500):
        labels = [gone.without(row.actor_label), gone.without(row.subject_label)]
        details = gone.without(row.details)
        if labels == [row.actor_label, row.subject_label] and details == row.details:
            continue
        if not row.label_seal:
            fast.append(row.seq)
            continue
        if labels != [row.actor_label, row.subject_label]:
            row.actor_label, row.subject_label, row.label_salt = labels[0][:150], labels[1][:200], ""
        if details != row.details:
            row.details, row.details_salt = details, ""
        changed.append(row)
    columns = ["actor_label", "subject_label", "details", "label_salt", "details_salt"]
    AuditEntry.objects.bulk_update(changed, columns, batch_size=200)
    return [row.seq for row in changed], len(fast)
