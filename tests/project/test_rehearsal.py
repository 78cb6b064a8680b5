"""A rehearsal of exam day: made through the command, sat over HTTP, counted nowhere, and gone without a trace."""

import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from nanglucso.core.clock import now
from nanglucso.core.models import AuditEntry, Job, User
from nanglucso.measure.assessments import rehearsing, services
from nanglucso.measure.assessments.models import Answer, Campaign, Sitting
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.project.cli import main
from nanglucso.project.rehearsal import load
from nanglucso.project.rehearsal.telling import report
from nanglucso.workforce.people.models import Person
from tests import make

STAYS = {"core.AuditEntry", "core.AuditHead"}


def _rows() -> dict[str, int]:
    models = [one for one in apps.get_models() if one._meta.label not in STAYS and one._meta.managed]
    return {one._meta.label: one._base_manager.count() for one in models}


def _create(tmp_path, *words: str) -> int:
    return main(["rehearsal", "create", "--takers", "3", "--steps", "18", "--out", str(tmp_path / "takers"), *words])


@pytest.mark.django_db
def test_a_rehearsal_is_counted_nowhere_and_leaves_nothing(tmp_path, capsys):
    before = _rows()
    people, campaigns, answers = Person.objects.count(), Campaign.objects.count(), Answer.real.count()
    assert _create(tmp_path, "--begun") == 0
    sitting = rehearsing.sittings().first()
    services.finish(actor=sitting.person.user, sitting=sitting, at=now())
    ended = Sitting.objects.filter(pk=sitting.pk)
    assert services.score_sittings(actor=None, sittings=ended, at=now()) == 0
    assert (Person.objects.count(), Campaign.objects.count(), Answer.real.count()) == (people, campaigns, answers)
    assert not Evidence.objects.filter(person=sitting.person).exists()
    assert not Belief.objects.filter(person=sitting.person).exists()
    assert not AuditEntry.objects.filter(actor__rehearsal=True).exists()
    assert AuditEntry.objects.filter(verb="assessments.submit", details__rehearsal=True).count() == 1
    assert Job.objects.filter(args__sitting_id=str(sitting.pk)).exists()
    assert main(["rehearsal", "delete"]) == 0
    assert "Left: 0 people, 0 accounts" in capsys.readouterr().out
    assert _rows() == before


@pytest.mark.django_db
def test_a_second_rehearsal_is_refused(tmp_path, capsys):
    assert _create(tmp_path) == 0
    assert (tmp_path / "takers").stat().st_mode & 0o077 == 0
    assert _create(tmp_path) == 2
    assert "nanglucso rehearsal delete" in capsys.readouterr().err
    assert Session.objects.count() == User.objects.filter(rehearsal=True).count() == 3


def test_report_names_what_to_set_and_what_to_change():
    step = load.Step(100, 10, 1000, 1000, 99.5, 20, 60, 90, 0, 0, 0, 1, 0.5)
    over = load.Step(140, 10, 1400, 1300, 101, 90, 700, 900, 40, 0, 0, 1, 0.95)
    assert step.held
    assert not over.held
    told = load.figures("http://a", load.Begun(10, 10, 4, 5.0, 2.0, []), [step, over])
    assert (told["held_per_second"], told["bound"]) == (99.5, "processor")
    text = report(json.loads(json.dumps(told)))
    vi, en = text.split("\n---\n")
    assert "NLS_HELD_PER_SECOND=99.5" in vi
    assert "Bộ xử lý đã dùng hết" in vi
    assert "The processors were full" in en
    assert "10 of 10 people began, 2.0 a second; 4 stood in line" in en


@pytest.mark.parametrize(
    ("changed", "bound"),
    [({"driver_late": 400}, "driver"), ({"broken": 300}, "network"), ({"starved": 1}, "sitters"), ({}, "waiting")],
)
def test_what_bounded_a_run(changed, bound):
    told = {
        "rate": 100, "seconds": 10, "sent": 1000, "delivered": 900, "per_second": 80, "p50": 9, "p95": 99, "p99": 999,
        "refused": 0, "broken": 0, "starved": 0, "driver_late": 0, "busy": 0.2,
    }  # fmt: skip
    assert load.bound([load.Step(**told | changed)]) == bound


@pytest.mark.django_db(transaction=True)
def test_sat_over_http_and_compared(tmp_path, capsys, live_server):
    make.everything_shipped()
    assert _create(tmp_path) == 0
    words = ["--file", str(tmp_path / "takers"), "--url", live_server.url, "--out", str(tmp_path / "told")]
    assert main(["rehearsal", "run", *words, "--window", "0.2", "--rate", "8", "--seconds", "2"]) == 0
    told = json.loads((tmp_path / "told/report.json").read_text())
    assert told["starts"]["began"] == 3
    assert told["starts"]["errors"] == []
    assert told["steps"][0]["delivered"] == told["steps"][0]["sent"] > 0
    ledger = tmp_path / "told/ledger.json"
    assert main(["rehearsal", "dump", "--ledger", str(ledger)]) == 0
    assert "0 lost, 0 doubled, 0 gaps" in capsys.readouterr().out
    kept = json.loads(ledger.read_text())
    some = next(iter(kept["kept"].values()))
    some["0"] = "00000000-0000-4000-8000-000000000000"
    ledger.write_text(json.dumps(kept))
    assert main(["rehearsal", "dump", "--ledger", str(ledger)]) == 1
    assert "1 lost" in capsys.readouterr().out
    assert main(["rehearsal", "delete"]) == 0
