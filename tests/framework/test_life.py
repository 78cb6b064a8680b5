"""A framework's life: draft, edit, compare, comments, review, publication."""

import uuid
from dataclasses import replace

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import comparing, services
from nanglucso.workforce.framework.models import Comment, Framework, Link
from nanglucso.workforce.framework.outline import BehaviourOutline, CompetenceOutline, Words, outline
from nanglucso.workforce.framework.services import drafts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.user("training")


@pytest.fixture
def draft(officer):
    return services.start_draft(actor=officer, source=make.framework(), version="2027", at=make.at(1))


def renamed(told, code="3.3", name="Xử lý dữ liệu"):
    row = next(row for row in told.competences if row.code == code)
    rows = [one for one in told.behaviours if one.competence == code]
    return drafts.with_competence(told, replace(row, words=drafts.new_words(name, "Handling data", row.words)), rows)


def test_a_draft_is_a_copy_under_a_new_number_with_the_same_parts(draft):
    before, after = outline(make.framework()), outline(draft)
    assert comparing.compare(before, after) == []
    assert draft.status == Framework.Status.DRAFT
    assert draft.uid != make.framework().uid
    assert draft.based_on == make.framework()


def test_a_number_that_is_taken_or_missing_is_refused(officer, draft):
    for version in ("2027", make.framework().version, " "):
        with pytest.raises(Refused) as refusal:
            services.start_draft(actor=officer, source=make.framework(), version=version, at=make.at(1))
        assert refusal.value.field == "version"


def test_every_kind_of_edit_shows_in_the_comparison(officer, draft):
    def change(told):
        told = renamed(told)
        told = drafts.without_competence(told, next(row.uid for row in told.competences if row.code == "1.2"))
        fresh = CompetenceOutline(uuid.uuid4(), "6.5", "S6", Words("Năng lực mới", "New competence"))
        said = [BehaviourOutline(uuid.uuid4(), "6.5.CB.a", "6.5", "CB", "Làm được việc mới.")]
        told = drafts.with_competence(told, fresh, said)
        return drafts.with_levels(told, list(told.levels), [-1.0, 0.0, 1.0, 2.0])

    services.edit(actor=officer, draft=draft, change=change, what="test", at=make.at(2))
    found = comparing.compare(outline(make.framework()), outline(draft))
    said = {(row.kind, row.how, row.code) for row in found if row.kind != "behaviours"}
    assert said == {
        ("about", "changed", "2027"), ("competences", "changed", "3.3"), ("competences", "removed", "1.2"),
        ("competences", "added", "6.5"),
    }  # fmt: skip
    assert sum(row.how == "removed" for row in found if row.kind == "behaviours") == 12
    change_ = next(row for row in found if row.code == "3.3").changes
    assert ("name_vi", "Xử lý dữ liệu") in {(one.field, one.after) for one in change_}
    assert [row.index for row in draft.competences.all()] == list(range(20))
    assert make.framework().competences.get(code="3.3").name_vi != "Xử lý dữ liệu"


def test_a_level_that_goes_takes_its_behaviours_along(officer, draft):
    def change(told):
        return drafts.with_levels(told, list(told.levels[:3]), [-1.2, -0.2, 0.8])

    services.edit(actor=officer, draft=draft, change=change, what="three levels", at=make.at(2))
    assert draft.levels.count() == 3
    assert not draft.competences.filter(descriptors__level__code="CS").exists()
    assert len(outline(draft).behaviours) == 180


def test_only_a_draft_can_be_edited(officer):
    with pytest.raises(Refused):
        services.edit(actor=officer, draft=make.framework(), change=renamed, what="no", at=make.at(2))


@pytest.mark.parametrize("cuts", [[0.0, 0.0, 1.0, 2.0], [0.0, 1.0], [3.0, 2.0, 1.0, 0.0]])
def test_cut_points_must_rise_and_be_one_a_level(officer, draft, cuts):
    with pytest.raises(Refused):
        services.edit(
            actor=officer, draft=draft, at=make.at(2), what="cuts",
            change=lambda told: drafts.with_levels(told, list(told.levels), cuts),
        )  # fmt: skip
    assert outline(draft) == outline(Framework.objects.get(pk=draft.pk))


def test_links_of_a_crosswalk_live_through_an_edit(officer, draft):
    way = services.start_crossing(actor=officer, source=make.framework(), target=draft, at=make.at(2))
    assert way.links.count() == 20
    services.edit(actor=officer, draft=draft, change=renamed, what="name", at=make.at(3))
    assert set(way.links.values_list("source__code", "target__code")) == {
        (c, c) for c in make.framework().competences.values_list("code", flat=True)
    }


def test_review_comments_and_publication_by_another_person(officer, draft):
    reader, leader = make.user("author"), make.user("leader")
    services.ask_review(actor=officer, draft=draft, at=make.at(3))
    with pytest.raises(Refused):
        services.edit(actor=officer, draft=draft, change=renamed, what="no", at=make.at(3))
    with pytest.raises(Refused) as refusal:
        services.comment(actor=reader, framework=draft, about="9.9", text="Không rõ mã này", at=make.at(3))
    assert refusal.value.field == "about"
    row = services.comment(actor=reader, framework=draft, about="3.3", text="Tên còn dài.", at=make.at(3))
    with pytest.raises(Refused, match="1"):
        services.publish(actor=leader, draft=draft, at=make.at(4))
    services.close_comment(actor=officer, row=row, answer="Đã rút gọn.", at=make.at(4))
    with pytest.raises(Refused):
        services.publish(actor=officer, draft=draft, at=make.at(4))
    services.publish(actor=leader, draft=draft, at=make.at(4))
    draft.refresh_from_db()
    make.framework().refresh_from_db()
    assert draft.status == Framework.Status.READY
    assert make.framework().status == Framework.Status.PUBLISHED
    assert Comment.objects.get().answer == "Đã rút gọn."


def test_links_are_checked(officer, draft):
    way = services.start_crossing(actor=officer, source=make.framework(), target=draft, at=make.at(2))
    one, other = make.framework().competences.first().pk, draft.competences.first().pk
    levels = {1: 1, 2: 2, 3: 3, 4: 4}
    for links, told in (
        ([(one, other, 0.0)], levels), ([(one, other, 1.2)], levels), ([(other, one, 0.5)], levels),
        ([(one, other, 0.5)], {1: 2, 2: 1}), ([(one, other, 0.5)], {1: 5}),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.set_links(actor=officer, crossing=way, links=links, levels=told, at=make.at(2))
    assert Link.objects.filter(crossing=way).count() == 20
    services.set_links(actor=officer, crossing=way, links=[(one, other, 0.5)], levels=levels, at=make.at(2))
    assert Link.objects.filter(crossing=way).count() == 1
