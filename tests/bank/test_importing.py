"""Items come in from a file only as drafts, after a person has looked at every row."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.measure.bank.exchange import read_file, to_csv, to_yaml
from nanglucso.measure.bank.models import Item, ItemDraft, ItemImport, ItemVersion
from nanglucso.measure.bank.rawitem import raw_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(make.AT, tick=False):
        yield


@pytest.fixture
def author():
    return make.user("author")


def rows():
    """One row as it stands in the bank, one with another question, one new, one that cannot be read."""
    versions = ItemVersion.objects.filter(current=True, item__type="single").select_related(
        "item__competence__framework"
    )
    same, changed = (raw_of(one) for one in versions.order_by("item__code")[:2])
    changed |= {"stem": "Câu dẫn viết lại cho rõ việc. Làm gì trước?"}
    new = {**same, "id": same["id"][:-3] + "899", "family": "mot-y-moi"}
    bad = {name: value for name, value in same.items() if name != "prior"} | {"id": same["id"][:-3] + "898"}
    return [same, changed, new, bad]


def sent(client, data, name="cau-hoi.yaml"):
    return client.post(reverse("bank:import_new"), {"file": SimpleUploadedFile(name, data)})


def whats(client):
    found = ItemImport.objects.get()
    page = client.get(reverse("bank:import_show", args=[found.pk]))
    return found, [line.what for line in page.context["page"]], page.content.decode()


@pytest.mark.parametrize(("name", "write"), [("a.yaml", to_yaml), ("a.csv", to_csv)])
def test_every_row_is_shown_before_anything_is_made(as_user, author, name, write):
    client, items = as_user(author), Item.objects.count()
    assert sent(client, write(rows()), name).status_code == 302
    _found, what, page = whats(client)
    # In CSV a number in a table comes back as text: that row counts as changed, and the comparison shows nothing.
    assert what[1:] == ["version", "new", "bad"]
    assert what[0] == "same" or name == "a.csv"
    assert rows()[2]["id"] in page
    assert (Item.objects.count(), ItemDraft.objects.count()) == (items, 0)


def test_what_is_new_becomes_drafts_once_and_nothing_goes_into_use(as_user, author):
    client = as_user(author)
    sent(client, to_yaml(rows()))
    found, *_ = whats(client)
    versions = list(ItemVersion.objects.order_by("pk").values())
    url = reverse("bank:import_take", args=[found.pk])
    assert client.post(url).url == reverse("bank:drafts")
    client.post(url)
    drafts = {one.code: one for one in ItemDraft.objects.all()}
    assert set(drafts) == {rows()[1]["id"], rows()[2]["id"]}
    changed = drafts[rows()[1]["id"]]
    assert (changed.item.code, changed.base.number, changed.raw["version"]) == (changed.code, 1, 2)
    assert {one.state for one in drafts.values()} == {"writing"}
    assert list(ItemVersion.objects.order_by("pk").values()) == versions
    assert AuditEntry.objects.get(verb="bank.take_import").details["drafts"] == 2


def test_only_who_uploaded_takes_over_and_an_open_draft_is_not_overrun(as_user, author):
    client = as_user(author)
    sent(client, to_yaml(rows()))
    found, *_ = whats(client)
    as_user(make.user("author")).post(reverse("bank:import_take", args=[found.pk]))
    assert not ItemDraft.objects.exists()
    as_user(author).post(reverse("bank:import_take", args=[found.pk]))
    ItemImport.objects.all().update(taken_at=None)
    _found, what, _page = whats(as_user(author))
    assert what == ["same", "bad", "bad", "bad"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_broken_file_is_refused_in_one_sentence_of_the_language(as_user, author, lang):
    client = as_user(author)
    reply = client.post(
        reverse("bank:import_new") + f"?lang={lang}", {"file": SimpleUploadedFile("a.yaml", b"- id: x\n  y: [")}
    )
    assert reply.status_code == 422
    assert ("dòng" if lang == "vi" else "line") in reply.context["form"].errors["file"][0]
    assert not ItemImport.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.yaml", b"[" * 100_000),
        ("a.yaml", b"- " * 50_000),
        ("a.csv", b"id;type;" + b"a." * 15_000 + b"a\nx;single;1\n"),
    ],
)
def test_a_file_of_endless_depth_is_refused_in_one_sentence(as_user, author, name, data):
    reply = sent(as_user(author), data, name)
    assert reply.status_code == 422
    assert "lồng nhau quá 30 cấp" in reply.context["form"].errors["file"][0]
    assert not ItemImport.objects.exists()


@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_the_filtered_list_can_be_taken_away_and_that_is_recorded(as_user, author, kind):
    reply = as_user(author).get(reverse("bank:export", args=[kind]), {"type": "order", "status": "live"})
    found = read_file(f"a.{kind}", reply.content)
    assert {raw["type"] for raw in found} == {"order"}
    assert len(found) == Item.objects.filter(type="order", status="live").count()
    assert AuditEntry.objects.get(verb="bank.export_items").details == {"kind": kind, "items": len(found)}


def test_a_row_of_another_competence_under_a_known_code_is_not_taken(as_user, author):
    raw = {**rows()[0], "competence": "9.9"}
    client = as_user(author)
    sent(client, to_yaml([raw, rows()[2], rows()[2]]))
    _found, what, _page = whats(client)
    assert what == ["bad", "bad", "bad"]
