"""`nanglucso check` names what is wrong with an installation, each mistake in one sentence with what to do."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from nanglucso.core.acts import act
from nanglucso.core.clock import now
from nanglucso.core.keeping import pgserver
from nanglucso.core.models import Backup
from nanglucso.core.refusals import Refused
from nanglucso.core.watching.pulses import beat
from nanglucso.project.checks import database, machine, running
from nanglucso.project.checks import settings as settings_checks
from tests import needs, postgres, serving


def checked(env: dict[str, str], *words: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "nanglucso", "check", *words],
        env=env, cwd=serving.ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, [line[2:] for line in done.stdout.splitlines() if line.startswith("- ")]


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    """A home whose database is up to date."""
    home = tmp_path_factory.mktemp("good")
    serving.command(serving.environment(home), "manage", "migrate", "-v", "0")
    return home


def test_a_right_installation_is_found_right(good):
    assert checked(serving.environment(good, NLS_SECRET_KEY="k3" * 10 + "abcdefghij" * 5)) == (0, [])


def test_a_wrong_installation_has_every_planted_mistake_named(good):
    """Fourteen mistakes at once, found by the command itself in a process of its own."""
    env = serving.environment(
        good, DJANGO_SETTINGS_MODULE="tests.keeping.wrong_settings", NLS_DEBUG="1", NLS_SECRET_KEY="changeme",
        NLS_ALLOWED_HOSTS="*", NLS_MFA_REQUIRED="0", PYTHONPATH=f"{serving.ROOT / 'src'}:{serving.ROOT}",
    )  # fmt: skip
    code, faults = checked(env, "--deploy")
    assert code == 1
    planted = {
        "DEBUG": "DEBUG is on", "key": "secret key is too short", "hosts": "NLS_ALLOWED_HOSTS is *",
        "hasher": "MD5PasswordHasher", "zone": "time zone is UTC", "sessions": "Sessions are not kept",
        "synchronous": "synchronous below FULL", "journal": "journal_mode=delete", "https": "NLS_HTTPS is off",
        "second step": "NLS_MFA_REQUIRED is off", "worker": "No worker was heard of", "copy": "No copy has ever",
        "key of copies": "Copies are not encrypted", "drill": "No restore was practised",
    }  # fmt: skip
    for name, words in planted.items():
        assert sum(words in fault for fault in faults) == 1, f"{name} is not named once: {faults}"
    assert all(fault.endswith(".") and len(fault) < 260 for fault in faults)


@pytest.mark.postgres
def test_a_postgresql_that_loses_answers_is_named(tmp_path):
    def faults(cluster: postgres.Cluster) -> list[str]:
        env = serving.environment(tmp_path, cluster.url)
        return [one for one in checked(env)[1] if "PostgreSQL has" in one]

    weak: Iterator[postgres.Cluster] = needs.cluster(durable=False)
    found = faults(next(weak))
    weak.close()
    assert [one.split("=")[0] for one in found] == [
        f"PostgreSQL has {name}" for name in ("fsync", "full_page_writes", "synchronous_commit")
    ]
    assert "Set fsync = on in postgresql.conf and reload." in found[0]


def test_a_home_that_others_can_read_is_named(tmp_path, monkeypatch):
    for one in (tmp_path, *tmp_path.parents):
        if one.stat().st_uid == tmp_path.stat().st_uid and "pytest" in str(one):
            one.chmod(0o755)
    key = tmp_path / "secret.key"
    key.write_text("x")
    key.chmod(0o644)
    with override_settings(KEYS_ROOT=tmp_path / "keys", MEDIA_ROOT=tmp_path / "media", BACKUP_DIR=tmp_path / "b"):
        assert str(key) in machine.files(tmp_path)[0]
        assert f"chmod 700 {tmp_path}" in machine.files(tmp_path)[0]
        tmp_path.chmod(0o700)
        assert [one for one in machine.files(tmp_path) if str(key) in one] == []


@pytest.mark.django_db
def test_a_clock_behind_the_log_is_named():
    assert machine.clock() == []
    with act(None, "core.step", at=now() + timedelta(hours=1)):
        pass
    assert "behind the newest entry" in machine.clock()[0]
    with override_settings(DEMO=True):
        assert machine.clock() == []


def test_a_slow_and_a_full_disk_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(machine.os, "fsync", lambda handle: machine.time.sleep(0.006))
    monkeypatch.setattr(machine, "FLUSHES", 5)
    assert machine.flush_ms(tmp_path, 5) >= 6
    monkeypatch.setattr(machine, "flush_ms", lambda home: 6.2)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda home: type("Room", (), {"total": 100.0, "free": 4.9})())
    slow, full = machine.disk(tmp_path)[1]
    assert "A flush takes 6.2 ms: SQLite then takes about 161 answers" in slow
    assert "4.9% of the disk" in full


def test_versions_that_are_too_old_are_named(monkeypatch):
    class Old:
        vendor = "postgresql"

        @staticmethod
        def get_database_version():
            return (13, 2)

    monkeypatch.setattr(database, "connection", Old())

    def missing(name: str) -> str:
        raise Refused(f"The program {name} is not installed: install PostgreSQL's client programs on this machine.")

    monkeypatch.setattr(pgserver, "program", missing)
    old, lacks = database.versions()
    assert "PostgreSQL 13 is too old" in old
    assert "pg_dump is not installed" in lacks


@pytest.mark.django_db
def test_a_silent_worker_and_an_old_copy_are_named():
    at = now()
    beat("worker", at=at - timedelta(minutes=5))
    assert "No worker was heard of since" in running.worker()[0]
    beat("worker", at=at)
    assert running.worker() == []
    old = Backup.objects.create(name="x", began_at=at - timedelta(hours=50), proven_at=at - timedelta(hours=50))
    beat("drill", at=at)
    with override_settings(BACKUP_KEY_FILE="somewhere"):
        assert ["50 hours old" in one for one in running.copies()] == [True]
        Backup.objects.filter(pk=old.pk).update(began_at=at)
        assert running.copies() == []


@pytest.mark.django_db
def test_a_key_that_opens_no_second_step_is_named():
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    from tests import make

    Authenticator.objects.create(
        user=make.user("admin"), type="totp", data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    )
    assert settings_checks.key_opens_the_records() == []
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[]):
        assert "NLS_SECRET_KEY_FALLBACKS" in settings_checks.key_opens_the_records()[0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"DEMO": True}, "NLS_DEMO is on"),
        ({"PUBLIC_URL": "http://localhost:8000"}, "NLS_PUBLIC_URL"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "this machine alone"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "Mail is written to files"),
        ({"SECRET_KEY": "django-insecure-" + "abcdef" * 10}, "out of an example"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "NLS_PROXIES is 0"),
    ],
)
def test_what_only_a_deployed_site_needs_is_named_there(wrong, words):
    right = {
        "DEMO": False, "HTTPS": True, "ALLOWED_HOSTS": ["nls.vidu.gov.vn"], "PUBLIC_URL": "https://nls.vidu.gov.vn",
        "MFA_REQUIRED": True, "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "SECRET_KEY": "abc9" * 20,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    }  # fmt: skip
    with override_settings(**right):
        assert settings_checks.deployed() == []
    with override_settings(**right | wrong):
        assert [words in one for one in settings_checks.deployed()] == [True]
