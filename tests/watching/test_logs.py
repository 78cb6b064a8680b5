"""Log lines: one JSON object each, findable by the incident number, without a word about a person."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from nanglucso.core.watching.lines import INCIDENT, JsonLines, who
from nanglucso.core.watching.middleware import SIGNS, new_incident
from tests import make

NAME, LOGIN, MAIL, WORDS = "Huỳnh Thị Xuân Lãm", "lamhtx", "lamhtx@vidu.gov.vn", "Mật khẩu của tôi 123!"


@pytest.fixture
def lines(monkeypatch) -> Iterator[io.StringIO]:
    """Everything that the whole process logs, at the finest level that an installation may set."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level, kept = (
        root.level,
        {name: logging.getLogger(name).level for name in ("django", "django.request", "django.db.backends")},
    )
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in kept:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)
    for name, was in kept.items():
        logging.getLogger(name).setLevel(was)


def told(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def person():
    found = make.person(NAME)
    found.user = make.user("official", username=LOGIN)
    found.user.full_name, found.user.email = NAME, MAIL
    found.user.set_password(WORDS)
    found.user.save()
    found.save()
    return found


@pytest.mark.django_db
def test_nothing_about_a_person_gets_into_the_log(person, as_user, lines):
    """Log-in, failed log-in, search, pages of the person, a mistake with the name in its text."""
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": LOGIN, "password": "sai-mat-khau-cua-toi"})
    client.post(reverse("account_login"), {"login": LOGIN, "password": WORDS})
    admin = as_user(make.user("admin"))
    for address in (
        reverse("core:own"),
        reverse("core:status"),
        f"/doi-ngu/?q={NAME}",
        f"/khong-co/{LOGIN}/?ten={NAME}",
    ):
        admin.get(address)
    try:
        raise IntegrityError(f"Key (full_name)=({NAME}) already exists; {MAIL}")
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/x/{LOGIN}/")
    text = lines.getvalue()
    assert text.count("\n") > 20
    for secret in (NAME, *NAME.split()[-2:], LOGIN, MAIL, WORDS, "sai-mat-khau"):
        assert secret not in text, f"{secret!r} stands in the log"
        assert secret not in text.encode().decode("unicode_escape", errors="ignore")
    assert any(line["logger"] == "nanglucso.request" and line.get("user") for line in told(lines))


@pytest.mark.django_db
def test_an_answer_leaves_a_line_with_the_sitting_and_no_answer(lines):
    client, sitting = Client(), "0b7f3c52-7b0a-4b5e-9c07-3e0f6f1f0a11"
    client.post(f"/danh-gia/bai/{sitting}/tra-loi/", {"choice": "dap-an-rieng"}, content_type="application/json")
    (line,) = [one for one in told(lines) if one.get("route") == "assessments:answer"]
    assert line["sitting"] == sitting
    assert line["status"] == 302
    assert {"time", "level", "incident", "ms", "sql", "method"} <= set(line)
    assert "dap-an-rieng" not in lines.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), [(RuntimeError("x"), 500), (OperationalError("gone"), 503)])
def test_the_incident_number_on_the_page_is_found_in_the_log(lines, monkeypatch, error, status):
    from nanglucso.core import status as states

    def fail() -> bool:
        raise error

    monkeypatch.setattr(states, "can_answer", fail)
    page = Client(raise_request_exception=False).get(reverse("core:ready"))
    assert page.status_code == status
    (number,) = re.findall(rf">([{SIGNS}]{{4}}-[{SIGNS}]{{4}})<", page.content.decode())
    assert "Mã sự cố" in page.content.decode()
    # One line tells it all: Django's own about the same fault is left out.
    (line,) = [line for line in told(lines) if line.get("incident") == number and line["level"] == "ERROR"]
    assert (line["logger"], line["route"], line["status"]) == ("nanglucso.request", "core:ready", status)
    assert line["fault"]["kind"].endswith(type(error).__name__)
    assert any("health.py" in frame and "ready" in frame for frame in line["fault"]["at"])


@pytest.mark.django_db
def test_a_fault_outside_the_pages_is_told_by_djangos_line(lines, monkeypatch):
    from nanglucso.core.language import LanguageMiddleware

    def fail(self: object, request: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr(LanguageMiddleware, "__call__", fail)
    assert Client(raise_request_exception=False).get(reverse("core:ready")).status_code == 500
    found = [line for line in told(lines) if line["level"] == "ERROR" and "fault" in line]
    assert [line["logger"] for line in found] == ["django.request"]


@pytest.mark.django_db
def test_a_slow_statement_is_told_without_its_values(lines, settings):
    settings.SLOW_SQL_MS = -1.0
    Client().get(reverse("core:ready"))
    sql = [line for line in told(lines) if line["logger"] == "nanglucso.sql"]
    moved = [line["sql"] for line in sql if line["sql"].startswith('UPDATE "core_audithead"')]
    assert moved
    assert not re.search(r"= \d", moved[0])
    assert {line["incident"] for line in sql} != {""}


def test_numbers_differ_and_have_no_letters_that_look_alike():
    made = {new_incident() for _ in range(500)}
    assert len(made) == 500
    assert not set("01ILO") & set("".join(made))
    assert INCIDENT.get() == ""


def test_the_same_person_has_the_same_mark_and_another_key_another_one(settings):
    assert who(7) == who(7) != who(8)
    before = who(7)
    settings.SECRET_KEY = "z" * 60
    assert who(7) != before


@pytest.mark.django_db
def test_a_database_error_keeps_its_code_and_loses_its_values(lines):
    from nanglucso.core.models import Pulse

    try:
        Pulse.objects.create(name=NAME, at=None)
    except IntegrityError:
        logging.getLogger("nanglucso.test").exception("as it came")
    line = told(lines)[-1]
    assert line["fault"]["kind"] == "django.db.utils.IntegrityError"
    assert NAME not in lines.getvalue()
    if connection.vendor == "postgresql":
        assert line["fault"]["sqlstate"] == "23502"
