"""The audit log: the chain finds every kind of meddling; search, export and verify through the pages."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from nanglucso.core import audit, queries
from nanglucso.core.acts import act
from nanglucso.core.models import AuditEntry, AuditHead, User
from tests import make

pytestmark = pytest.mark.django_db


@dataclass
class Log:
    """Five acts of one administrator, a day apart, after the `before` entries that were there already."""

    actor: User
    before: int

    def at(self, number: int) -> QuerySet[AuditEntry]:
        """The fixture's first to fifth entry."""
        return AuditEntry.objects.filter(seq=self.before + number)


@pytest.fixture
def log() -> Log:
    actor = make.user("admin", username="quan.tri")
    before = AuditHead.objects.get_or_create(id=1)[0].seq
    for day in range(5):
        with act(actor, f"core.step_{day}", at=make.at(day), n=day):
            pass
    return Log(actor, before)


def test_an_untouched_chain_is_whole(log):
    assert audit.verify() == audit.Verdict(log.before + 5, 0, "")


@pytest.mark.parametrize(
    "change", [{"verb": "core.other"}, {"details": {"n": 9}}, {"actor_label": "x"}, {"person_id": 1}]
)
def test_a_changed_entry_is_named(log, change):
    log.at(3).update(**change)
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, log.before + 3, "changed")


@pytest.mark.parametrize("gone", [1, 3, 5])
def test_a_removed_entry_is_named_even_the_last(log, gone):
    log.at(gone).delete()
    verdict = audit.verify()
    assert (verdict.first_bad, verdict.reason) == (log.before + gone, "missing")


def test_swapped_entries_are_found(log):
    log.at(2).update(seq=0)
    log.at(3).update(seq=log.before + 2)
    log.at(-log.before).update(seq=log.before + 3)
    assert audit.verify().first_bad == log.before + 2


def test_a_rewritten_entry_with_a_fresh_hash_breaks_the_next(log):
    row = log.at(2).get()
    row.verb = "core.forged"
    row.hash = audit._digest(row.prev_hash, row)
    row.save()
    assert audit.verify().first_bad == log.before + 3


@pytest.mark.parametrize("role", ["official", "head", "training", "author", "leader", "admin"])
def test_only_the_auditor_reads_the_log(as_user, role):
    client = as_user(make.user(role))
    assert client.get(reverse("core:audit")).status_code == 403
    assert client.post(reverse("core:audit_export")).status_code == 403
    assert client.post(reverse("core:audit_verify")).status_code == 403


def test_the_log_is_searched_by_actor_verb_and_day(as_user, log):
    client = as_user(make.user("auditor"))
    address = reverse("core:audit")
    assert client.get(address, {"actor": "quan.tri"}).context["page"].paginator.count == 5
    assert client.get(address, {"verb": "core.step_2"}).context["page"].paginator.count == 1
    day = make.at(1).strftime("%d/%m/%Y")
    asked = {"since": day, "until": day, "verb": "core.step"}
    assert [line["row"].verb for line in client.get(address, asked).context["rows"]] == ["core.step_1"]
    assert client.get(address, {"actor": "không có ai"}).context["page"].paginator.count == 0


def test_the_log_is_searched_by_whose_record_without_marks(as_user):
    person = make.person("Đặng Thị Hồng Hạnh")
    with act(None, "core.touched", at=make.AT, person_id=person.pk):
        pass
    page = as_user(make.user("auditor")).get(reverse("core:audit"), {"person": "dang hong hanh"})
    assert "core.touched" in page.content.decode()
    assert "Đặng Thị Hồng Hạnh" in page.content.decode()
    found = queries.audit_entries(queries.AuditFilter(person="dang hong hanh"))
    assert {row.person_id for row in found} == {person.pk}


def test_a_day_that_cannot_be_read_is_said_at_its_field(as_user, log):
    page = as_user(make.user("auditor")).get(reverse("core:audit"), {"since": "31/02/2026"})
    assert page.status_code == 200
    assert "Ngày chưa đúng" in page.content.decode()


def test_the_export_is_what_the_filter_shows_and_is_itself_logged(as_user, log):
    client = as_user(make.user("auditor"))
    answer = client.post(reverse("core:audit_export") + "?verb=core.step")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["verb"] for row in rows] == [f"core.step_{n}" for n in (4, 3, 2, 1, 0)]
    last = AuditEntry.objects.order_by("-seq").first()
    assert (last.verb, last.details["rows"]) == ("core.export_audit", 5)
    assert audit.verify().ok


def test_an_export_cannot_run_a_formula(as_user):
    evil = make.user("official")
    evil.full_name = "=cmd|' /C calc'!A0"
    evil.save()
    with act(evil, "core.evil", at=make.AT):
        pass
    answer = as_user(make.user("auditor")).post(reverse("core:audit_export") + "?verb=core.evil")
    row = next(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert not row["actor"].startswith("=")


def test_verifying_says_whole_or_names_the_entry(as_user, log):
    client = as_user(make.user("auditor"))
    whole = client.post(reverse("core:audit_verify"), follow=True).content.decode()
    assert f"Chuỗi nguyên vẹn: {log.before + 5} dòng" in whole
    log.at(2).update(at=make.AT + timedelta(days=900))
    broken = client.post(reverse("core:audit_verify"), follow=True).content.decode()
    assert f"Chuỗi bị đứt ở dòng {log.before + 2}:" in broken


def test_the_page_asks_the_database_a_fixed_number_of_questions(as_user, log, django_assert_max_num_queries):
    client = as_user(make.user("auditor"))
    for day in range(40):
        with act(log.actor, "core.more", at=make.at(day)):
            pass
    with django_assert_max_num_queries(12):
        client.get(reverse("core:audit"))


def test_a_subject_whose_name_is_a_code_is_said_in_words(as_user, log):
    told = {"subject_type": "quality.calibrationrun", "subject_label": "cal-45cb885e"}
    log.at(2).update(**told)
    page = as_user(make.user("auditor")).get(reverse("core:audit")).content.decode()
    assert "Một đợt hiệu chuẩn<small" in page
    assert "cal-45cb885e" in page
