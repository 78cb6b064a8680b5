"""Erasure: figures before and after are equal, the name is nowhere, the log still proves itself; two people decide."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from nanglucso.core import audit, erasing, own_data
from nanglucso.core.models import AuditEntry, User
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments.models import Accommodation, AccommodationReason, Answer, Rating, Reminder
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence
from nanglucso.workforce.people import due, services
from nanglucso.workforce.people.models import Appointment, Disposal, Person, StaffImport
from tests import make
from tests.profiles.test_held_results import scored

pytestmark = pytest.mark.django_db
NAME, CODE, MAIL, PHONE = "Đoàn Thị Bích Thủy Tiên", "XOA-77123", "thuytien@example.vn", "0912777888"
LATER = make.at(3000)
REASON = "Đơn đề nghị ngày 02/03/2026 của người đã thôi việc."


@pytest.fixture
def gone(tmp_path, settings):
    """Somebody with a log-in and a test, own rating, reason, reminder and audit rows, who has left."""
    settings.MEDIA_ROOT = str(tmp_path)
    told = {"staff_code": CODE, "email": MAIL, "phone": PHONE, "birth_date": date(1979, 4, 23), "gender": "f"}
    person = make.person(NAME, **told)
    services.create_account(actor=make.user("training"), person=person, at=make.AT)
    campaign = scored(person)
    Rating.objects.create(person=person, kind="self", levels={"1.1": 2}, note=f"{NAME} tự thấy vững", at=make.AT)
    kept = Accommodation.objects.create(
        person=person, campaign=campaign, extra_percent=25, given_by=make.user("training"), given_at=make.AT
    )
    AccommodationReason.objects.create(accommodation=kept, text="mắt kém", basis="giấy khám")
    Reminder.objects.create(person=person, campaign=campaign, step="open", at=make.AT)
    services.end_appointment(actor=None, appointment=person.appointments.get(), until=date(2026, 4, 1), at=make.at(60))
    return Person.objects.get(pk=person.pk)


def _figures():
    """What statistics read: answers, evidence, beliefs, places; the groups of item fairness."""
    return {
        "answers": sorted(Answer.objects.values_list("sitting", "item_version", "seq", "score")),
        "evidence": sorted((pk, kind, json.dumps(e)) for pk, kind, e in Evidence.objects.values_list("person", "kind", "entries")),
        "beliefs": sorted((pk, bytes(m), bytes(v)) for pk, m, v in Belief.objects.values_list("person", "mean", "variance")),
        "points": sorted((pk, json.dumps(m)) for pk, m in BeliefPoint.objects.values_list("person", "mean")),
        "places": sorted(Appointment.objects.values_list("person", "unit", "position", "since", "until")),
        "groups": sorted(Person.objects.values_list("pk", "gender", "birth_year", "unit", "position", "active")),
    }  # fmt: skip


def _said(value):
    """A cell as text: JSON as it is meant, packed JSON unpacked."""
    if isinstance(value, memoryview | bytes):
        data = bytes(value)
        return gzip.decompress(data).decode() if data[:2] == b"\x1f\x8b" else data.decode("utf-8", "ignore")
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else ""
    try:
        return json.dumps(json.loads(value), ensure_ascii=False)
    except ValueError:
        return value


def _where(*marks):
    """{table.column} and kept files in which one of the marks stands, over every column of every table."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if any(mark in _said(value) for mark in marks):
                        found.add(f"{table}.{column}")
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file() and any(mark.encode() in path.read_bytes() for mark in marks):
            found.add(str(path))
    return found


MARKS = (NAME, CODE, CODE.lower(), MAIL, PHONE, "1979-04-23", "thuy tien")


def test_the_name_is_nowhere_and_every_figure_is_as_before(gone, django_capture_on_commit_callbacks):
    before, seen = _figures(), _where(*MARKS)
    assert {"people_person.ten", "core_auditentry.subject_label", "core_user.full_name"} <= seen | {"people_person.ten"}
    assert before["evidence"]
    assert before["beliefs"]
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    assert _where(*MARKS) == set()
    assert _figures() == before
    row = Person.objects.get(pk=gone.pk)
    assert row.full_name.startswith(erasing.NAME)
    assert (row.gender, row.birth_year, row.birth_date, row.erased_at) == ("f", 1979, None, LATER)
    assert not row.user.is_active
    assert not row.user.has_usable_password()
    assert not AccommodationReason.objects.exists()
    assert Accommodation.objects.count() == 1


def test_the_chain_verifies_after_an_erasure_and_says_which_entries_lost_a_name(gone):
    services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    assert audit.verify().ok
    row = AuditEntry.objects.get(verb=audit.ERASED)
    assert row.person_id == gone.pk
    assert row.details["log"]
    assert row.details["log_before_seals"] == 0
    assert {one.label_salt for one in AuditEntry.objects.filter(seq__in=row.details["log"])} == {""}


def test_hiding_a_name_without_an_erasure_breaks_the_chain(gone):
    row = AuditEntry.objects.filter(person_id=gone.pk).order_by("seq").first()
    AuditEntry.objects.filter(pk=row.pk).update(subject_label="ai đó", label_salt="")
    assert audit.verify().first_bad == row.seq


def test_a_changed_label_breaks_the_chain_though_the_hash_covers_only_its_seal(gone):
    row = AuditEntry.objects.filter(person_id=gone.pk).order_by("seq").first()
    AuditEntry.objects.filter(pk=row.pk).update(subject_label="ai đó")
    assert audit.verify() == audit.Verdict(row.seq - 1, row.seq, "changed")


def test_entries_from_before_the_seals_still_verify_and_keep_their_label(gone):
    AuditEntry.objects.update(label_seal="", label_salt="", details_seal="", details_salt="")
    head = audit.AuditHead.objects.get(id=1)
    head.hash = "0" * 64
    for row in AuditEntry.objects.order_by("seq"):
        row.prev_hash, row.hash = head.hash, audit._digest(head.hash, row)
        head.hash = row.hash
        row.save()
    head.save()
    assert audit.verify().ok
    services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    assert audit.verify().ok
    assert AuditEntry.objects.get(verb=audit.ERASED).details["log_before_seals"] > 0
    assert _where(NAME) <= {"core_auditentry.subject_label", "core_auditentry.actor_label", "core_auditentry.details"}


def test_a_namesake_keeps_the_name(gone):
    other = make.person(NAME, staff_code="KHAC-1")
    services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    assert Person.objects.get(pk=other.pk).full_name == NAME
    assert AuditEntry.objects.filter(person_id=other.pk, subject_label=NAME).exists()
    assert audit.verify().ok


def test_nobody_in_service_is_erased_and_nobody_twice(gone):
    leader, working = make.user("leader"), make.person()
    with pytest.raises(Refused):
        services.erase_person(actor=leader, person=working, at=LATER)
    services.erase_person(actor=leader, person=gone, at=LATER)
    with pytest.raises(Refused):
        services.erase_person(actor=leader, person=gone, at=LATER)
    assert AuditEntry.objects.filter(verb=audit.ERASED).count() == 1


def test_a_merged_record_goes_with_the_one_it_was_merged_into(gone):
    twin = make.person(NAME, staff_code=None)
    services.end_appointment(actor=None, appointment=twin.appointments.get(), until=date(2026, 4, 2), at=make.at(60))
    twin.refresh_from_db()
    services.merge_people(actor=make.user("training"), kept=gone, gone=twin, at=make.at(61))
    twin.refresh_from_db()
    with pytest.raises(Refused):
        services.erase_person(actor=make.user("leader"), person=twin, at=LATER)
    services.erase_person(actor=make.user("leader"), person=Person.objects.get(pk=gone.pk), at=LATER)
    assert _where(NAME, CODE) == set()
    assert audit.verify().ok


def test_the_list_of_the_night_is_put_forward_and_another_person_approves(gone):
    officer, leader = make.user("training"), make.user("leader")
    assert services.find_due(at=make.at(70)) == []
    found = {row.term: row for row in services.find_due(at=LATER)}
    assert found["leavers"].rows == [gone.pk]
    assert {"accommodation_reasons", "reminders"} <= found.keys()
    assert Person.objects.get(pk=gone.pk).full_name == NAME
    row = found["leavers"]
    with pytest.raises(Refused):
        services.approve_disposal(actor=leader, row=row, at=LATER)
    row = services.ask_disposal(actor=officer, row=row, reason=REASON, at=LATER)
    with pytest.raises(Refused):
        services.approve_disposal(actor=officer, row=row, at=LATER)
    row = services.approve_disposal(actor=leader, row=row, at=LATER)
    assert (row.status, row.result) == ("done", {"done": 1, "left": 0})
    assert Person.objects.get(pk=gone.pk).full_name != NAME
    assert "leavers" not in {one.term for one in services.find_due(at=LATER)}


def test_the_same_night_twice_lists_nothing_twice(gone):
    services.find_due(at=LATER)
    count = AuditEntry.objects.count()
    services.find_due(at=make.at(3001))
    assert AuditEntry.objects.count() == count
    assert Disposal.objects.filter(term="leavers").count() == 1


def test_whoever_has_come_back_since_is_left(gone):
    row = next(one for one in services.find_due(at=LATER) if one.term == "leavers")
    row = services.ask_disposal(actor=make.user("training"), row=row, reason=REASON, at=LATER)
    services.appoint(actor=None, person=gone, unit=make.unit(), position=make.position(), since=LATER.date(), at=LATER)
    row = services.approve_disposal(actor=make.user("leader"), row=row, at=LATER)
    assert row.result == {"done": 0, "left": 1}
    assert Person.objects.get(pk=gone.pk).full_name == NAME


def test_reasons_and_reminders_go_and_the_rest_stays(gone):
    officer, leader = make.user("training"), make.user("leader")
    for row in services.find_due(at=LATER):
        if row.term in ("accommodation_reasons", "reminders"):
            row = services.ask_disposal(actor=officer, row=row, reason=REASON, at=LATER)
            assert services.approve_disposal(actor=leader, row=row, at=LATER).result["left"] == 0
    assert (AccommodationReason.objects.count(), Reminder.objects.count(), Accommodation.objects.count()) == (0, 0, 1)


def test_a_request_is_put_forward_once_and_can_be_refused(gone):
    officer, leader = make.user("training"), make.user("leader")
    with pytest.raises(Refused):
        services.request_erasure(actor=officer, person=gone, reason=" ", at=make.at(70))
    row = services.request_erasure(actor=officer, person=gone, reason=REASON, at=make.at(70))
    with pytest.raises(Refused):
        services.request_erasure(actor=officer, person=gone, reason=REASON, at=make.at(70))
    row = services.refuse_disposal(actor=leader, row=row, answer="Đang có đơn phúc khảo chưa xong.", at=make.at(71))
    assert row.status == "refused"
    services.request_erasure(actor=officer, person=gone, reason=REASON, at=make.at(72))


def test_an_import_that_names_the_person_loses_its_rows_and_its_file(gone, django_capture_on_commit_callbacks):
    import io

    from nanglucso.workforce.people import importing, uploads

    text = f"Họ và tên,Mã cán bộ,Đơn vị,Vị trí\n{NAME},{CODE},Sở Nội vụ,Chuyên viên\n"
    stream = io.BytesIO(text.encode())
    file = uploads.store(actor=None, stream=stream, name=f"{NAME}.csv", content_type="text/csv", at=make.AT)
    row = services.start_import(actor=make.user("training"), file=file, at=make.AT)
    importing.read_import(actor=None, row=row, at=make.AT)
    assert any("uploads" in place for place in _where(NAME))
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    assert _where(NAME, CODE) == set()
    row = StaffImport.objects.get(pk=row.pk)
    assert (row.status, row.summary["cleared"]) == ("dropped", True)
    assert row.pk not in due.rows_of("import_rows", LATER).values_list("pk", flat=True)


def _reach():
    """Every table from which keys lead to a person, directly or through a table about people."""
    person, found = apps.get_model("people.Person"), set()
    new = {person}
    while new:
        new = {
            model
            for model in apps.get_models()
            for one in model._meta.concrete_fields
            if one.is_relation and one.related_model in new and model not in found | {person}
        }
        found |= new
    return {model._meta.label for model in found}


# Tables that hang on a listed one and hold nothing of the person's own: a room's judgement, a count, a worked-out row.
HANGS = {
    "assessments.FileRating": "marks of a file by its raters; its note is theirs",
    "quality.LateJudgement": "what was decided on a late answer",
    "quality.Correction": "how items or sittings were corrected after an appeal; its reason is the office's",
    "assessments.Admission": "a place in the line before a test, worth minutes",
    "outreach.ReadingAnswer": "which answers a reading was given, no words of one's own",
    "readiness.Facts": "figures of a unit, applied from its survey",
    "meetings.Notice": "that a message went out",
    "meetings.Paper": "papers of a meeting",
    "meetings.Speech": "when somebody had the floor: the record of the meeting",
    "meetings.Vote": "what was put to the vote",
    "meetings.Option": "what could be chosen",
    "meetings.Box": "sums of a secret vote, led to no voter",
    "meetings.Choice": "how an open vote was recorded: the record of the meeting",
    "meetings.Participation": "that somebody voted: the record of the meeting",
}


def test_every_table_that_leads_to_a_person_says_what_an_erasure_does():
    kinds = own_data.kinds()
    listed = {kind.model for kind in kinds} | own_data.left_out().keys()
    assert "assessments.Answer" in _reach()
    assert _reach() - listed - HANGS.keys() == set()
    known = {"kept", "deleted", "rewritten"}
    for told in (*(kind.erased for kind in kinds), *own_data.left_out().values()):
        assert told in known or isinstance(told, tuple)


def test_accounts_that_did_something_keep_the_act_without_the_name(gone):
    user = User.objects.get(pk=gone.user_id)
    from nanglucso.core.acts import act

    with act(user, "core.something", at=make.at(10), who=NAME):
        pass
    services.erase_person(actor=make.user("leader"), person=gone, at=LATER)
    row = AuditEntry.objects.get(verb="core.something")
    assert row.actor_id == user.pk
    assert row.actor_label.startswith(erasing.NAME)
    assert row.details["who"].startswith(erasing.NAME)
    assert audit.verify().ok
