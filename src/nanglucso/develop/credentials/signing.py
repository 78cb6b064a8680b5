"""Badges for every certificate that has none: bits reserved, documents signed, all in batches that a kill cannot split.

A batch is one act. What is left to do is read from the tables, never from the job, so whoever runs it after a kill goes
on where the last commit ended; a badge is written once because only rows without a document are filled.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.develop.credentials import badging, keys
from nanglucso.develop.credentials.models import Badge, Certificate, StatusList
from nanglucso.kit.integrity import proofs, statuslist
from nanglucso.kit.integrity.mould import Mould

BATCH = 200
Tell = Callable[[int, int], None]


def unbadged() -> QuerySet[Certificate]:
    """Certificates without a bit of their own."""
    return Certificate.objects.filter(badge=None)


def waiting() -> QuerySet[Badge]:
    """Badges whose bit is reserved and whose document is not signed yet."""
    return Badge.objects.filter(signed_at=None)


def _open_list() -> StatusList:
    """The list that has room left; locked until the end of the transaction."""
    row = StatusList.objects.select_for_update().filter(taken__lt=statuslist.BITS).order_by("number").first()
    if row is None:
        number = (StatusList.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        step = 2 * secrets.randbelow(statuslist.BITS // 2) + 1
        row = StatusList.objects.create(number=number, start=secrets.randbelow(statuslist.BITS), step=step)
    return row


def _reserve(limit: int) -> int:
    """Give bits to the next certificates; returns how many. Inside an act."""
    row = _open_list()
    found = list(unbadged().order_by("issued_at", "number")[: min(limit, statuslist.BITS - row.taken)])
    bits = ((row.start + (row.taken + n) * row.step) % statuslist.BITS for n in range(len(found)))
    Badge.objects.bulk_create(
        [Badge(certificate=one, status_list=row, index=bit) for one, bit in zip(found, bits, strict=True)]
    )
    row.taken += len(found)
    row.save(update_fields=["taken"])
    return len(found)


class Signing:
    """One run over everything that waits; achievements are built once a course."""

    def __init__(self, *, actor: User | None, at: datetime) -> None:
        self.actor, self.at = actor, at
        self.signer = keys.signer(at=at)
        self.gives: dict[int, dict[str, Any]] = {}
        self.moulds: dict[tuple[int, bool], Mould] = {}

    def _signed(self, badge: Badge) -> dict[str, Any]:
        course = badge.certificate.training_class.course
        if course.pk not in self.gives:
            self.gives[course.pk] = badging.achievement(course)
        document = badging.unsigned(badge, self.gives[course.pk])
        row, private, created = self.signer.row, self.signer.private, badging.stamp(self.at)
        canonical = self._mould(course.pk, document).canonical
        return proofs.sign(document, private, method=row.method, created=created, canonical=canonical)

    def _mould(self, course: int, document: dict[str, Any]) -> Mould:
        """Badges of a course differ in a few texts only: the rest is expanded once."""
        key = (course, "validUntil" in document)
        if key not in self.moulds or not self.moulds[key].fits(document):
            self.moulds[key] = Mould(document, badging.OWN_TEXTS)
        return self.moulds[key]

    def batch(self, limit: int = BATCH) -> int:
        """Reserve and sign up to `limit` badges; returns how many got their document. Nothing is left half done."""
        if not waiting().exists():
            with act(self.actor, "credentials.reserve", at=self.at) as this:
                this.note(reserved=_reserve(limit))
        rows = list(
            waiting()
            .select_related("certificate__training_class__course", "status_list")
            .order_by("pk")[:limit]
        )  # fmt: skip
        documents = {badge.pk: self._signed(badge) for badge in rows}  # the slow part, outside the write turn
        with act(self.actor, "credentials.sign", at=self.at) as this:
            still = list(waiting().select_for_update().filter(pk__in=list(documents)))
            for badge in still:
                badge.document, badge.key, badge.signed_at = documents[badge.pk], self.signer.row, self.at
            Badge.objects.bulk_update(still, ["document", "key", "signed_at"], batch_size=100)
            this.note(signed=len(still), key=self.signer.row.name, issuer=settings.ORGANISATION["issuer"])
        return len(still)


def sign_all(*, actor: User | None, at: datetime, tell: Tell = lambda done, total: None) -> int:
    """Sign whatever waits; `tell(done, total)` hears of every batch. Returns how many were signed. Raises `Refused`."""
    total, done = unbadged().count() + waiting().count(), 0
    if not total:
        return 0
    run = Signing(actor=actor, at=at)
    while unbadged().exists() or waiting().exists():
        done += run.batch()
        tell(done, total)
    return done
