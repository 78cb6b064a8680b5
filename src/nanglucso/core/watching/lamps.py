"""Lamps of the status page for what must have happened lately: a worker's sign of life, copies, drill, flush."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.core.anchoring import MISSED, last_digest, own_agreement
from nanglucso.core.keeping.losses import ALL, ARCHIVE, BEHIND, COPY, Loss, last_proven, may_lose
from nanglucso.core.keeping.receivers import receivers
from nanglucso.core.keeping.rules import backup_rules
from nanglucso.core.models import Backup
from nanglucso.core.refusals import Refused
from nanglucso.core.status import BAD, GOOD, WARN, Lamp
from nanglucso.core.watching.certificates import days_left
from nanglucso.core.watching.pulses import SILENT, last

SLOW_FLUSH_MS = {"sqlite": 5.0, "postgresql": 20.0}
CERTIFICATE_DAYS = (7, 30)


def ago(span: timedelta) -> str:
    """How long ago, in the largest unit that fits."""
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    return ngettext("%(n)s day ago", "%(n)s days ago", hours // 24) % {"n": hours // 24}


def _worker(at: datetime) -> Lamp:
    found = last("worker")
    if found is None:
        return Lamp(_("Worker"), BAD, _("never"), _("No background work is done: start nanglucso worker."))
    silent = at - found.at > SILENT
    why = _("It no longer reports: start it again.") if silent else _("It reports every few seconds.")
    return Lamp(_("Worker"), BAD if silent else GOOD, ago(at - found.at), why)


def _copies(at: datetime) -> Lamp | None:
    if settings.DEMO:
        return None
    name = _("Backup")
    newest = Backup.objects.filter(dropped_at=None).first()
    proven = last_proven()
    if proven is None:
        why = (
            _("A backup was taken but never restored for a test.")
            if newest and newest.name
            else _("None was taken yet.")
        )
        return Lamp(name, BAD, _("none tested"), f"{why} {newest.error if newest else ''}".strip())
    age = at - proven.began_at
    if age > backup_rules().too_old:
        return Lamp(
            name, BAD, ago(age), _("The last tested backup is too old: run nanglucso backup and read what it says.")
        )
    if newest and newest.error:
        return Lamp(name, WARN, ago(age), _("The latest attempt failed: %(error)s") % {"error": newest.error})
    if not proven.sealed:
        return Lamp(name, WARN, ago(age), _("Restored and compared row by row, but not encrypted."))
    return Lamp(name, GOOD, ago(age), _("Encrypted, restored and compared row by row."))


def _drill(at: datetime) -> Lamp | None:
    if settings.DEMO:
        return None
    found = last("drill")
    if found is None or at - found.at > backup_rules().drill:
        fact = ago(at - found.at) if found else _("never")
        return Lamp(_("Restore drill"), WARN, fact, _("Practise the emergency: run nanglucso drill."))
    seconds = found.told.get("seconds", 0)
    return Lamp(
        _("Restore drill"), GOOD, ago(at - found.at),
        _("From nothing to the log-in page in %(n)s seconds.") % {"n": f"{seconds:.0f}"},
    )  # fmt: skip


def _said(loss: Loss) -> str:
    minutes = f"{loss.age.total_seconds() / 60:.0f}"
    if loss.way == BEHIND:
        return _("%(kb)s kB of the log: the second server follows but is not waited for.") % {"kb": loss.size // 1024}
    if loss.way == ARCHIVE:
        return _("The work of %(n)s minutes: the log is kept file by file.") % {"n": minutes}
    if loss.way == COPY:
        told = {"n": minutes, "answers": loss.answers}
        return _("The work of %(n)s minutes, with %(answers)s test answers: what came after the last backup.") % told
    if loss.way == ALL:
        return _("Everything, with %(answers)s test answers: there is no tested backup.") % {"answers": loss.answers}
    return _("Nothing that was acknowledged: a second server has every change before it is confirmed.")


def _loss(at: datetime) -> Lamp | None:
    if settings.DEMO:
        return None
    loss = may_lose(at=at)
    facts = {ALL: _("all data"), COPY: ago(loss.age), ARCHIVE: ago(loss.age), BEHIND: f"{loss.size // 1024} kB"}
    state = BAD if loss.way == ALL else GOOD
    return Lamp(_("Lost if this disk fails now"), state, facts.get(loss.way, _("no data")), _said(loss))


def _receivers(_at: datetime) -> Lamp | None:
    found = None if settings.DEMO else receivers()
    if found is None or not (found.wanted or found.held):
        return None
    held = max(found.held.values(), default=0) >> 20
    name, there = _("Receivers of the log"), len(found.wanted) - len(found.missing)
    fact = _("%(there)s of %(wanted)s, %(mb)s MB kept for them") % {
        "there": there,
        "wanted": len(found.wanted),
        "mb": number_format(held),
    }
    if found.stopped:
        return Lamp(name, BAD, fact, _("None is there: every answer waits. Start a receiver, or go on without."))
    if found.missing or found.lost:
        return Lamp(name, WARN, fact, _("One is missing: start it before another one goes too."))
    return Lamp(name, GOOD, fact, _("Each change is on a second machine before it is confirmed."))


def _digests(at: datetime) -> Lamp | None:
    """The newest thirty days only; `nanglucso audit verify` compares them all."""
    if settings.DEMO:
        return None
    name = _("Digests of the log")
    try:
        newest, found = last_digest(), own_agreement(latest=30)
    except Refused as no:
        return Lamp(name, BAD, _("broken"), str(no))
    if not found.ok:
        return Lamp(
            name, BAD, found.bad_day, _("The log was written anew after this day: keep a copy, call the auditor.")
        )
    if newest is None or at - newest.at > MISSED:
        fact = ago(at - newest.at) if newest else _("never")
        return Lamp(name, WARN, fact, _("The worker writes one a day: see whether it runs and may write there."))
    return Lamp(name, GOOD, ago(at - newest.at), _("The log agrees with the digests of its days."))


def _flush(at: datetime) -> Lamp | None:
    found = last("flush")
    if found is None:
        return None
    ms = float(found.told.get("ms", 0))
    slow = ms > SLOW_FLUSH_MS[connection.vendor]
    why = _("The disk is slow: answers wait for it.") if slow else _("The disk confirms quickly.")
    return Lamp(_("Flush of the disk"), WARN if slow else GOOD, f"{number_format(ms, 1)} ms", why)


def _certificate(at: datetime) -> Lamp | None:
    days = days_left(settings.TLS_CERT, at=at)
    if days is None:
        return None
    state = BAD if days < CERTIFICATE_DAYS[0] else WARN if days < CERTIFICATE_DAYS[1] else GOOD
    why = _("Valid for long enough.") if state == GOOD else _("Renew it: afterwards browsers refuse the site.")
    fact = ngettext("good for %(n)s day", "good for %(n)s days", days) % {"n": days}
    return Lamp(_("Certificate of the site"), state, fact, why)


MORE: tuple[Callable[[datetime], Lamp | None], ...] = (
    _worker,
    _flush,
    _copies,
    _drill,
    _loss,
    _receivers,
    _certificate,
    _digests,
)
