"""An item is written, read blind by another person, approved and published; keys stay with authors."""

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import authoring
from nanglucso.measure.bank.models import Item, ItemDraft, ItemVersion
from nanglucso.measure.bank.queries import file_versions, live_versions
from nanglucso.measure.bank.rawitem import raw_of
from nanglucso.measure.bank.reading import read_row
from tests import make
from tests.bank.desk import WHY, filled, posted

pytestmark = pytest.mark.django_db
START = {"competence": "1.1", "level": "1", "kind": "single"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(make.AT, tick=False):
        yield


@pytest.fixture
def people():
    return make.user("author"), make.user("author")


def begun(as_user, author, **start):
    reply = as_user(author).post(reverse("bank:draft_new"), START | start)
    assert reply.status_code == 302
    return ItemDraft.objects.latest("created_at", "code")


def to_reader(as_user, author, **change):
    draft = begun(as_user, author)
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), filled(then="submit", **change))
    return ItemDraft.objects.get(pk=draft.pk)


def right(draft):
    return next(one["key"] for one in draft.raw["options"] if one["score"])


def read(as_user, reader, draft, verdict="accept", answer="", level="1", note="Sát việc thật ở phường."):
    client, url = as_user(reader), reverse("bank:reading", args=[draft.pk])
    first = client.post(url, {"a": answer or right(draft), "sure": "4", "level": level})
    second = client.post(url, {"verdict": verdict, "note": note})
    return first, second, ItemDraft.objects.get(pk=draft.pk)


def test_from_nothing_to_a_published_version(as_user, people):
    author, reader = people
    draft = to_reader(as_user, author)
    assert (draft.state, draft.code[:8]) == ("reading", "S1.1-CB-")
    *_, draft = read(as_user, reader, draft)
    assert draft.state == "approved"
    reply = as_user(author).post(reverse("bank:draft_do", args=[draft.pk, "publish"]))
    assert reply.url == reverse("bank:item", args=[draft.code])
    item = Item.objects.get(code=draft.code)
    version = item.versions.get()
    assert (item.status, item.level, item.type, version.number, version.author) == ("live", 1, "single", 1, author)
    assert version.current
    assert (version.body["stem"], version.key["answer"]) == (filled()["stem"], "A")
    # cut of the level - 0.2 logits, three options: content rules 3.2
    assert (version.a, version.b, version.c, version.parameters_from) == (1.0, [-1.4], 0.28, "prior")
    verbs = ["bank.start_draft", "bank.save_draft", "bank.submit_draft", "bank.read_draft", "bank.judge_draft",
             "bank.publish_draft"]  # fmt: skip
    seen = list(AuditEntry.objects.filter(verb__in=verbs).order_by("seq").values_list("verb", "actor_id"))
    assert seen == [(verb, reader.pk if verb in verbs[3:5] else author.pk) for verb in verbs]


def test_the_author_is_never_the_second_reader(as_user, people):
    author, _reader = people
    draft = to_reader(as_user, author)
    url = reverse("bank:reading", args=[draft.pk])
    assert as_user(author).get(url).url == reverse("bank:draft", args=[draft.pk])
    as_user(author).post(url, {"a": "A", "sure": "4", "level": "1"})
    assert not draft.readings.exists()
    with pytest.raises(Refused):
        authoring.solve_blind(actor=author, draft=draft, choice="A", sure=4, level=1, at=make.AT)


def test_the_reader_sees_no_key_before_the_own_answer_and_reading_it_leaves_a_trace(as_user, people):
    author, reader = people
    draft = to_reader(as_user, author)
    client = as_user(reader)
    for name in ("bank:reading", "bank:draft"):
        page = client.get(reverse(name, args=[draft.pk])).content.decode()
        assert filled()["row-0-text"] in page
        assert WHY not in page
        assert "key-yes" not in page
    assert not AuditEntry.objects.filter(verb="bank.read_key").exists()
    client.post(reverse("bank:reading", args=[draft.pk]), {"a": "A", "sure": "3", "level": "1"})
    page = client.get(reverse("bank:reading", args=[draft.pk])).content.decode()
    assert WHY in page
    assert "key-yes" in page
    assert AuditEntry.objects.filter(verb="bank.read_key", actor=reader).exists()


def test_another_author_sees_no_key_of_a_draft_that_is_being_written(as_user, people):
    author, other = people
    draft = begun(as_user, author)
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), filled())
    page = as_user(other).get(reverse("bank:draft", args=[draft.pk])).content.decode()
    assert WHY not in page
    look = as_user(other).post(reverse("bank:draft_preview", args=[draft.pk]), filled())
    assert look.status_code == 409
    as_user(other).post(reverse("bank:draft", args=[draft.pk]), filled(stem="Câu của người khác?"))
    assert ItemDraft.objects.get(pk=draft.pk).raw["stem"] == filled()["stem"]


@pytest.mark.parametrize(("answer", "level"), [("B", "1"), ("A", "3")])
def test_a_wrong_blind_answer_or_a_level_two_away_is_not_accepted(as_user, people, answer, level):
    author, reader = people
    draft = to_reader(as_user, author)
    _first, second, draft = read(as_user, reader, draft, answer=answer, level=level)
    assert (second.status_code, draft.state) == (422, "reading")
    *_, draft = read(as_user, reader, draft, verdict="revise", note="Phương án B cũng đúng ở phường tôi.")
    assert (draft.state, draft.note) == ("writing", "Phương án B cũng đúng ở phường tôi.")
    page = as_user(author).get(reverse("bank:draft", args=[draft.pk])).content.decode()
    assert "Phương án B cũng đúng ở phường tôi." in page


def test_a_second_round_is_read_anew_and_sending_back_needs_a_reason(as_user, people):
    author, reader = people
    draft = to_reader(as_user, author)
    _, second, draft = read(as_user, reader, draft, verdict="revise", note="sửa")
    assert (second.status_code, draft.state) == (422, "reading")
    *_, draft = read(as_user, reader, draft, verdict="revise", note="Câu dẫn chưa rõ việc của ai.")
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), filled(then="submit"))
    *_, draft = read(as_user, reader, ItemDraft.objects.get(pk=draft.pk))
    assert (draft.state, draft.round, draft.readings.count()) == ("approved", 2, 2)


def test_a_draft_with_a_fault_is_kept_but_goes_to_nobody(as_user, people):
    draft = to_reader(as_user, people[0], stem="Bạn làm gì trước?")
    assert (draft.state, draft.raw["stem"]) == ("writing", "Bạn làm gì trước?")
    with pytest.raises(Refused):
        authoring.submit(actor=people[0], draft=draft, at=make.AT)


def test_a_refused_form_keeps_what_was_typed_and_saves_nothing(as_user, people):
    draft = begun(as_user, people[0])
    bad = filled(review_by="32/13/2026", shift="cao", stem="Câu dẫn vừa gõ xong?")
    reply = as_user(people[0]).post(reverse("bank:draft", args=[draft.pk]), bad)
    page = reply.content.decode()
    assert reply.status_code == 422
    for typed in ("32/13/2026", "Câu dẫn vừa gõ xong?", 'value="cao"', "Đổi mật khẩu hộp thư", WHY):
        assert typed in page
    assert ItemDraft.objects.get(pk=draft.pk).raw["stem"] == ""


def test_the_preview_is_drawn_from_what_is_typed_and_nothing_is_saved(as_user, people):
    draft = begun(as_user, people[0])
    client, url = as_user(people[0]), reverse("bank:draft_preview", args=[draft.pk])
    page = client.post(url, filled(stem="Bạn làm gì?")).content.decode()
    assert "Bạn làm gì?" in page
    assert "Thay màn hình máy tính" in page
    assert 'id="find-stem" hx-swap-oob="true"' in page
    assert "E10" in page.split('id="find-stem"')[1].split("</div>")[0]
    assert "E10" not in page.split('id="find-source"')[1].split("</div>")[0]
    assert ItemDraft.objects.get(pk=draft.pk).raw["stem"] == ""
    half = client.post(url, filled(**{"row-0-right": ""})).content.decode()
    assert "E01" in half
    assert client.post(url, filled(review_by="hôm nay")).status_code == 200


def test_findings_are_said_in_the_authors_language(as_user, people):
    draft = begun(as_user, people[0])
    client, url = as_user(people[0]), reverse("bank:draft_preview", args=[draft.pk])
    short = filled(**{"row-1-feedback": "Sai."})
    assert "has fewer than 12 words" in client.post(f"{url}?lang=en", short).content.decode()
    assert "ít hơn 12 từ" in client.post(f"{url}?lang=vi", short).content.decode()


@pytest.mark.parametrize("item", ["single", "multiple", "sjt", "order", "match", "numeric", "cloze", "hotspot", "file"])
def test_opening_and_saving_changes_nothing_for_every_item_of_the_bank(item):
    versions = ItemVersion.objects.filter(current=True, item__type=item).select_related("item__competence__framework")
    from nanglucso.measure.bank.draftforms import DraftEditor
    from nanglucso.measure.bank.drafting import indicators

    assert versions
    for version in versions:
        raw = raw_of(version)
        refs, cut = indicators(raw)
        editor = DraftEditor(raw, refs, cut, posted(raw))
        assert editor.is_valid(), (raw["id"], editor.form.errors, editor.rows and editor.rows.errors)
        before, after = read_row(raw, "a"), read_row(editor.to_raw(), "b")
        assert after.body == before.body, raw["id"]
        assert after == before, raw["id"]


@pytest.mark.parametrize("kind", ["multiple", "sjt", "order", "match", "numeric", "cloze", "hotspot"])
def test_a_form_of_every_type_can_be_filled_from_nothing(as_user, people, kind):
    """The shipped item's fields typed into an empty draft give an item that scores the same."""
    model = raw_of(
        ItemVersion.objects.filter(current=True, item__type=kind, item__competence__code__startswith="5").select_related(
            "item__competence__framework"
        ).first()
    )  # fmt: skip
    level = {"CB": 1, "TC": 2, "NC": 3, "CS": 4}[model["level"]]
    draft = begun(as_user, people[0], competence=model["competence"], level=str(level), kind=kind)
    data = posted(model) | {"row-INITIAL_FORMS": "0", "then": "submit", "review_by": "01/03/2027"}
    data |= {"source_as_of": "01/03/2026", "stim_shape": "none"}
    reply = as_user(people[0]).post(reverse("bank:draft", args=[draft.pk]), data)
    assert reply.status_code == 302
    draft = ItemDraft.objects.get(pk=draft.pk)
    assert draft.state == "reading", as_user(people[0]).get(reverse("bank:draft", args=[draft.pk])).context["p"].faults
    made, old = read_row(draft.raw, "a"), read_row(model, "b")
    texts = [sorted(t["text"] for t in row.body.get("options", row.body.get("steps", []))) for row in (made, old)]
    assert texts[0] == texts[1]
    assert as_user(people[1]).get(reverse("bank:reading", args=[draft.pk])).status_code == 200


OUTLINE = (
    "Bảng tổng hợp theo lĩnh vực và tháng, tính bằng công thức SUMIFS; ô trống suy ra từ số nhận trừ trễ hạn và ghi "
    "chú rõ; hai câu kết luận về đất đai và hộ tịch."
)


@pytest.fixture
def handed(as_user, people):
    """A task with a file, typed into an empty form and given to a reader."""
    rows = ItemVersion.objects.filter(current=True, item__type="file").select_related("item__competence__framework")
    model = raw_of(rows.get(item__code="S3.3-TC-601"))
    draft = begun(as_user, people[0], competence="3.3", level="2", kind="file")
    assert [one.text for one in as_user(people[0]).get(reverse("bank:draft", args=[draft.pk])).context["p"].faults]
    data = posted(model) | {"then": "submit", "review_by": "01/03/2027", "source_as_of": "01/03/2026"}
    as_user(people[0]).post(reverse("bank:draft", args=[draft.pk]), data)
    draft = ItemDraft.objects.get(pk=draft.pk)
    made, old = read_row(draft.raw, "a"), read_row(model, "b")
    assert (made.body, made.key, made.type, made.minutes) == (old.body, old.key, "file", old.minutes)
    return draft


def test_a_task_with_a_file_is_read_blind_by_an_outline_and_published(as_user, people, handed):
    assert handed.state == "reading"
    client, url = as_user(people[1]), reverse("bank:reading", args=[handed.pk])
    rubric = [one["text"] for one in handed.raw["rubric"]]
    blind = client.get(url).content.decode()
    assert not [text for text in rubric if text in blind]
    short = client.post(url, {"a": "Một bảng tính.", "sure": "4", "level": "2"})
    assert (short.status_code, "Một bảng tính." in short.content.decode()) == (422, True)
    assert client.post(url, {"a": OUTLINE, "sure": "4", "level": "2"}).status_code == 302
    page = client.get(url).content.decode()
    assert all(text in page for text in [*rubric, OUTLINE])
    told = {"verdict": "accept", "note": "Thang chấm nhận ra bài tốt."}
    assert client.post(url, told).status_code == 422, "the rubric is tried on the own outline first"
    assert client.post(url, told | {"own": "2"}).status_code == 422
    assert ItemDraft.objects.get(pk=handed.pk).state == "reading"
    assert client.post(url, told | {"own": "3"}).status_code == 302
    assert as_user(people[0]).post(reverse("bank:draft_do", args=[handed.pk, "publish"])).status_code == 302
    version = ItemVersion.objects.select_related("item").get(item__code=handed.code)
    assert (version.item.type, version.current, version.key["rubric"]) == ("file", True, handed.raw["rubric"])
    assert version.pk in set(file_versions(make.framework(), ["3.3"]).values_list("pk", flat=True))
    assert version.pk not in set(live_versions(make.framework(), ["3.3"]).values_list("pk", flat=True))


def test_a_task_with_a_file_needs_kinds_and_every_category_and_can_be_revised(as_user, people, handed):
    client = as_user(people[0])
    authoring.take_back(actor=people[0], draft=handed, at=make.AT)
    data = posted(ItemDraft.objects.get(pk=handed.pk).raw) | {"kinds": [], "rubric_2": ""}
    client.post(reverse("bank:draft", args=[handed.pk]), data)
    reply = client.get(reverse("bank:draft", args=[handed.pk]))
    assert len(reply.context["p"].by_part["answer"]) == 2
    with pytest.raises(Refused):
        authoring.submit(actor=people[0], draft=ItemDraft.objects.get(pk=handed.pk), at=make.AT)
    shipped = Item.objects.get(code="S3.3-TC-601")
    assert authoring.revise(actor=people[0], item=shipped, at=make.AT).raw["rubric"]


def test_a_step_order_is_answered_by_places(as_user, people):
    model = raw_of(ItemVersion.objects.filter(item__type="order").select_related("item__competence__framework").first())
    with_fields = posted(model) | {"row-INITIAL_FORMS": "0", "then": "submit", "review_by": "01/03/2027"}
    level = {"CB": 1, "TC": 2, "NC": 3, "CS": 4}[model["level"]]
    draft = begun(as_user, people[0], competence=model["competence"], level=str(level), kind="order")
    as_user(people[0]).post(reverse("bank:draft", args=[draft.pk]), with_fields | {"source_as_of": "01/03/2026"})
    draft = ItemDraft.objects.get(pk=draft.pk)
    client, url = as_user(people[1]), reverse("bank:reading", args=[draft.pk])
    places = {f"p_{key}": str(n) for n, key in enumerate(draft.raw["answer"], 1)}
    twice = places | {f"p_{draft.raw['answer'][0]}": "2"}
    assert client.post(url, twice | {"sure": "4", "level": str(level)}).status_code == 422
    assert client.post(url, places | {"sure": "4", "level": str(level)}).status_code == 302
    assert draft.readings.get().score == 2


def test_a_new_version_leaves_the_published_one_as_it_was(as_user, people):
    author, reader = people
    item = Item.objects.filter(type="single", status="live").order_by("code").first()
    old = ItemVersion.objects.filter(item=item, current=True).values().get()
    as_user(author).post(reverse("bank:draft_revise", args=[item.code]))
    draft = ItemDraft.objects.get(item=item)
    again = as_user(author).post(reverse("bank:draft_revise", args=[item.code]))
    assert again.url == reverse("bank:item", args=[item.code])
    data = posted(draft.raw) | {"stem": "Câu dẫn mới, hỏi đúng việc. Làm gì trước?", "then": "submit"}
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), data)
    level = str(item.level)
    *_, draft = read(as_user, reader, ItemDraft.objects.get(pk=draft.pk), level=level)
    as_user(reader).post(reverse("bank:draft_do", args=[draft.pk, "publish"]))
    new = item.versions.get(current=True)
    kept = ItemVersion.objects.filter(pk=old["id"]).values().get()
    assert (new.number, new.body["stem"]) == (old["number"] + 1, "Câu dẫn mới, hỏi đúng việc. Làm gì trước?")
    assert kept == {**old, "current": False}
    page = as_user(author).get(reverse("bank:versions", args=[item.code])).content.decode()
    assert "<ins>Câu " in page
    assert "<del>" in page


def test_what_was_published_or_dropped_is_closed(as_user, people):
    author, reader = people
    *_, draft = read(as_user, reader, to_reader(as_user, author))
    told = {"draft": draft, "at": make.AT}
    with pytest.raises(Refused):
        authoring.save(actor=author, raw={}, **told)
    as_user(author).post(reverse("bank:draft_do", args=[draft.pk, "publish"]))
    draft = ItemDraft.objects.get(pk=draft.pk)
    for verb in ("take_back", "drop", "publish"):
        as_user(author).post(reverse("bank:draft_do", args=[draft.pk, verb]), {"note": "Một lý do đủ dài."})
        assert ItemDraft.objects.get(pk=draft.pk).state == "published"


def test_a_draft_is_set_aside_only_with_a_reason_and_only_by_its_author(as_user, people):
    author, other = people
    draft = begun(as_user, author)
    url = reverse("bank:draft_do", args=[draft.pk, "drop"])
    assert as_user(author).post(url, {"note": "thôi"}).status_code == 422
    as_user(other).post(url, {"note": "Một lý do đủ dài."})
    assert ItemDraft.objects.get(pk=draft.pk).state == "writing"
    as_user(author).post(url, {"note": "Trùng ý với câu đã có."})
    assert ItemDraft.objects.get(pk=draft.pk).state == "dropped"


def test_an_approved_draft_whose_item_moved_on_is_not_published(as_user, people):
    author, reader = people
    item = Item.objects.filter(type="single", status="live").order_by("code").first()
    draft = authoring.revise(actor=author, item=item, at=make.AT)
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), posted(draft.raw) | {"then": "submit"})
    *_, draft = read(as_user, reader, ItemDraft.objects.get(pk=draft.pk), level=str(item.level))
    item.versions.update(current=False)
    spot = {"competence": item.competence, "level": item.competence.framework.levels.get(number=item.level)}
    with pytest.raises(Refused):
        authoring.publish(actor=author, draft=ItemDraft.objects.get(pk=draft.pk), at=make.AT, **spot)
    assert ItemDraft.objects.get(pk=draft.pk).state == "approved"


def test_of_two_who_press_publish_at_once_one_makes_a_version(as_user, people):
    """Both requests loaded the draft while it was approved."""
    author, reader = people
    item = Item.objects.filter(type="single", status="live").order_by("code").first()
    draft = authoring.revise(actor=author, item=item, at=make.AT)
    as_user(author).post(reverse("bank:draft", args=[draft.pk]), posted(draft.raw) | {"then": "submit"})
    *_, draft = read(as_user, reader, ItemDraft.objects.get(pk=draft.pk), level=str(item.level))
    spot = {"competence": item.competence, "level": item.competence.framework.levels.get(number=item.level)}
    first, second = (ItemDraft.objects.select_related("base").get(pk=draft.pk) for _ in range(2))
    assert second.base.current
    authoring.publish(actor=author, draft=first, at=make.AT, **spot)
    with pytest.raises(Refused):
        authoring.publish(actor=reader, draft=second, at=make.AT, **spot)
    assert item.versions.count() == 2


def test_two_readers_at_once_are_one_reading(as_user, people):
    author, reader = people
    draft = to_reader(as_user, author)
    stale = ItemDraft.objects.get(pk=draft.pk)
    told = {"choice": right(draft), "sure": 4, "level": 1, "at": make.AT}
    authoring.solve_blind(actor=reader, draft=draft, **told)
    with pytest.raises(Refused):
        authoring.solve_blind(actor=make.user("author"), draft=stale, **told)
    assert draft.readings.count() == 1
