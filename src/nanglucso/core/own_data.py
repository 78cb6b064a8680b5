"""What is kept about one person: read from `content/own_data.yaml`, a list that is data and not code.

The Law on the protection of personal data (91/2025/QH15) gives everybody the right to know, to view and to be given
a copy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.utils.translation import get_language

from nanglucso.core.acts import act
from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import User


@dataclass(frozen=True)
class Kind:
    """A table that holds something about people: `of` "person" or "user", `owner` the way there, `only` which rows.

    `erased`: "kept", "deleted", "rewritten" by a room, or the fields that an erasure empties.
    `hidden_from`: the field whose moment decides whether a row waits while a result is held back.
    """

    key: str
    model: str
    of: str
    owner: str
    fields: tuple[str, ...]
    only: dict[str, Any]
    words: dict[str, dict[str, str]]
    until: str
    erased: str | tuple[str, ...]
    hidden_from: str = ""

    def said(self, word: str) -> str:
        """`what`, `source` or `why` in the active language."""
        return self.words[word]["en" if (get_language() or "vi").startswith("en") else "vi"]


@dataclass(frozen=True)
class Kept:
    """One kind and the rows of one person: dicts of field name to a plain value."""

    kind: Kind
    rows: list[dict[str, Any]]


@lru_cache(maxsize=1)
def _told() -> Any:
    return read_yaml(root() / "own_data.yaml")


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Every kind in the order of the file."""
    return tuple(
        Kind(
            key=one["key"],
            model=one["model"],
            of=one["of"],
            owner=one["owner"],
            fields=tuple(one["fields"]),
            only=one.get("only", {}),
            words={word: one[word] for word in ("what", "source", "why")},
            until=one["until"],
            erased=_erased(one["erased"]),
            hidden_from=one.get("hidden_from", ""),
        )
        for one in _told()["kinds"]
        if not one.get("optional") or apps.is_installed(f"allauth.{one['model'].split('.')[0]}")
    )


def _erased(told: str | list[str]) -> str | tuple[str, ...]:
    return told if isinstance(told, str) else tuple(told)


def left_out() -> dict[str, str | tuple[str, ...]]:
    """{"app.Model": what an erasure does} of the tables about people that are not handed out."""
    return {label: _erased(one["erased"]) for label, one in _told()["left_out"].items()}


def owned(kind: Kind, owners: Any) -> Any:
    """The rows of a kind that belong to staff records, or to accounts where `of` is "user", held back or not."""
    model: Any = apps.get_model(kind.model)
    return model.objects.filter(**{f"{kind.owner}__in": list(owners)}, **kind.only)


def held_since(person: Any) -> datetime | None:
    """When the first sitting began whose result is held back from the person; None where none is."""
    begun = []
    for one in _told()["held"]:
        model: Any = apps.get_model(one["model"])
        rows = model.objects.filter(person=person, **one["only"]).exclude(**one["unless"])
        begun += [at or datetime.min.replace(tzinfo=UTC) for at in rows.values_list("started_at", flat=True)]
    return min(begun, default=None)


def rows_of(kind: Kind, user: User) -> Any:
    """The rows of this kind that are about the user (none where the log-in has no staff record)."""
    model: Any = apps.get_model(kind.model)
    person = getattr(user, "person", None)
    owner = user.pk if kind.of == "user" else (person.pk if person else None)
    if owner is None:
        return model.objects.none()
    rows = model.objects.filter(**{kind.owner: owner}, **kind.only).order_by("pk")
    since = held_since(person) if kind.hidden_from else None
    return rows.filter(**{f"{kind.hidden_from}__lt": since}) if since else rows


def counts(user: User) -> list[tuple[Kind, int]]:
    """Kinds with how many rows each holds about the user."""
    return [(kind, rows_of(kind, user).count()) for kind in kinds()]


def kept_about(user: User) -> Iterator[Kept]:
    """Everything that is kept about the user, kind by kind."""
    for kind in kinds():
        yield Kept(kind, list(rows_of(kind, user).values(*kind.fields)))


def export(*, actor: User, form: str, at: datetime) -> list[Kept]:
    """What is kept about `actor`, for a file "json" or "xlsx"; leaves one audit row, which stands in the file too."""
    person = getattr(actor, "person", None)
    with act(actor, "core.export_own", actor, at=at, person_id=person.pk if person else None, form=form):
        pass
    return list(kept_about(actor))
