"""Whom a campaign reaches, nobody twice, the map with small groups kept back, follow-up, reminders, the files."""

import re
from datetime import timedelta
from io import BytesIO

import docx
import openpyxl
import pytest
from django.core import mail
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.outreach import queries, reminding, sending, services
from nanglucso.govern.outreach.models import Campaign, LawDocument, Notice, RegisterImport
from nanglucso.govern.outreach.texts import faults
from tests import make
from tests.outreach import spread

pytestmark = pytest.mark.django_db


def staff(unit, n, **told):
    return [make.person(unit=unit, **told) for _ in range(n)]


def test_it_reaches_units_and_positions_named_and_nobody_twice():
    inside, outside = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    here, there = staff(inside, 3), staff(outside, 2)
    campaign = spread.opened(units=[inside])
    assert set(campaign.receipts.values_list("person", flat=True)) == {one.pk for one in here}
    late = make.person(unit=inside)
    Campaign.objects.filter(pk=campaign.pk).update(status="opening")
    assert sending.send_all(actor=None, campaign=campaign, at=make.at(1)) == 1
    assert sending.send_all(actor=None, campaign=campaign, at=make.at(1)) == 0
    assert campaign.receipts.filter(person=late).count() == 1
    other = make.position("VTVL-XA-TN-01")
    odd = make.person(unit=outside, position=other)
    family = spread.opened(units=[outside], families=[other.family])
    assert list(family.receipts.values_list("person", flat=True)) == [odd.pk]
    assert not set(family.receipts.values_list("person", flat=True)) & {one.pk for one in there}


def test_a_campaign_never_leaves_the_senders_subtree(as_user):
    inside, outside = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    staff(inside, 1), staff(outside, 1)
    own, row = Scope(paths=(inside.path,)), spread.document()
    for units in ([outside], [inside, outside], []):
        with pytest.raises(Refused, match="phạm vi"):
            spread.prepared(row, units=units, scope=own)
    narrowed = spread.prepared(row, units=[outside])
    with pytest.raises(Refused, match="phạm vi"):
        services.ask_open(actor=None, campaign=narrowed, scope=own, at=make.AT)
    client, due = as_user(make.user("training", inside)), f"{make.AT + timedelta(days=3650):%d/%m/%Y}"
    forged = {"document": row.pk, "units": outside.code, "due": due, "follow_up": "none", "note": "Đề nghị đọc kỹ"}
    reply = client.post(reverse("outreach:campaign_new"), forged)
    assert (reply.status_code, Campaign.objects.count()) == (422, 1)
    assert "Đề nghị đọc kỹ" in reply.content.decode(), "what was typed is kept"


def test_a_half_sent_campaign_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    unit = make.unit("Sở Nội vụ")
    staff(unit, 7)
    campaign = spread.prepared(units=[unit])
    services.ask_open(actor=None, campaign=campaign, scope=EVERYTHING, at=make.AT)

    class Killed(Exception):
        pass

    def killed(done, total):
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        sending.send_all(actor=None, campaign=campaign, at=make.AT, tell=killed)
    assert campaign.receipts.count() == 4
    assert services.open_campaign(actor=None, campaign=campaign, at=make.at(1)) == 3
    assert Notice.objects.filter(campaign=campaign, kind="sent").count() == 7


def test_who_may_not_see_names_sees_no_small_group_nor_can_subtract_it():
    units = [make.unit(name) for name in ("Sở Nội vụ", "Sở Tài chính", "Sở Y tế")]
    for unit, n in zip(units, (2, 6, 9), strict=True):
        staff(unit, n)
    campaign = spread.opened(units=units)
    shown = {
        one.place.name: one.counts.n for one in queries.reach(scope=EVERYTHING, campaign=campaign, names=False).rows
    }
    assert shown["Sở Nội vụ"] is None
    assert shown["Sở Tài chính"] is None, "the next smallest hides the difference"
    assert shown["Sở Y tế"][0] == 9
    named = queries.reach(scope=EVERYTHING, campaign=campaign, names=True)
    assert sorted(one.counts.n[0] for one in named.rows) == [2, 6, 9]
    own = queries.reach(scope=Scope(paths=(units[0].path,)), campaign=campaign, names=True)
    assert (own.total.n[0], own.city.n[0]) == (2, 17)


def test_the_head_confirms_only_who_has_understood_and_never_themselves():
    unit = make.unit("Sở Nội vụ")
    one, other = staff(unit, 2)
    head = make.user("head", unit)
    campaign = spread.opened(units=[unit], follow_up="head")
    spread.understood(one, campaign.document)
    told = {"actor": head, "campaign": campaign, "scope": Scope(paths=(unit.path,)), "at": make.at(2)}
    assert services.confirm(people=[one.pk, other.pk], **told) == 1
    assert queries.total(scope=EVERYTHING, campaign=campaign).n == (2, 1, 1, 1, 1)
    elsewhere = told | {"scope": Scope(paths=(make.unit("Sở Y tế").path,))}
    with pytest.raises(Refused):
        services.confirm(people=[one.pk], **elsewhere)


def test_a_task_is_reported_after_understanding_and_clears_what_waits():
    person = make.person(login=True)
    campaign = spread.opened([person], follow_up="task", task="Rà soát một mẫu phiếu của đơn vị")
    receipt = campaign.receipts.get(person=person)
    with pytest.raises(Refused):
        services.report_task(actor=person.user, receipt=receipt, note="Đã rà soát xong mẫu 01", at=make.at(1))
    spread.understood(person, campaign.document)
    assert queries.waiting_for(person).count() == 1
    services.report_task(actor=person.user, receipt=receipt, note="Đã rà soát xong mẫu 01", at=make.at(1))
    assert queries.waiting_for(person).count() == 0


def test_reminders_go_once_a_day_and_the_head_is_told_after_the_last_day():
    unit = make.unit("Sở Nội vụ")
    done, behind = staff(unit, 1, email="a@vidu.gov.vn")[0], staff(unit, 1, email="b@vidu.gov.vn")[0]
    chief = make.person(unit=unit, login=True, email="c@vidu.gov.vn")
    chief.user.grants.create(role="head", unit=unit, granted_at=make.at(-9))
    campaign = spread.opened(units=[unit])
    for one in (done, chief):
        spread.understood(one, campaign.document)
    reminding.mail(at=make.AT)
    mail.outbox.clear()
    assert reminding.remind_due(at=make.at(13)) == 1
    assert reminding.remind_due(at=make.at(13, hours=2)) == 0
    reminding.mail(at=make.at(13))
    reminding.mail(at=make.at(13))
    assert [one.to for one in mail.outbox] == [["b@vidu.gov.vn"]]
    assert reminding.remind_due(at=make.at(21)) == 1
    assert reminding.remind_due(at=make.at(22)) == 0
    assert Notice.objects.get(kind="head").person == chief
    assert list(queries.late_for(scope=Scope(paths=(unit.path,)))) == [campaign]
    assert behind.receipts.count() == 1


def test_who_comes_into_the_unit_after_the_sending_gets_it_at_night_and_nobody_twice():
    unit = make.unit()
    first = make.person(unit=unit)
    campaign = spread.opened(units=[unit])
    new, stranger = make.person(unit=unit), make.person(unit=make.unit("Sở Tài chính"))
    assert reminding.remind_due(at=make.at(1)) == 1
    assert reminding.remind_due(at=make.at(1, hours=2)) == 0
    assert set(campaign.receipts.values_list("person", flat=True)) == {first.pk, new.pk}
    assert Notice.objects.filter(person=new, kind="sent", on=make.at(1).date()).count() == 1
    late = make.person(unit=unit)
    reminding.remind_due(at=make.at(21))
    assert not late.receipts.exists(), "nothing is sent after the last day"
    assert not stranger.receipts.exists()


def test_two_officers_cannot_put_their_drafts_over_each_other_without_being_told(as_user):
    row = spread.document()
    one, other = as_user(make.user("training")), as_user(make.user("training"))
    address = reverse("outreach:draft", args=[row.pk])
    opened = re.search(r'name="seen" value="([^"]*)"', one.get(address).content.decode())[1]
    assert other.post(address, spread.TEXTS | {"seen": opened, "summary_vi": "Của người kia"}).status_code == 302
    mine = spread.TEXTS | {"seen": opened, "summary_vi": "Của tôi"}
    reply = one.post(address, mine)
    page = reply.content.decode()
    assert (reply.status_code, "Của tôi" in page) == (422, True)
    draft = row.versions.get(state="draft")
    assert draft.summary_vi == "Của người kia"
    assert str(draft.author) in page
    again = re.search(r'name="seen" value="([^"]*)"', page)[1]
    assert one.post(address, mine | {"seen": again}).status_code == 302
    assert row.versions.get(state="draft").summary_vi == "Của tôi"


def test_a_register_is_previewed_applied_and_undone(as_user):
    client = as_user(make.user("training"))
    rows = "Số ký hiệu,Trích yếu,Ngày ban hành,Ghi chú\n1/2031/QĐ,Một quyết định thử,05/02/2031,Còn hiệu lực\n"
    file = BytesIO((rows + "2/2031/QĐ,Quyết định hai,31/02/2031,\n3/2031/QĐ,,,\n").encode())
    file.name = "so.csv"
    reply = client.post(reverse("outreach:register_new"), {"file": file}, follow=True)
    page = reply.content.decode()
    assert "1/2031/QĐ" in page
    assert "Ngày ban hành" in page
    assert not LawDocument.objects.filter(number="1/2031/QĐ").exists()
    row = RegisterImport.objects.latest("pk")
    assert [one["row"] for one in row.plan["problems"]] == [3, 4]
    assert services.apply_register(actor=None, row=row, at=make.AT) == (1, 0)
    made = LawDocument.objects.get(number="1/2031/QĐ")
    assert (made.standing, f"{made.issued:%d/%m/%Y}") == ("in_force", "05/02/2031")
    assert services.undo_register(actor=None, row=row, at=make.AT) == (1, 0)
    assert not LawDocument.objects.filter(number="1/2031/QĐ").exists()


def test_the_shipped_register_and_documents_load_and_change_nothing_a_second_time():
    register = services.read_shipped_register(actor=None, at=make.AT)
    assert register.plan["problems"] == []
    services.apply_register(actor=None, row=register, at=make.AT)
    assert all(not one.note.startswith(("in force", "text not")) for one in LawDocument.objects.all())
    services.load_documents(at=make.AT)
    held = LawDocument.objects.filter(live__isnull=False).select_related("live")
    assert held.count() == 6
    for one in held:
        assert faults(one.live) == [], one.number
    assert services.load_documents(at=make.AT) == 0
    assert services.read_shipped_register(actor=None, at=make.AT).plan["rows"] == []
    assert LawDocument.objects.get(number="148/2025/QH15").supersedes.get().number == "67/2006/QH11"


def test_the_report_as_workbook_and_document(as_user):
    unit = make.unit("Sở Nội vụ")
    people = staff(unit, 6)
    campaign = spread.opened(units=[unit])
    spread.understood(people[0], campaign.document)
    client = as_user(make.user("training"))
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("outreach:export", args=[campaign.pk])).content))
    names = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert people[0].full_name in names
    reply = as_user(make.user("leader")).get(reverse("reports:outreach_file", args=[campaign.pk, "docx"]))
    text = docx.Document(BytesIO(reply.content))
    cells = [cell.text for table in text.tables for row in table.rows for cell in row.cells]
    assert "Sở Nội vụ" in cells
    assert "16,7%" in cells
    assert people[0].full_name not in " ".join(cells)


def test_officer_head_and_reader_walk_it_over_http(as_user, client):
    unit = make.unit("Sở Nội vụ")
    reader = make.person(unit=unit, login=True)
    officer, head = make.user("training"), make.user("head", unit)
    told = {"number": "9/2032/NĐ-CP", "title_vi": "Nghị định đi thử", "standing": "in_force", "confidence": "S"}
    page = as_user(officer).post(reverse("outreach:document_new"), told, follow=True)
    row = LawDocument.objects.get(number="9/2032/NĐ-CP")
    assert page.status_code == 200
    client.post(reverse("outreach:draft", args=[row.pk]), spread.TEXTS)
    client.post(reverse("outreach:publish", args=[row.pk]), {}, follow=True)
    due = f"{make.AT + timedelta(days=3650):%d/%m/%Y}"
    wanted = {"document": row.pk, "units": unit.code, "due": due, "follow_up": "head"}
    client.post(reverse("outreach:campaign_new"), wanted)
    campaign = Campaign.objects.get(document=row)
    client.post(reverse("outreach:campaign_do", args=[campaign.pk, "gui"]))
    campaign.refresh_from_db()
    assert campaign.job.kind == "outreach.open"
    from nanglucso.core import jobs

    jobs.perform(str(campaign.job_id))
    assert "9/2032/NĐ-CP" in as_user(reader.user).get(reverse("outreach:mine")).content.decode()
    client.post(reverse("outreach:begin", args=[row.pk]))
    row.refresh_from_db()
    spread.understood(reader, row, at=make.at(4000))
    as_user(head)
    assert (
        reader.full_name
        in client.get(reverse("outreach:people", args=[campaign.pk]) + "?muc=understood").content.decode()
    )
    client.post(reverse("outreach:confirm", args=[campaign.pk]), {"person": [reader.pk]})
    assert queries.total(scope=EVERYTHING, campaign=Campaign.objects.get(pk=campaign.pk)).n[4] == 1
