"""The requirement matrix: a draft cell by cell, checks, approval by another, versions, undo; and its pages."""

import json

import pytest
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people import matrix
from nanglucso.workforce.people.models import Position, PositionVersion, Requirement, RequirementDraft
from nanglucso.workforce.people.services import matrix as services
from tests import make

pytestmark = pytest.mark.django_db
REASON = "Nhiệm vụ của vị trí đã thay đổi từ quý này."


@pytest.fixture
def officer():
    make.city()
    return make.user("training")


@pytest.fixture
def leader():
    return make.user("leader")


def competence(code):
    return make.framework().competences.get(code=code).pk


def set_(officer, position, code, level, must=False, revision=None):
    draft = services.requirement_draft(actor=officer, at=make.AT)
    cells = [(position.pk, competence(code), level, must)]
    return services.set_cells(
        actor=officer, draft=draft, revision=draft.revision if revision is None else revision, cells=cells, at=make.AT
    )


def photograph():
    fields = ("position", "competence", "level", "weight", "must_have", "reason")
    return sorted(Requirement.objects.values_list(*fields))


def test_a_draft_changes_nothing_until_another_person_approves(officer, leader):
    position, before = make.position("VTVL-SO-VT-01"), photograph()
    draft = set_(officer, position, "6.4", 3, must=True)
    assert photograph() == before
    services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(1))
    with pytest.raises(Refused):
        services.approve_requirements(actor=officer, draft=draft, at=make.at(1))
    services.approve_requirements(actor=leader, draft=draft, at=make.at(1))
    row = position.requirements.get(competence__code="6.4")
    assert (row.level, row.must_have) == (3, True)
    assert sum(one.weight for one in position.requirements.all()) == pytest.approx(100)
    assert [one.number for one in position.versions.all()] == [2, 1]
    was = {code: level for code, level, *_ in position.versions.get(number=1).rows}
    assert was["6.4"] == 1


def test_undo_puts_every_row_back(officer, leader):
    first, second = make.position("VTVL-SO-VT-01"), make.position("VTVL-CQ-LX-01")
    before = photograph()
    set_(officer, first, "3.1", 0)
    draft = set_(officer, second, "3.3", 1)
    services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(1))
    services.approve_requirements(actor=leader, draft=draft, at=make.at(1))
    assert not first.requirements.filter(competence__code="3.1").exists()
    assert second.requirements.get(competence__code="3.3").level == 1
    services.undo_requirements(actor=leader, draft=draft, at=make.at(2))
    assert photograph() == before
    assert not PositionVersion.objects.filter(number=2).exists()


def test_a_cell_set_back_leaves_the_draft(officer):
    position = make.position("VTVL-SO-VT-01")
    now = position.requirements.get(competence__code="5.2")
    assert set_(officer, position, "5.2", 1).size == 1
    assert set_(officer, position, "5.2", now.level, now.must_have).size == 0


def test_what_cannot_be_is_refused(officer):
    position = make.position("VTVL-SO-VT-01")
    for level in (-1, 5):
        with pytest.raises(Refused):
            set_(officer, position, "5.2", level)
    draft = set_(officer, position, "5.2", 1)
    with pytest.raises(Refused):
        set_(officer, position, "5.2", 2, revision=draft.revision - 1)
    with pytest.raises(Refused):
        services.set_cells(actor=make.user("training"), draft=draft, revision=draft.revision, cells=[], at=make.AT)
    with pytest.raises(Refused):
        services.set_cells(actor=officer, draft=draft, revision=draft.revision, cells=[(0, 0, 1, False)], at=make.AT)
    everything = [(position.pk, pk, 0, False) for pk in make.framework().competences.values_list("pk", flat=True)]
    with pytest.raises(Refused):
        services.set_cells(actor=officer, draft=draft, revision=draft.revision, cells=everything, at=make.AT)


def test_a_requirement_that_changed_meanwhile_stops_the_approval(officer, leader):
    position = make.position("VTVL-SO-VT-01")
    draft = set_(officer, position, "5.2", 1)
    services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(1))
    position.requirements.filter(competence__code="5.2").update(level=2)
    before = photograph()
    with pytest.raises(Refused, match="Văn thư"):
        services.approve_requirements(actor=leader, draft=draft, at=make.at(1))
    assert photograph() == before


def test_a_later_change_must_be_undone_first(officer, leader):
    position, drafts = make.position("VTVL-SO-VT-01"), []
    for day, level in enumerate((1, 3), start=1):
        draft = set_(officer, position, "6.1", level)
        services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(day))
        services.approve_requirements(actor=leader, draft=draft, at=make.at(day))
        drafts.append(draft)
    with pytest.raises(Refused):
        services.undo_requirements(actor=leader, draft=drafts[0], at=make.at(4))
    services.undo_requirements(actor=leader, draft=drafts[1], at=make.at(4))
    assert position.requirements.get(competence__code="6.1").level == 1
    services.undo_requirements(actor=leader, draft=drafts[0], at=make.at(5))
    assert position.requirements.get(competence__code="6.1").level == 2


def test_remarks_name_what_a_reader_would_ask(officer):
    position = make.position("VTVL-SO-TH-01")
    for code in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3"):
        draft = set_(officer, position, code, 3, must=True)
    draft = set_(officer, position, "4.1", 4)
    assert len(matrix.remarks(draft)) == 3


def test_the_page_saves_cells_and_says_so(as_user, officer):
    client, position = as_user(officer), make.position("VTVL-SO-VT-01")
    page = client.get(reverse("people:matrix"), {"family": position.family.code})
    assert position.name in page.text
    assert page.text.count('role="gridcell"') == 20 * Position.objects.filter(family=position.family).count()
    body = {"revision": 0, "cells": [[position.pk, competence("5.2"), 1, False]]}
    sent = client.post(reverse("people:matrix_save"), json.dumps(body), content_type="application/json")
    assert sent.status_code == 200
    assert sent.json()["size"] == 1
    again = client.post(reverse("people:matrix_save"), json.dumps(body), content_type="application/json")
    assert again.status_code == 409
    assert client.post(reverse("people:matrix_save"), "{", content_type="application/json").status_code == 400
    draft = RequirementDraft.objects.get()
    assert "★" in client.get(reverse("people:requirement_draft", args=[draft.pk])).text


def test_without_script_a_position_is_a_form_that_keeps_what_was_typed(as_user, officer):
    client, position = as_user(officer), make.position("VTVL-CQ-LX-01")
    address, codes = reverse("people:matrix_one", args=[position.pk]), make.framework().competences
    assert client.get(address).status_code == 200
    told = {f"level-{row.competence_id}": row.level for row in position.requirements.all()}
    told |= {f"must-{row.competence_id}": "on" for row in position.requirements.filter(must_have=True)}
    assert client.post(address, told | {f"level-{competence('3.3')}": "1"}).status_code == 302
    assert RequirementDraft.objects.get().size == 1
    refused = client.post(address, {f"level-{pk}": "0" for pk in codes.values_list("pk", flat=True)})
    assert refused.status_code == 422
    assert position.title in refused.text


def test_a_role_over_one_unit_does_not_edit(as_user):
    make.city()
    client = as_user(make.user("training", unit=make.unit()))
    assert client.get(reverse("people:matrix")).status_code == 403
    assert client.post(reverse("people:matrix_save"), "{}", content_type="application/json").status_code == 403


def test_the_leader_approves_and_undoes_on_the_page(as_user, officer, leader):
    position = make.position("VTVL-SO-VT-01")
    draft = set_(officer, position, "6.4", 3)
    mine = as_user(officer)
    asked = reverse("people:requirement_ask", args=[draft.pk])
    assert mine.post(asked, {"reason": "ngắn"}).status_code == 422
    assert mine.post(asked, {"reason": REASON}).status_code == 302
    theirs = as_user(leader)
    theirs.post(reverse("people:requirement_approve", args=[draft.pk]))
    assert position.requirements.get(competence__code="6.4").level == 3
    theirs.post(reverse("people:requirement_undo", args=[draft.pk]))
    assert position.requirements.get(competence__code="6.4").level == 1


def test_the_preview_counts_people_as_if_the_draft_were_in_force(as_user, officer):
    position = make.position("VTVL-SO-VT-01")
    make.person(position=position)
    draft = set_(officer, position, "6.4", 3)
    page = as_user(officer).get(reverse("gaps:preview"), {"draft": draft.pk, "lang": "en"})
    assert page.status_code == 200
    assert "1 requirement changes" in page.text


def test_the_approver_says_no_with_an_answer_that_the_author_reads(as_user, officer, leader):
    position = make.position("VTVL-SO-VT-01")
    draft = set_(officer, position, "6.4", 3)
    address = reverse("people:requirement_approve", args=[draft.pk])
    assert as_user(leader).post(address, {"answer": "Chưa phù hợp với đề án"}).status_code in (403, 422)
    services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(1))
    theirs = as_user(leader)
    assert theirs.post(address, {"answer": "không"}).status_code == 422
    assert theirs.post(address, {"answer": "Chưa phù hợp với đề án"}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "dropped"
    assert draft.decided_by == leader
    assert position.requirements.get(competence__code="6.4").level == 1
    page = as_user(officer).get(reverse("people:requirement_draft", args=[draft.pk])).text
    assert "Chưa phù hợp với đề án" in page
    assert REASON in page


def test_the_author_does_not_say_no_to_the_own_draft(officer):
    draft = set_(officer, make.position("VTVL-SO-VT-01"), "6.4", 3)
    services.ask_requirements(actor=officer, draft=draft, reason=REASON, at=make.at(1))
    with pytest.raises(Refused):
        services.refuse_requirements(actor=officer, draft=draft, answer="Chưa phù hợp với đề án", at=make.at(2))
