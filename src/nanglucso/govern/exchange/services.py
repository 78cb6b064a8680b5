"""Verbs of exchange."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.db import write_turn
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import Job, User
from nanglucso.core.refusals import Refused
from nanglucso.govern.exchange import counting
from nanglucso.govern.exchange.exchangerules import dictionary, rules
from nanglucso.govern.exchange.models import ApiToken, Opening, Release
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Unit

MAKING = "exchange.make_release"
WINDOW = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """What is kept of a secret of 256 random bits: nothing slower is needed, it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(
    *, actor: User | None, name: str, resources: list[str], unit: Unit | None, days: int, at: datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is told this once."""
    most = int(rules()["tokens"]["most_days"])
    if not name.strip():
        raise Refused(_("Name the system that will use the token."), field="name")
    if not resources or set(resources) - set(dictionary()):
        raise Refused(_("Choose at least one table that the token may read."), field="resources")
    if not 1 <= days <= most:
        raise Refused(_("A token lasts 1 to %(most)s days.") % {"most": most}, field="days")
    secret = f"nls_{secrets.token_urlsafe(32)}"
    told: dict[str, Any] = {
        "name": name.strip(),
        "resources": sorted(resources),
        "unit": unit.code if unit else "",
        "days": days,
    }
    with act(actor, "exchange.issue_token", at=at, **told) as this:
        row = ApiToken.objects.create(
            name=name.strip()[:120], digest=digest_of(secret), resources=sorted(resources), unit=unit,
            a_minute=int(rules()["tokens"]["a_minute"]), issued_by=actor, issued_at=at,
            expires_at=at + timedelta(days=days),
        )  # fmt: skip
        this.subject = row
    return row, secret


def revoke_token(*, actor: User | None, token: ApiToken, at: datetime) -> None:
    """End a token at once."""
    if token.revoked_at:
        raise Refused(_("This token has been revoked already."))
    with act(actor, "exchange.revoke_token", token, at=at):
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])


def count_call(*, token: ApiToken, at: datetime) -> bool:
    """Write down that a token was used; False when it has used up its calls of the minute.

    Only the first call of a day is an act and stands in the log: a warehouse asks thousands of times.
    """
    with write_turn():
        used = ApiToken.objects.filter(pk=token.pk).values_list("used_at", flat=True).first()
        begun = ApiToken.objects.filter(pk=token.pk, window_at__gt=at - WINDOW)
        if begun.filter(window_calls__gte=F("a_minute")).exists():
            return False
        told = {"used_at": at, "calls": F("calls") + 1}
        if not begun.update(window_calls=F("window_calls") + 1, **told):
            ApiToken.objects.filter(pk=token.pk).update(window_at=at, window_calls=1, **told)
        if used is None or local_day(used) != local_day(at):
            with act(None, "exchange.use_token", token, at=at, name=token.name):
                pass
    return True


def ask_release(*, actor: User | None, at: datetime) -> Job:
    """Queue a release. Raises `Refused` while one is being made or soon after the last."""
    if Job.objects.filter(kind=MAKING, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).exists():
        raise Refused(_("A release is being made already."))
    last, apart = Release.objects.first(), timedelta(days=int(rules()["protection"]["days_apart"]))
    if last and at < last.at + apart:
        told = {"day": f"{local_day(last.at + apart):%d/%m/%Y}"}
        raise Refused(_("Releases close to each other show who has moved: the next can be made from %(day)s.") % told)
    with act(actor, "exchange.ask_release", at=at):
        return enqueue(MAKING, actor=actor, at=at)


def make_release(*, actor: User | None, at: datetime) -> Release:
    """Count, protect and keep the tables of a moment."""
    made = counting.tables(current_framework(), at=at)
    body = json.dumps(made, ensure_ascii=False, sort_keys=True).encode()
    hidden = sum(value is None for rows in made.values() for row in rows for value in row.values())
    with act(actor, MAKING, at=at) as this:
        row = Release.objects.create(
            at=at, tables=made, digest=hashlib.sha256(body).hexdigest(), hidden=hidden, made_by=actor
        )
        this.subject = row
        this.note(digest=row.digest, hidden=hidden)
    return row


def set_public(*, actor: User | None, is_open: bool, at: datetime) -> None:
    """Switch the public page of open data on or off."""
    with act(actor, "exchange.set_public", at=at, open=is_open):
        Opening.objects.create(is_open=is_open, by=actor, at=at)
