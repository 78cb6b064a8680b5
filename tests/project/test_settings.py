"""Settings, migrations and the command line agree with what the documents say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from nanglucso.project.cli import MODULES, main
from tests import serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_the_migrations_are_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nanglucso", *words]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_production_settings_pass_django_s_deployment_check(tmp_path: Path):
    env = serving.environment(tmp_path, NLS_HTTPS="1", NLS_ALLOWED_HOSTS="nanglucso.vidu.gov.vn")
    done = run(env, "manage", "check", "--deploy")
    # The proxy in front sends plain requests over to TLS, and asking browsers to preload is the city's own decision.
    assert set(re.findall(r"security\.W\d+", done.stderr)) == {"security.W008", "security.W021"}, done.stderr


def test_the_defaults_are_those_of_one_s_own_machine(tmp_path: Path):
    env = serving.environment(tmp_path)
    script = (
        "from django.conf import settings as s; print(s.DEBUG, s.DEMO, s.MFA_REQUIRED, s.ALLOWED_HOSTS, s.SESSION_ENGINE,"
        " s.DATABASES['default']['OPTIONS']['init_command'])"
    )
    told = run(env, "manage", "shell", "-v", "0", "-c", script).stdout
    assert told.startswith("False False True ['127.0.0.1', 'localhost', '[::1]'] django.contrib.sessions.backends.db")
    assert "synchronous=FULL" in told


@pytest.mark.parametrize(
    ("told", "asked"), [({"NLS_DEMO": "1"}, False), ({"NLS_DEMO": "1", "NLS_MFA_REQUIRED": "1"}, True)]
)
def test_the_demonstration_asks_for_no_second_step_unless_told_to(tmp_path: Path, told: dict[str, str], asked: bool):
    script = "from django.conf import settings; print(settings.MFA_REQUIRED)"
    found = run(serving.environment(tmp_path, **told), "manage", "shell", "-v", "0", "-c", script).stdout
    assert found.strip() == str(asked)


def test_a_machine_without_a_key_makes_one_that_only_its_owner_reads(tmp_path: Path):
    env = serving.environment(tmp_path)
    del env["NLS_SECRET_KEY"]
    assert run(env, "manage", "check").returncode == 0
    key = tmp_path / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 64


def test_an_installation_without_tables_is_told_what_to_do(tmp_path: Path):
    done = run(serving.environment(tmp_path), "check", "--deep")
    assert done.returncode == 1
    assert "nanglucso manage migrate" in done.stdout
    assert done.stderr == ""


def commands() -> dict[str, set[str]]:
    """Command → options, from the table in docs/operate.md."""
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for line in re.findall(r"^\| `nanglucso ([^|]*(?:\\\|[^|]*)*)` \|", text, re.MULTILINE):
        plain = line.replace("\\|", "|")
        words = plain.split("[")[0].split()
        name = [word for word in words if re.fullmatch(r"[a-z]+", word)]
        for one in plain.split(" | ") if "|" in plain else [plain]:
            part = [word for word in one.split() if re.fullmatch(r"[a-z]+", word)]
            key = " ".join([name[0], *[word for word in part if word != name[0]]][:2])
            found[key] = set(re.findall(r"--[a-z-]+", one))
    return found


TABLE = commands()


def test_the_table_of_commands_holds_every_command():
    assert {*MODULES, "worker", "manage"} == {name.split()[0] for name in TABLE}


@pytest.mark.parametrize("name", [name for name in sorted(TABLE) if name != "manage"])
def test_a_command_s_help_knows_the_options_of_the_table(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([*name.split(), "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [option for option in TABLE[name] if option not in said] == []


def test_bad_input_ends_with_two_and_one_sentence(tmp_path: Path):
    done = run(serving.environment(tmp_path), "people", "import", str(tmp_path / "khong-co.xlsx"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_every_variable_of_the_settings_is_in_the_document():
    source = "".join(
        (ROOT / "src" / "nanglucso" / name).read_text(encoding="utf-8")
        for name in ("project/settings.py", "core/jobs.py")
    )
    used = set(re.findall(r'"(NLS_[A-Z_]+)"', source)) - {"NLS_DEBUG"}
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert {name for name in used if name not in text} == set()


def test_the_suite_itself_runs_under_its_own_settings():
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "nanglucso.project.settings_test"
