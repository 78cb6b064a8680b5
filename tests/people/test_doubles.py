"""Two records of one person: found, merged with all that hangs on them, undone exactly; and two people told apart."""

from datetime import date

import pytest
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry, Job, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.services import NewEvidence, record
from nanglucso.workforce.people import doubling, importing, services
from nanglucso.workforce.people.models import Appointment, Double, Person
from nanglucso.workforce.people.staffsheet.read import read_staff
from tests import make
from tests.people.tables import checksums
from tests.people.workbooks import book

pytestmark = pytest.mark.django_db
BORN = date(1985, 4, 12)
ASIDE = ("people_double", "profiles_belief", "django_tasks_database_dbtaskresult")


def twins(**second: object) -> tuple[Person, Person]:
    """Two records of one made-up person, in two units."""
    one = make.person("Lê Thị Hoà", staff_code="CT-1", birth_date=BORN, email="hoa@vidu.gov.vn")
    told = {"staff_code": "XX-9", "birth_date": BORN, "unit": make.unit("Sở Tư pháp"), "phone": "0912345678"}
    return one, make.person("Lê Thị Hòa", **{**told, **second})


def merge(kept: Person, gone: Person, at=make.AT) -> Double:
    return services.merge_people(actor=None, kept=kept, gone=gone, at=at)


def rated(person: Person, source: str) -> None:
    entries = [{"k": "1.1", "rating": 3}]
    evidence = NewEvidence(person, Evidence.Kind.SELF, source, entries)
    record(actor=None, framework=make.framework(), evidence=evidence, at=make.AT)


def run_jobs() -> None:
    for row in Job.objects.filter(status=Job.Status.QUEUED):
        jobs.perform(str(row.pk))


def test_pair_of_one_name_and_birth_is_found_and_a_namesake_is_not():
    one, other = twins()
    make.person("Lê Thị Hòa", birth_date=date(1990, 1, 1))
    (pair,) = doubling.pairs(scope=EVERYTHING)
    assert (pair.one, pair.other, pair.why, pair.marks) == (one, other, doubling.SAME_BIRTH, True)


def test_names_that_differ_in_marks_are_offered_last_and_say_so():
    make.person("Trần Văn Hạnh", birth_date=BORN)
    make.person("Trần Văn Hanh", birth_date=BORN)
    twins()
    found = doubling.pairs(scope=EVERYTHING)
    assert [pair.marks for pair in found] == [True, False]


def test_one_mail_address_and_one_name_in_a_unit_are_found():
    make.person("An A", email="chung@vidu.gov.vn")
    make.person("Bình B", email="chung@vidu.gov.vn")
    make.person("Thạch Sa Rinh", birth_date=BORN)
    make.person("Thạch Sa Rinh")
    assert [pair.why for pair in doubling.pairs(scope=EVERYTHING)] == [doubling.SAME_UNIT, doubling.SAME_EMAIL]


def test_finding_takes_few_statements(django_assert_max_num_queries):
    twins()
    with django_assert_max_num_queries(7):
        assert len(doubling.pairs(scope=EVERYTHING)) == 1


def test_merge_fills_blanks_moves_appointments_and_keeps_one_main():
    kept, gone = twins()
    merge(kept, gone)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.phone, kept.staff_code, kept.unit.name) == ("0912345678", "CT-1", "Sở Nội vụ")
    assert (gone.active, gone.staff_code) == (False, "XX-9")
    assert kept.appointments.get(main=True).unit.name == "Sở Nội vụ"
    assert not kept.appointments.exclude(unit__name="Sở Nội vụ").get().main
    assert doubling.merged_into(gone) == kept
    assert doubling.pairs(scope=EVERYTHING) == []


def test_open_appointment_in_the_same_place_ends():
    kept, gone = twins(unit=make.unit("Sở Nội vụ"))
    merge(kept, gone)
    assert Appointment.objects.filter(person=kept, until=None).count() == 1


def test_undo_brings_every_table_back():
    kept, gone = twins(citizen_id="092185001234")
    gone.user = make.user("official")
    gone.save()
    rated(gone, "tu-danh-gia-1")
    run_jobs()
    before = checksums()
    row = merge(kept, gone)
    run_jobs()
    kept.refresh_from_db()
    assert kept.user is not None
    assert kept.citizen_hash
    assert Belief.objects.get(person=kept).evidence_count == 1
    services.undo_merge(actor=None, row=row, at=make.at(1))
    run_jobs()
    after = checksums()
    assert [name for name in after if after[name] != before[name] and name not in ASIDE] == []
    belief = Belief.objects.get(person=gone)
    assert belief.evidence_count == 1


def test_evidence_of_both_is_folded_into_one_belief():
    kept, gone = twins()
    rated(kept, "a")
    rated(gone, "b")
    merge(kept, gone)
    run_jobs()
    assert Belief.objects.get(person=kept).evidence_count == 2
    assert Evidence.objects.filter(person=kept).count() == 2
    assert Belief.objects.get(person=gone).evidence_count == 0


def test_what_the_kept_record_has_already_stays_with_the_other():
    kept, gone = twins()
    rated(kept, "cung-nguon")
    rated(gone, "cung-nguon")
    row = merge(kept, gone)
    assert row.moved["stayed"] >= 1
    assert Evidence.objects.filter(person=gone).count() == 1


def test_second_account_is_closed_and_opened_again():
    kept, gone = twins()
    for person in (kept, gone):
        person.user = make.user("official")
        person.save()
    row = merge(kept, gone)
    assert not User.objects.get(pk=gone.user_id).is_active
    services.undo_merge(actor=None, row=row, at=make.at(1))
    assert User.objects.get(pk=gone.user_id).is_active


def test_two_citizen_numbers_are_two_people():
    kept, gone = twins(citizen_id="092185001234")
    services.staff.Person.objects.filter(pk=kept.pk).update(citizen_hash=services.hash_citizen("092185009999"))
    kept.refresh_from_db()
    with pytest.raises(Refused):
        merge(kept, gone)
    assert doubling.pairs(scope=EVERYTHING) == []


def test_merged_record_cannot_be_merged_again_and_the_first_merge_waits_for_the_second():
    kept, gone = twins()
    third = make.person("Lê Thị Hòa", birth_date=BORN)
    first = merge(kept, gone)
    with pytest.raises(Refused):
        merge(third, gone)
    second = merge(third, kept, make.at(1))
    assert not services.can_undo_merge(first, make.at(2))
    services.undo_merge(actor=None, row=second, at=make.at(2))
    assert services.can_undo_merge(first, make.at(2))
    assert not services.can_undo_merge(first, make.at(services.MERGE_UNDO_DAYS + 1))


def test_fact_corrected_after_the_merge_keeps_its_newer_value():
    kept, gone = twins()
    row = merge(kept, gone)
    kept.refresh_from_db()
    services.change_person(actor=None, person=kept, phone="0999999999", at=make.at(1))
    services.undo_merge(actor=None, row=row, at=make.at(2))
    kept.refresh_from_db()
    assert kept.phone == "0999999999"


def test_merge_leaves_a_row_in_the_log_for_both_people():
    kept, gone = twins()
    merge(kept, gone)
    verbs = AuditEntry.objects.filter(verb__startswith="people.merge").values_list("verb", "person_id")
    assert set(verbs) == {("people.merge", kept.pk), ("people.merge_away", gone.pk)}


def test_list_that_still_has_the_old_number_finds_the_kept_record_and_changes_nothing(tmp_path):
    kept, gone = twins()
    merge(kept, gone)
    kept.refresh_from_db()
    rows = [("Lê Thị Hòa", "12/04/1985", "XX-9", "Sở Nội vụ", kept.position.name, "")]
    plan = importing.plan_changes(read_staff(book(tmp_path / "a.xlsx", rows)), at=make.at(1))
    assert (plan.size, plan.unchanged, plan.problems) == (0, 1, [])


# ---------------------------------------------------------------- pages
@pytest.fixture
def officer(as_user):
    return as_user(make.user("training"))


def test_pages_list_compare_merge_and_undo(officer):
    one, other = twins()
    page = officer.get(reverse("people:doubles"))
    address = reverse("people:double", args=[one.pk, other.pk])
    assert address in page.text
    assert "CT-1" in officer.get(address).text
    sent = officer.post(address, {"keep": str(other.pk)})
    assert sent.url == reverse("people:person", args=[other.pk])
    assert "Lê Thị Hòa" in officer.get(reverse("people:person", args=[one.pk])).text
    row = Double.objects.get()
    assert (row.kept, row.gone) == (other, one)
    undo = reverse("people:merge_undo", args=[row.pk])
    assert undo in officer.get(reverse("people:doubles")).text
    officer.post(undo)
    row.refresh_from_db()
    assert row.status == "undone"
    officer.post(undo)
    assert Double.objects.get().status == "undone"


def test_two_people_are_told_apart_and_not_offered_again(officer):
    one, other = twins()
    officer.post(reverse("people:double_apart", args=[one.pk, other.pk]))
    assert reverse("people:double", args=[one.pk, other.pk]) not in officer.get(reverse("people:doubles")).text
    assert Person.objects.filter(active=True).count() == 2


def test_officer_of_a_part_of_the_city_cannot_merge(as_user):
    one, other = twins()
    client = as_user(make.user("training", make.unit("Sở Nội vụ")))
    assert client.get(reverse("people:doubles")).status_code == 403
    assert client.post(reverse("people:double", args=[one.pk, other.pk]), {"keep": one.pk}).status_code == 403
    assert not Double.objects.exists()
