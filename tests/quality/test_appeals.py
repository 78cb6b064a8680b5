"""From the request to the answer: who may ask, who may decide, what each of them sees."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.quality import queries, services
from nanglucso.measure.quality.models import Appeal, Correction
from nanglucso.measure.quality.rules import terms
from tests import make
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Câu hỏi có hai phương án cùng đúng theo quy định."
ANSWER = "Đã đối chiếu văn bản căn cứ; hai phương án cùng đúng nên câu được loại."


@pytest.fixture
def taker():
    """Somebody with a finished test in the interior agency."""
    person = make.person(unit=make.unit("Sở Nội vụ"), login=True)
    person.test = sat.sit(sat.campaign_of([person]).sittings.get())
    return person


def ask(person, step=1, at=None, reason=REASON):
    told = {"person": person, "sitting": person.test, "step": step, "reason": reason, "at": at or make.at(1)}
    return services.file_appeal(actor=person.user, **told)


@pytest.fixture
def case(taker):
    return ask(taker)


def give(case, reviewer, at=None):
    services.assign_reviewer(actor=make.user("training"), appeal=case, reviewer=reviewer, at=at or make.at(2))


def test_a_case_has_its_item_and_its_deadline(taker):
    row = ask(taker, step=2)
    assert row.item_version == taker.test.answers.get(seq=1).item_version
    assert row.due_at == make.at(1) + terms().to_answer
    assert (queries.clock(row, make.at(32)).late, queries.clock(row, make.at(3)).late) == (True, False)


def test_the_term_ends_on_the_day_that_the_content_says(taker):
    last = taker.test.finished_at + terms().to_file
    ask(taker, at=last)
    with pytest.raises(Refused):
        ask(taker, step=2, at=last.replace(microsecond=1))


def test_a_case_is_refused_without_reason_twice_or_by_another_person(taker):
    with pytest.raises(Refused):
        ask(taker, reason="sai")
    ask(taker)
    with pytest.raises(Refused):
        ask(taker)
    with pytest.raises(Refused):
        ask(taker, step=99)
    other = make.person(login=True)
    other.test = taker.test
    with pytest.raises(Refused):
        ask(other, step=3)
    assert Appeal.objects.count() == 1


def test_the_reviewer_is_neither_the_person_nor_the_author_of_the_item_nor_anybody_else(case, taker):
    author = make.user("author")
    ItemVersion.objects.filter(pk=case.item_version_id).update(author=author)
    case = Appeal.objects.get(pk=case.pk)
    RoleGrant.objects.create(user=taker.user, role="training", granted_at=make.at(-9))
    for nobody in (author, taker.user, make.user("leader")):
        with pytest.raises(Refused):
            give(case, nobody)
        assert nobody not in queries.reviewers(case, make.at(2))
    assert Appeal.objects.get(pk=case.pk).status == "received"
    fine = make.user("author")
    give(case, fine)
    assert fine in queries.reviewers(case, make.at(2))


def test_only_its_reviewer_decides_and_only_with_reasons(case):
    reviewer = make.user("author")
    give(case, reviewer)
    told = {"appeal": case, "remedy": "", "answer": ANSWER, "at": make.at(3)}
    with pytest.raises(Refused):
        services.decide(actor=make.user("training"), **told)
    with pytest.raises(Refused):
        services.decide(actor=reviewer, **(told | {"answer": "Không."}))
    services.decide(actor=reviewer, **told)
    assert (case.status, case.answer) == ("rejected", ANSWER)
    with pytest.raises(Refused):
        services.decide(actor=reviewer, **told)


def test_an_upheld_case_ends_when_the_correction_is_applied(case):
    reviewer, officer = make.user("author"), make.user("training")
    give(case, reviewer)
    made = services.decide(actor=reviewer, appeal=case, remedy="neutralise", answer=ANSWER, at=make.at(3))
    assert Appeal.objects.get(pk=case.pk).status == "upheld"
    made = sat.work(made)
    services.approve(actor=officer, correction=made, at=make.at(4))
    sat.work(made)
    assert Appeal.objects.get(pk=case.pk).status == "applied"
    assert sat.same(sat.fold_without(case.person, case.item_version), sat.stored(case.person))


def test_a_dropped_correction_gives_the_case_back_to_its_reviewer(case):
    reviewer = make.user("author")
    give(case, reviewer)
    made = sat.work(services.decide(actor=reviewer, appeal=case, remedy="void", answer=ANSWER, at=make.at(3)))
    services.drop(actor=make.user("training"), correction=made, at=make.at(4))
    assert (Appeal.objects.get(pk=case.pk).status, Correction.objects.get().status) == ("review", "dropped")


# ---------------------------------------------------------------- pages
@pytest.fixture
def day():
    with time_machine.travel(make.at(1), tick=False):
        yield


def test_a_person_asks_on_the_page_and_reads_the_answer(as_user, taker, day):
    client = as_user(taker.user)
    page = client.get(reverse("quality:file", args=[taker.test.pk]), {"cau": "1"})
    assert page.status_code == 200
    bad = client.post(reverse("quality:file", args=[taker.test.pk]), {"step": "1", "reason": "ngắn"})
    assert (bad.status_code, "ngắn" in bad.content.decode()) == (422, True)
    client.post(reverse("quality:file", args=[taker.test.pk]), {"step": "1", "reason": REASON})
    case = Appeal.objects.get()
    reviewer = make.user("author")
    give(case, reviewer)
    services.decide(actor=reviewer, appeal=case, remedy="", answer=ANSWER, at=make.at(1))
    assert ANSWER in client.get(reverse("quality:mine")).content.decode()


def test_neither_the_person_nor_the_officer_is_shown_the_key_and_the_reviewer_is(as_user, case, taker, day):
    version = ItemVersion.objects.select_related("item").get(pk=case.item_version_id)
    secrets = [text for text in _told(version) if text]
    assert secrets
    client = as_user(taker.user)
    for address in (reverse("quality:mine"), reverse("quality:file", args=[taker.test.pk])):
        page = client.get(address).content.decode()
        assert not [text for text in secrets if text in page]
    reply = as_user(make.user("training")).get(reverse("quality:appeal", args=[case.pk]))
    page = reply.content.decode()
    assert (reply.status_code, version.body["stem"][:20] in page) == (200, True)
    assert not [text for text in secrets if text in page]
    reviewer = make.user("author")
    give(case, reviewer)
    page = as_user(reviewer).get(reverse("quality:appeal", args=[case.pk])).context
    assert page["key"]


def _told(version):
    key = version.key
    told = key.get("feedback") or {}
    return [*map(str, told.values()), key.get("feedback_correct", ""), key.get("feedback_wrong", "")]


def test_who_sees_a_case(as_user, case, taker, day):
    address = reverse("quality:appeal", args=[case.pk])
    inside = make.user("training", make.unit("Sở Nội vụ"))
    outside = make.user("training", make.unit("Sở Tài chính"))
    author = make.user("author")
    assert as_user(inside).get(address).status_code == 200
    assert as_user(outside).get(address).status_code == 404
    assert as_user(author).get(address).status_code == 404
    assert as_user(make.user("official")).get(address).status_code == 403
    give(case, author)
    page = as_user(author).get(address)
    assert page.status_code == 200
    assert taker.full_name not in page.content.decode()
    assert taker.full_name not in as_user(author).get(reverse("quality:appeals")).content.decode()
    assert case.pk.hex[:6] not in as_user(outside).get(reverse("quality:appeals")).content.decode()
    assert AuditEntry.objects.filter(verb="quality.open_appeal", person_id=taker.pk).count() == 2


def test_nobody_opens_the_reviewers_side_of_their_own_case(as_user, case, taker, day):
    RoleGrant.objects.create(user=taker.user, role="training", granted_at=make.at(-9))
    client = as_user(taker.user, "training")
    assert client.get(reverse("quality:appeal", args=[case.pk])).status_code == 404
    assert case.number not in client.get(reverse("quality:appeals")).content.decode()


def test_the_whole_way_on_the_pages(as_user, case, day):
    first, second, reviewer = make.user("training"), make.user("training"), make.user("author")
    address = reverse("quality:appeal", args=[case.pk])
    as_user(first).post(reverse("quality:assign", args=[case.pk]), {"reviewer": reviewer.pk})
    data = {"remedy": "neutralise", "answer": ANSWER}
    assert as_user(reviewer).post(reverse("quality:decide", args=[case.pk]), data).status_code == 302
    made = sat.work(Correction.objects.get())
    page = as_user(second).get(reverse("quality:correction", args=[made.pk]), {"all": "1"})
    assert case.person.full_name in page.content.decode()
    as_user(second).post(reverse("quality:correct", args=[made.pk, "approve"]))
    sat.work(made)
    assert as_user(second).get(reverse("quality:correction", args=[made.pk])).status_code == 200
    assert as_user(first).get(address).status_code == 200
    assert Appeal.objects.get().status == "applied"
    as_user(first).post(reverse("quality:undo", args=[made.pk]), {"reason": "Văn bản vẫn còn hiệu lực."})
    assert sat.work(made).status == "undone"
