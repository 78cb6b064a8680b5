"""Making and removing a rehearsal through the services, and the files that a driver reads."""

import json
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing

from nanglucso.core.acts import act
from nanglucso.core.models import Job, User
from nanglucso.measure.assessments import rehearsing, ticket
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.project.demo.takers import choice_with
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person
from nanglucso.workforce.people.services.rehearsing import dismiss_rehearsal, hire_rehearsal

BACKEND = "django.contrib.auth.backends.ModelBackend"
PART = 500


def make(*, takers: int, steps: int, begun: bool, out: Path, at: datetime) -> int:
    """People, their test, their sessions; writes OUT (sitting, cookie, CSRF token) and OUT.json. Returns how many."""
    rehearsing.check_none()
    password = secrets.token_urlsafe(24)
    with act(None, "assessments.create_rehearsal", at=at, people=takers):
        hire_rehearsal(actor=None, count=takers, password=password, at=at)
        campaign = rehearsing.open_rehearsal(actor=None, framework=current_framework(), steps=steps, at=at)
        if begun:
            rehearsing.begin_all(actor=None, at=at)
        rows = list(rehearsing.sittings().select_related("person__user"))
        keys = _sessions([row.person.user for row in rows if row.person.user], at)
    told = {"password": password, "choices": _choices(campaign.items)}
    told["accounts"] = {str(row.pk): row.person.user.username for row in rows if row.person.user}
    _write(out, "".join(_line(row, keys[row.person.user_id or 0]) for row in rows))
    _write(beside(out), json.dumps(told, ensure_ascii=False))
    return len(rows)


def beside(out: Path) -> Path:
    """The file of choices, account names and their one password."""
    return out.with_name(out.name + ".json")


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def _sessions(users: list[User], at: datetime) -> dict[int, str]:
    """Everybody logged in the evening before: user id → session key."""
    rows, keys, store = [], {}, SessionStore()
    for user in users:
        data = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
        keys[user.pk] = secrets.token_hex(16)
        until = at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        rows.append(Session(session_key=keys[user.pk], session_data=store.encode(data), expire_date=until))
    Session.objects.bulk_create(rows, batch_size=PART)
    return keys


def _line(row: Sitting, session: str) -> str:
    token = secrets.token_hex(16)
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token}
    if row.status == Sitting.Status.RUNNING:
        mark = {"s": row.pk.hex, "p": row.person_id, "e": row.epoch}
        cookies[ticket.NAME] = signing.dumps(mark, salt=ticket.SALT)
    return f"{row.pk}\t{'; '.join(f'{name}={value}' for name, value in cookies.items())}\t{token}\n"


def _choices(items: list[int]) -> dict[int, Any]:
    """Some choice for every question, right or wrong by the roll of a die, so that the file gives no key away."""
    rng = np.random.default_rng()
    rows = ItemVersion.objects.select_related("item").filter(pk__in=items)
    return {row.pk: choice_with(row, int(rng.integers(0, len(row.b) + 1)), rng) for row in rows}


def remove(*, at: datetime) -> dict[str, int]:
    """Everything of the rehearsal but the entries of the log; {what: rows removed}. One act: all of it or nothing."""
    with act(None, "assessments.delete_rehearsal", at=at) as this:
        ids = [str(pk) for pk in rehearsing.sittings().values_list("pk", flat=True)]
        users = {str(pk) for pk in User.objects.filter(rehearsal=True).values_list("pk", flat=True)}
        done = {"jobs": _drop_jobs(ids), "sessions": _drop_sessions(users)}
        done |= rehearsing.remove_rehearsal(actor=None, at=at)
        done["people"] = dismiss_rehearsal(actor=None, at=at)
        this.note(**done)
    return done


def _drop_jobs(sittings: list[str]) -> int:
    """The work that the end of a test asks for, and its places in the queue."""
    queue, count = apps.get_model("django_tasks_database", "DBTaskResult"), 0
    for ids in _parts(sittings):
        jobs = Job.objects.filter(kind="assessments.score", args__sitting_id__in=ids)
        keys = [str(pk) for pk in jobs.values_list("pk", flat=True)]
        queue._default_manager.filter(args_kwargs__args__0__in=keys).delete()
        jobs.delete()
        count += len(keys)
    return count


def _parts(rows: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(rows), PART):
        yield rows[start : start + PART]


def _drop_sessions(users: set[str]) -> int:
    rows = Session.objects.all()
    keys = [row.session_key for row in rows.iterator() if row.get_decoded().get(SESSION_KEY) in users] if users else []
    for part in _parts(keys):
        Session.objects.filter(session_key__in=part).delete()
    return len(keys)


def left() -> dict[str, int]:
    """What of a rehearsal is in the database now; all 0 = nothing. Foreign keys see to it that no other row is."""
    return {
        "people": Person.with_rehearsal.filter(rehearsal=True).count(),
        "accounts": User.objects.filter(rehearsal=True).count(),
        "campaigns": rehearsing.rehearsals().count(),
        "sittings": rehearsing.sittings().count(),
        "answers": rehearsing.answers().count(),
    }
