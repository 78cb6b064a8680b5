"""Long work: run, fail, stop, recover; and its pages."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.clock import now
from nanglucso.core.db import is_sqlite
from nanglucso.core.models import AuditEntry, Job
from tests import make

pytestmark = pytest.mark.django_db
SEEN: list[int] = []


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Three kinds of work that exist only here."""

    def count(progress, *, n: int) -> dict:
        for step in range(n):
            progress.step(step / n, f"bước {step}")
            SEEN.append(step)
        return {"url": "/ket-qua/", "message": "Xong cả."}

    def broken(progress) -> None:
        raise RuntimeError("hỏng giữa chừng")

    def stopped(progress, *, n: int) -> None:
        progress.step(0.5)
        progress.stop_asked.set()
        progress.step(0.6)

    SEEN.clear()
    monkeypatch.setattr(jobs, "_REGISTRY", {"t.count": count, "t.broken": broken, "t.stopped": stopped})


def _queue(kind: str = "t.count", actor=None, **args) -> Job:
    return jobs.enqueue(kind, actor=actor, at=now(), **args)


def test_a_job_runs_to_its_end_with_its_result():
    row = _queue(n=3)
    jobs.perform(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.percent, row.result["message"]) == ("done", 100, "Xong cả.")
    assert SEEN == [0, 1, 2]


def test_a_job_runs_once_however_often_it_is_taken():
    row = _queue(n=2)
    jobs.perform(str(row.pk))
    jobs.perform(str(row.pk))
    assert SEEN == [0, 1]


def test_a_failing_job_says_why():
    row = _queue("t.broken")
    with pytest.raises(RuntimeError):
        jobs.perform(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.error) == ("failed", "RuntimeError: hỏng giữa chừng")


def test_a_job_asked_to_stop_stops_at_its_next_step():
    row = _queue("t.stopped", n=1)
    jobs.perform(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.percent) == ("cancelled", 50)


def test_a_job_that_has_not_begun_is_cancelled_at_once_and_never_runs():
    row = _queue(n=2)
    jobs.cancel(row, at=now())
    jobs.perform(str(row.pk))
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert SEEN == []


def test_an_unknown_kind_is_refused():
    with pytest.raises(LookupError, match="nothing"):
        _queue("t.nothing")


def test_a_job_whose_worker_died_is_started_again_three_times_at_most():
    row = _queue(n=1)
    for attempt in (1, 2, 3):
        Job.objects.filter(pk=row.pk).update(status="running", heartbeat=now() - timedelta(minutes=5))
        assert jobs.sweep(at=now()) == 1
        row.refresh_from_db()
        assert row.attempts == attempt
    assert row.status == "failed"
    assert row.error


@pytest.mark.django_db(transaction=True)
def test_long_transaction_of_a_job_is_seen_to_live_and_progress(monkeypatch):
    """While a job holds one transaction, others on PostgreSQL see its share; on SQLite they see it at the end."""
    seen: list[float] = []

    def other_line(row: str) -> float:
        def look() -> None:
            seen.append(Job.objects.get(pk=row).progress)
            connection.close()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return seen[-1]

    def long(progress) -> dict:
        with transaction.atomic():
            progress.step(0.4)
            until = time.monotonic() + 10
            while not is_sqlite() and other_line(progress.job_id) != 0.4 and time.monotonic() < until:
                time.sleep(0.2)
        return {}

    monkeypatch.setitem(jobs._REGISTRY, "t.long", long)
    row = _queue("t.long")
    jobs.perform(str(row.pk))
    row.refresh_from_db()
    assert row.status == Job.Status.DONE
    assert is_sqlite() or seen[-1] == 0.4


def test_a_job_with_a_fresh_heartbeat_is_left_alone():
    row = _queue(n=1)
    Job.objects.filter(pk=row.pk).update(status="running", heartbeat=now())
    assert jobs.sweep(at=now()) == 0


def test_the_training_officer_sees_all_jobs_others_their_own(as_user):
    author, other = make.user("author"), make.user("author")
    row = _queue(actor=author, n=1)
    address = reverse("core:job", args=[row.pk])
    assert as_user(author).get(address).status_code == 200
    assert as_user(make.user("training")).get(address).status_code == 200
    assert as_user(other).get(address).status_code == 404
    assert as_user(other).post(reverse("core:job_cancel", args=[row.pk])).status_code == 404
    assert str(row.pk) not in as_user(other).get(reverse("core:jobs")).content.decode()


def test_the_page_of_an_open_job_polls_and_refreshes_without_script(as_user):
    user = make.user("training")
    row = _queue(actor=user, n=1)
    page = as_user(user).get(reverse("core:job", args=[row.pk])).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    jobs.perform(str(row.pk))
    done = as_user(user).get(reverse("core:job", args=[row.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in done
    assert "<html" not in done
    assert 'href="/ket-qua/"' in done


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_result_never_links_out_of_the_site(as_user, address):
    user = make.user("training")
    row = Job.objects.create(kind="t.count", status="done", result={"url": address}, created_at=now(), created_by=user)
    assert address not in as_user(user).get(reverse("core:job", args=[row.pk])).content.decode()


def test_stopping_through_the_page_is_logged_and_refused_when_over(as_user):
    user = make.user("training")
    row = _queue(actor=user, n=1)
    client = as_user(user)
    client.post(reverse("core:job_cancel", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert AuditEntry.objects.filter(verb="core.cancel_job", actor=user).count() == 1
    again = client.post(reverse("core:job_cancel", args=[row.pk]), follow=True)
    assert "Việc này đã kết thúc" in again.content.decode()
    assert AuditEntry.objects.filter(verb="core.cancel_job").count() == 1


def test_the_list_is_filtered_by_state(as_user):
    user = make.user("training")
    row = _queue(actor=user, n=1)
    client = as_user(user)
    assert str(row.pk) in client.get(reverse("core:jobs"), {"status": "queued"}).content.decode()
    assert str(row.pk) not in client.get(reverse("core:jobs"), {"status": "done"}).content.decode()
    assert client.get(reverse("core:jobs"), {"status": "nonsense"}).status_code == 200
