"""The computation as background work: progress, stop keeping the best plan, failure, and a killed worker."""

import pytest

from nanglucso.core import jobs
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import services, solving, tasks
from nanglucso.develop.plans.models import PlannedSeat, Scenario
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(people):
    row = tiny.scenario(make.user("training"))
    services.ask_solution(actor=row.created_by, scenario=row, at=make.at(1), seconds=4)
    return row


def test_the_job_computes_keeps_the_plan_and_the_curve_and_links_to_the_page(asked):
    jobs.perform(str(asked.job.pk))
    asked.refresh_from_db()
    job = Job.objects.get(pk=asked.job.pk)
    assert (asked.status, job.status, job.progress) == ("solved", Job.Status.DONE, 1.0)
    assert job.result["url"] == f"/ke-hoach/{asked.pk}/"
    assert asked.track
    assert all(point[1] <= point[2] + 0.01 for point in asked.track)
    assert [point[1] for point in asked.track] == sorted(point[1] for point in asked.track)
    assert asked.classes.count() == asked.figures["classes"]


def test_being_stopped_keeps_the_best_plan_found_so_far(asked, monkeypatch):
    calls = []
    real = tasks.Track.better

    def stop_at_first(self, after, objective, bound):
        calls.append(objective)
        self.progress.stop_asked.set()
        real(self, after, objective, bound)

    monkeypatch.setattr(tasks.Track, "better", stop_at_first)
    jobs.perform(str(asked.job.pk))
    asked.refresh_from_db()
    assert (asked.status, asked.figures["status"]) == ("solved", "stopped")
    assert asked.figures["objective"] == pytest.approx(calls[-1], abs=0.01)
    assert PlannedSeat.objects.filter(planned_class__scenario=asked).count() == asked.figures["seats"]
    assert Job.objects.get(pk=asked.job.pk).status == Job.Status.DONE


def test_a_broken_computation_says_so_and_leaves_the_old_plan(people, monkeypatch):
    row = tiny.kept(tiny.scenario())
    before = list(row.classes.values_list("pk", flat=True))
    services.ask_solution(actor=None, scenario=row, at=make.at(2))

    def broken(*_args, **_more):
        raise RuntimeError("the planner broke a rule: ['R7']")

    monkeypatch.setattr(solving, "run", broken)
    with pytest.raises(RuntimeError):
        jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert (row.status, row.is_broken, row.job.status) == ("failed", True, Job.Status.FAILED)
    assert list(row.classes.values_list("pk", flat=True)) == before
    services.ask_solution(actor=None, scenario=row, at=make.at(3))
    assert row.status == "solving"


def test_missing_means_fail_the_job_with_the_sentence(asked):
    tiny.Lecturer.objects.update(active=False)
    with pytest.raises(Refused):
        jobs.perform(str(asked.job.pk))
    asked.refresh_from_db()
    assert asked.is_broken
    assert asked.job.error


def test_a_killed_job_is_started_again_and_finishes(asked):
    Job.objects.filter(pk=asked.job.pk).update(status=Job.Status.RUNNING, started_at=make.at(1), heartbeat=make.at(1))
    jobs.perform(str(asked.job.pk))
    assert Scenario.objects.get(pk=asked.pk).status == "solving"
    assert jobs.sweep(at=make.at(1, seconds=60)) == 1
    jobs.perform(str(asked.job.pk))
    asked.refresh_from_db()
    assert (asked.status, asked.job.attempts) == ("solved", 1)


def test_after_three_deaths_the_plan_says_it_is_broken_and_can_be_computed_again(asked):
    for _ in range(jobs.MAX_ATTEMPTS):
        Job.objects.filter(pk=asked.job.pk).update(status=Job.Status.RUNNING, heartbeat=make.at(1))
        jobs.sweep(at=make.at(2))
    row = Scenario.objects.get(pk=asked.pk)
    assert (row.status, row.is_running, row.is_broken) == ("solving", False, True)
    services.ask_solution(actor=None, scenario=row, at=make.at(3))
    assert row.is_running


@pytest.mark.django_db(transaction=True)
def test_the_stop_button_reaches_a_running_computation(tmp_path, monkeypatch):
    tiny.city(tmp_path)
    row = tiny.scenario()
    services.ask_solution(actor=None, scenario=row, at=make.at(1), seconds=60)

    def slow(built, *, seconds, seed, on_incumbent, should_stop):
        for tick in range(600):
            if tick == 1:
                services.stop_solving(actor=None, scenario=Scenario.objects.get(pk=row.pk), at=make.at(1))
            if should_stop():
                return tiny.by_hand(built, [], [])
            import time

            time.sleep(0.05)
        raise AssertionError("nobody said stop")

    monkeypatch.setattr(solving, "run", slow)
    jobs.perform(str(row.job.pk))
    row.refresh_from_db()
    assert (row.status, row.job.status) == ("solved", Job.Status.DONE)
