"""A meeting from plan to archive, through services."""

import io
import zipfile
from datetime import date

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, NOTHING, Scope
from nanglucso.govern.meetings import archive, queries, record, services
from nanglucso.govern.meetings.models import Note
from nanglucso.govern.reports.documents import to_docx, to_pdf
from tests import make
from tests.kit import hostile_pdfs
from tests.meetings import held

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.MEDIA_ROOT, settings.KEYS_ROOT = tmp_path / "media", tmp_path / "keys"


def test_only_the_invited_see_a_meeting_and_only_once_it_is_called():
    row = held.planned()
    member, stranger = held.seat(row).person, make.person(login=True)
    assert row not in queries.visible(member.user, member)
    services.call(actor=None, meeting=row, at=make.AT)
    assert row in queries.visible(member.user, member)
    assert row not in queries.visible(stranger.user, stranger)


def test_a_meeting_of_another_unit_is_refused():
    unit, person = make.unit(), make.person()
    with pytest.raises(Refused):
        services.create(
            actor=None, scope=NOTHING, title="Họp", unit=unit, place="A", starts_at=make.at(1), ends_at=make.at(2),
            chair=person, secretary=person, at=make.AT,
        )  # fmt: skip


def test_a_stand_in_comes_from_the_own_unit_and_takes_the_vote():
    row = held.called()
    seat = held.seat(row)
    with pytest.raises(Refused):
        services.send_stand_in(
            actor=None, seat=seat, person=make.person(unit=make.unit("Sở Tài chính")), reason="", at=make.AT
        )
    made = services.send_stand_in(
        actor=None, seat=seat, person=make.person(unit=seat.person.unit), reason="", at=make.AT
    )
    assert (made.may_vote, made.delegate_for, seat.is_replaced) == (True, seat, True)
    assert queries.expected(row).count() == 4
    with pytest.raises(Refused):
        services.send_stand_in(actor=None, seat=made, person=make.person(), reason="", at=make.AT)


def test_the_code_checks_in_the_invited_until_it_is_drawn_anew():
    row = held.called()
    services.open_check_in(actor=None, meeting=row, at=make.at(1))
    old = row.nonce
    services.open_check_in(actor=None, meeting=row, at=make.at(1))
    seat = held.seat(row)
    seat.meeting = row
    with pytest.raises(Refused):
        services.check_in(actor=None, seat=seat, nonce=old, at=make.at(1))
    services.check_in(actor=None, seat=seat, nonce=row.nonce, at=make.at(1))
    assert seat.is_present
    with pytest.raises(Refused):
        services.check_in(actor=None, seat=held.seat(row, n=1), nonce=row.nonce, at=make.at(1, hours=1))


def test_the_speaking_list_keeps_its_order_and_times():
    row = held.opened()
    one, other = held.seat(row), held.seat(row, n=1)
    first = services.ask_to_speak(actor=None, seat=one, item=None, at=make.at(1))
    second = services.ask_to_speak(actor=None, seat=other, item=None, at=make.at(1))
    with pytest.raises(Refused):
        services.ask_to_speak(actor=None, seat=one, item=None, at=make.at(1))
    services.call_speaker(actor=None, speech=first, at=make.at(1, minutes=1))
    services.call_speaker(actor=None, speech=second, at=make.at(1, minutes=4))
    first.refresh_from_db()
    assert (first.seconds, [one.pk for one in queries.line(row)]) == (180, [second.pk])


def test_a_paper_is_kept_harmless_and_a_note_is_nobody_elses():
    row = held.called()
    paper = row.papers.get()
    assert paper.removed["scripts"] == 1
    assert hostile_pdfs.PAYLOAD.encode() not in services.papers.file_of(paper).read_bytes()
    one, other = held.seat(row).person, held.seat(row, n=1).person
    services.write_note(actor=one.user, paper=paper, person=one, page=1, text="Hỏi về kinh phí", at=make.AT)
    assert [note.text for note in queries.notes(paper, one)] == ["Hỏi về kinh phí"]
    assert not queries.notes(paper, other).exists()
    services.write_note(actor=one.user, paper=paper, person=one, page=1, text="", at=make.AT)
    assert not Note.objects.exists()


@pytest.mark.parametrize("data", [b"<html>", hostile_pdfs.locked()], ids=["no pdf", "locked"])
def test_a_bad_paper_is_refused_and_leaves_nothing(data: bytes, settings):
    row = held.called()
    with pytest.raises(Refused):
        services.add_paper(
            actor=None, meeting=row, item=None, title="x", stream=io.BytesIO(data), name="x.pdf", at=make.AT
        )
    assert row.papers.count() == len(list((settings.MEDIA_ROOT / "meetings").iterdir())) == 1


def test_minutes_wait_for_remarks_and_never_change_after_approval():
    row = held.over()
    minutes = services.write_minutes(actor=None, meeting=row, number="1", text="Thảo luận.", at=make.at(2))
    services.send_minutes(actor=None, minutes=minutes, at=make.at(2))
    remark = services.remark(actor=None, minutes=minutes, seat=held.seat(row), text="Thiếu ý 2", at=make.at(3))
    chair = held.seat(row, "chair")
    with pytest.raises(Refused):
        services.approve_minutes(actor=None, minutes=minutes, seat=chair, at=make.at(3))
    services.answer_remark(actor=None, row=remark, taken=True, text="", at=make.at(3))
    with pytest.raises(Refused):
        services.approve_minutes(actor=None, minutes=minutes, seat=held.seat(row, "secretary"), at=make.at(3))
    services.approve_minutes(actor=None, minutes=minutes, seat=chair, at=make.at(3))
    with pytest.raises(Refused):
        services.write_minutes(actor=None, meeting=row, number="1", text="Khác.", at=make.at(4))
    with pytest.raises(Refused):
        services.remark(actor=None, minutes=minutes, seat=held.seat(row), text="Nữa", at=make.at(9))
    assert record.digest(minutes.content) == minutes.digest


def test_minutes_come_as_docx_and_pdf_in_the_official_form():
    minutes = record.live(held.recorded())
    document = record.document(minutes, at=make.at(2))
    assert (document.kind, document.nation) == ("BIÊN BẢN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert to_docx(document).startswith(b"PK")
    assert to_pdf(document).startswith(b"%PDF")


def test_a_task_is_late_until_reported_and_closed_by_who_runs_the_meeting():
    task = held.recorded().conclusions.get()
    assert (task.is_late(date(2026, 3, 20)), task.is_late(date(2026, 3, 5))) == (True, False)
    services.report_task(actor=None, task=task, text="Đã mở", file=None, name="", at=make.at(11))
    services.return_task(actor=None, task=task, reason="Thiếu quyết định", at=make.at(12))
    with pytest.raises(Refused):
        services.close_task(actor=None, task=task, at=make.at(12))
    proof = io.BytesIO(hostile_pdfs.written(hostile_pdfs.plain()))
    services.report_task(actor=None, task=task, text="Quyết định 5", file=proof, name="qd.pdf", at=make.at(13))
    services.close_task(actor=None, task=task, at=make.at(14))
    assert (task.status, task.is_late(date(2026, 5, 1))) == ("done", False)


def _with(data: bytes, name: str, other: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, other if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, other)
    out.seek(0)
    return out


def test_the_archive_is_whole_and_every_change_shows(settings):
    row = held.recorded()
    made = services.make_archive(actor=None, meeting=row, at=make.at(3))
    data = (settings.MEDIA_ROOT / made.file.path).read_bytes()
    assert archive.verify(io.BytesIO(data)).state == "whole"
    assert archive.verify(_with(data, "tai-lieu/01.pdf", b"khac")) == archive.Verdict(
        "changed", ("tai-lieu/01.pdf",), row.title, make.at(3).isoformat()
    )
    assert archive.verify(_with(data, "them.txt", b"khac")).files == ("them.txt",)
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        text = found.read("manifest.json")
        assert {one["name"] for one in made.manifest["files"]} == {"bien-ban.json", "bien-ban.pdf", "tai-lieu/01.pdf"}
    assert archive.verify(_with(data, "manifest.json", text.replace(b"Tr", b"tr") + b" ")).state == "forged"
    assert archive.verify(io.BytesIO(b"khong phai zip")).state == "unreadable"
    with pytest.raises(Refused):
        services.make_archive(actor=None, meeting=row, at=make.at(3))


def test_paperless_figures_count_the_scope_and_the_period():
    row = held.recorded()
    told = queries.paperless_figures(EVERYTHING, (date(2026, 3, 1), date(2026, 3, 31)), day=date(2026, 4, 1))
    assert (told.held, told.paperless, told.papers, told.sheets_saved, told.tasks, told.tasks_late) == (
        1,
        1,
        1,
        4,
        1,
        1,
    )
    assert told.share == 100
    other = Scope(paths=(make.unit("Sở Tài chính").path,))
    assert queries.paperless_figures(other, (date(2026, 3, 1), date(2026, 3, 31)), day=date(2026, 4, 1)).held == 0
    assert (
        queries.paperless_figures(EVERYTHING, (date(2026, 4, 1), date(2026, 4, 30)), day=date(2026, 4, 1)).share is None
    )
    assert row.sheets_printed == 0


def test_the_demo_holds_its_meetings():
    from nanglucso.project.demo import meetings

    unit = make.unit()
    people = [make.person(unit=unit, login=True) for _ in range(5)]
    head = people[0].user
    head.refresh_from_db()
    meetings.hold(head, anchor=make.at(30))
    over, coming = list(
        head.person.meeting_places.order_by("meeting__starts_at").values_list("meeting__status", flat=True)
    )
    assert (over, coming) == ("closed", "called")
    assert (
        queries.paperless_figures(EVERYTHING, (date(2026, 3, 1), date(2026, 4, 30)), day=date(2026, 4, 1)).tasks_late
        == 1
    )


def test_votes_stand_in_the_minutes_with_their_counts():
    from tests.meetings.voting import room

    here = room(3)
    vote = here.open()
    for place, number in zip(here.places, (1, 1, 2), strict=True):
        here.cast(vote, place, number)
    here.close(vote)
    services.close(actor=None, meeting=here.meeting, sheets_printed=0, at=make.at(1))
    minutes = services.write_minutes(actor=None, meeting=here.meeting, number="1", text="Đã họp.", at=make.at(1))
    said = " ".join(block.text for block in record.document(minutes, at=make.at(1)).blocks)
    assert "Tán thành: 2; Không tán thành: 1" in said
    assert "Được thông qua" in said
