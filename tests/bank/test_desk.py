"""The item author's desk: who may open it, what it counts, and the trace that reading a key leaves."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import curves, queries, services
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.workforce.framework.queries import frame
from tests import make

pytestmark = pytest.mark.django_db
PAGES = (("bank:health", False), ("bank:items", False), ("bank:item", True))


def one(kind="single"):
    return Item.objects.filter(type=kind, status=Item.Status.LIVE).order_by("code").first()


def address(name, with_code):
    return reverse(name, args=[one().code] if with_code else [])


@pytest.fixture
def author(as_user):
    return as_user(make.user("author"))


@pytest.mark.parametrize(("name", "with_code"), PAGES)
@pytest.mark.parametrize("role", ["official", "head", "training", "leader", "auditor", "admin"])
def test_nobody_but_an_author_opens_the_bank(as_user, role, name, with_code):
    client = as_user(make.user(role))
    reply = client.get(address(name, with_code))
    assert reply.status_code == 403
    version = one().versions.get(current=True)
    assert version.body["options"][0]["text"] not in reply.content.decode()


@pytest.mark.parametrize(("name", "with_code"), PAGES)
def test_a_stranger_is_sent_to_the_log_in_page(client, name, with_code):
    reply = client.get(address(name, with_code))
    assert (reply.status_code, reverse("account_login") in reply.url) == (302, True)


def test_every_reading_of_a_key_leaves_a_row_in_the_log_and_the_list_leaves_none(author):
    item = one()
    author.get(reverse("bank:items"))
    author.get(reverse("bank:health"))
    author.get(reverse("bank:item", args=[item.code]))
    author.get(reverse("bank:item", args=[item.code]))
    rows = AuditEntry.objects.filter(verb="bank.read_key")
    assert [row.subject_label for row in rows] == [item.code, item.code]


@pytest.mark.parametrize("kind", [kind for kind, _ in Item.Type.choices])
def test_an_item_of_every_type_shows_its_key_and_what_the_taker_sees(author, kind):
    item = one(kind)
    page = author.get(reverse("bank:item", args=[item.code]), {"lang": "en"}).content.decode()
    version = item.versions.get(current=True)
    assert "Answer key and feedback" in page
    assert "phoneframe" in page
    assert page.count('class="key-yes"') == sum(row.best for row in queries.key_rows(version))


def test_the_list_carries_no_key(author):
    secret = Item.objects.filter(type="single").first().versions.get(current=True)
    page = author.get(reverse("bank:items")).content.decode()
    assert secret.item.code in page
    for told in secret.key["feedback"].values():
        assert told not in page


def test_the_coverage_map_counts_items_in_use_and_what_is_missing():
    framework = make.framework()
    rows = queries.coverage(framework)
    assert sum(row.total for row in rows) == Item.objects.filter(status=Item.Status.LIVE, practice=False).count()
    # 36 questions over 20 competences ask two of each; four times two over four levels are two a level.
    assert queries.wanted_per_level(framework) == 2
    before = rows[0]
    item = Item.objects.filter(competence=before.competence, level=1, status=Item.Status.LIVE).first()
    services.set_status(actor=None, item=item, status="retired", reason="Văn bản đã đổi", at=make.AT)
    after = queries.coverage(framework)[0]
    assert after.by_level[0] == before.by_level[0] - 1
    assert after.missing == sum(max(0, 2 - n) for n in after.by_level)


def test_items_due_for_review_come_soonest_first_and_marked_ones_always():
    first, second, marked = Item.objects.filter(status=Item.Status.LIVE).order_by("code")[:3]
    today = make.AT.date()
    Item.objects.update(review_by=make.at(800).date())
    Item.objects.filter(pk=first.pk).update(review_by=make.at(60).date())
    Item.objects.filter(pk=second.pk).update(review_by=make.at(-5).date())
    Item.objects.filter(pk=marked.pk).update(status=Item.Status.REVIEW)
    assert [row.code for row in queries.to_review(today)] == [second.code, first.code, marked.code]


def test_filters_of_the_list_narrow_it(author):
    item = one("order")
    reply = author.get(reverse("bank:items"), {"type": "order", "competence": item.competence.code})
    assert {row.type for row in reply.context["page"]} == {"order"}
    stem = item.versions.get(current=True).body["stem"][:25]
    assert [row.code for row in author.get(reverse("bank:items"), {"q": stem}).context["page"]] == [item.code]
    assert author.get(reverse("bank:items"), {"q": "không có câu nào như thế"}).context["page"].paginator.count == 0


def test_the_list_takes_the_same_number_of_queries_for_forty_items(author, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        author.get(reverse("bank:items"))


def test_a_status_changes_only_with_a_reason_and_says_why_in_the_log(author):
    item = one()
    url = reverse("bank:item_status", args=[item.code])
    reply = author.post(url, {"status": "review", "reason": ""})
    assert (reply.status_code, Item.objects.get(pk=item.pk).status) == (422, "live")
    assert author.post(url, {"status": "live", "reason": "không đổi"}).status_code == 422
    assert author.post(url, {"status": "review", "reason": "Phương án C ít ai chọn"}).status_code == 302
    assert Item.objects.get(pk=item.pk).status == "review"
    row = AuditEntry.objects.get(verb="bank.set_status")
    assert (row.details["old"], row.details["new"], row.details["reason"]) == (
        "live",
        "review",
        "Phương án C ít ai chọn",
    )
    with pytest.raises(Refused):
        services.set_status(actor=None, item=item, status="xoa", reason="x", at=make.AT)


def test_the_curve_says_what_the_response_function_says():
    version = ItemVersion.objects.select_related("item__competence").filter(item__type="single").first()
    arrays = frame(make.framework())
    version.a, version.b, version.c = 1.0, [0.0], 0.2
    assert curves.share_at(version, 0.0) == pytest.approx(0.6)
    assert curves.share_at(version, -50.0) == pytest.approx(0.2)
    drawn = curves.curve(version, arrays, 560)
    assert len(drawn.lines) == 1
    assert drawn.guess == pytest.approx(210 - 192 * 0.2)
    version.b, version.c = [-0.5, 0.5], 0.0
    assert len(curves.curve(version, arrays, 560).lines) == 2


def test_a_misplaced_item_is_called_so():
    version = ItemVersion.objects.select_related("item__competence").filter(item__type="single", item__level=2).first()
    arrays = frame(make.framework())
    cut = float(arrays.cuts[version.item.competence.index][1])
    words = []
    for shift in (-2.0, -0.2, 2.0):
        version.a, version.b = 1.0, [cut + shift]
        words.append(str(curves.facts(version, arrays)[1].word))
    assert len(set(words)) == 3


def test_a_drawn_screen_shows_its_places_its_key_and_what_each_tells(as_user):
    make.bank()
    reply = as_user(make.user("author")).get(reverse("bank:item", args=["S5.2-TC-401"]))
    page = reply.content.decode()
    assert reply.status_code == 200
    assert page.count('class="spot') == page.count('class="choice pick"') == 6
    assert [row.letter for row in reply.context["key"] if row.best] == ["D"]
    assert all(row.feedback in page for row in reply.context["key"])


def test_an_item_with_one_version_has_nothing_to_compare_and_a_file_of_items_stands_under_the_drafts(as_user):
    make.bank()
    client, code = as_user(make.user("author")), Item.objects.filter(versions__number=1).order_by("code")[0].code
    page = client.get(reverse("bank:versions", args=[code]), {"lang": "en"}).content.decode()
    assert "only one version so far" in page
    assert "<table" not in page
    page = client.get(reverse("bank:import_new")).content.decode()
    (marked,) = set(re.findall(r'href="([^"]+)"[^>]*aria-current="true"', page.partition("<main")[0]))
    assert marked == reverse("bank:drafts")


def test_the_english_gloss_stands_on_the_english_page_alone(as_user):
    make.bank()
    client, item = as_user(make.user("author")), Item.objects.exclude(gloss_en="").order_by("code")[0]
    address = reverse("bank:item", args=[item.code])
    assert escape(item.gloss_en) not in client.get(address, {"lang": "vi"}).content.decode()
    assert escape(item.gloss_en) in client.get(address, {"lang": "en"}).content.decode()
