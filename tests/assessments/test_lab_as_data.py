"""A task that nobody has programmed: one file in a folder is loaded, drawn, played over HTTP, judged and replayed."""

import copy
import re
import uuid

import pytest
import time_machine
import yaml
from django.urls import reverse
from tests import make

from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.measure.assessments import labfinding, labruns
from nanglucso.measure.assessments.labboards import board, table
from nanglucso.measure.bank.labchecks import faults
from nanglucso.measure.bank.labfiles import read_labs
from nanglucso.measure.bank.models import Lab
from nanglucso.measure.bank.reading import BadItemFile
from nanglucso.measure.bank.services import load_labs

NEW = yaml.safe_load(
    """
id: LAB-3.2-KHO
version: 1
system: dashboard
title: "Kho vật tư phòng, chống thiên tai"
title_en: "The store for emergencies"
minutes: 10
source: [{doc: "kỹ năng chung", as_of: 2026-11-29}]
review_by: 2099-11-30
scenario: "Kho của xã có ba mặt hàng. Đồng chí tìm mặt hàng thiếu và đề nghị bổ sung."
goal: "Mặt hàng thiếu được đề nghị bổ sung."
objects:
  xem: {kho: chinh, words: ""}
  b1: {at: chinh, title: "Kho chính", tiles: [["Mặt hàng", 3]], bars: {title: "Tỷ lệ đủ", unit: "%", rows: [["Bao tải", 25.5, "thiếu"], ["Áo phao", 100]]}}
  b2: {at: phu, title: "Kho phụ", table: {title: "Tồn kho", heads: ["Hàng", "Còn"], rows: [["Cuốc", 1250]]}}
  v1: {name: "Bao tải", left: "120 cái", lack: true, asked: ""}
  v2: {name: "Áo phao", left: "80 cái", lack: false, asked: ""}
variants:
  1: {v1.left: "120 cái"}
  2: {v1.left: "90 cái"}
choices: {kho: [chinh, phu], item: [v1, v2]}
actions:
  look: {args: [kho], effect: [{set: [xem.kho, $kho]}]}
  find: {args: [words], effect: [{set: [xem.words, $words]}]}
  ask: {args: [item, text], effect: [{set: [$item.asked, $text]}], reply: "Đã gửi đề nghị."}
screen:
  names: {b1: "Kho chính", b2: "Kho phụ", v1: "Bao tải", v2: "Áo phao"}
  shows: {name: "Mặt hàng", left: "Còn lại", asked: "Đã đề nghị"}
  values: {chinh: "Kho chính", phu: "Kho phụ"}
  acts: {look: "Xem kho", find: "Tìm", ask: "Đề nghị bổ sung"}
  args: {kho: "Kho", words: "Từ khóa", item: "Mặt hàng", text: "Nội dung"}
  short: [words]
  places:
    - {code: bang, label: "Bảng tồn kho", kind: board, of: [b1, b2], where: [[at, "==", $xem.kho]], keeps: {kho: xem.kho}, ready: [look], acts: [look]}
    - {code: hang, label: "Mặt hàng", kind: list, of: [v1, v2], arg: item, match: {words: xem.words, in: [name]}, columns: [name, left], fields: [left, asked], paper: [name], ready: [find], acts: [find, ask]}
steps:
  - {id: B1, competence: "3.2", points: 2, ok: {text: {field: v1.asked, min_words: 3}}, feedback_ok: "Bao tải thiếu đã được đề nghị.", feedback_no: "Bao tải thiếu mà chưa được đề nghị."}
  - {id: B2, competence: "3.2", points: 1, ok: {log: {verb: look, where: {kho: phu}}}, feedback_ok: "Kho phụ đã được xem.", feedback_no: "Kho phụ chưa được xem."}
score:
  "3.2": {cuts: [2, 3], prior: {a: 1.2, b: [-0.5, 0.5]}}
traces:
  good: {seed: 0, acts: [[5, look, {kho: phu}], [9, ask, {item: v1, text: "Bổ sung bao tải"}]], expect: {"3.2": 2}}
  partly: {seed: 0, acts: [[9, ask, {item: v1, text: "Bổ sung bao tải"}]], expect: {"3.2": 1}}
  careless: {seed: 1, acts: [[9, ask, {item: v2, text: "Bổ sung áo phao"}]], expect: {"3.2": 0}}
"""
)


def stored(folder, data):
    (folder / "kho.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def desk(db, client, tmp_path):
    """(run, send, look): the new task begun, one act or one look over HTTP at second 20."""
    load_labs(framework=make.framework(), at=make.AT, folder=stored(tmp_path, NEW))
    person = make.person(login=True)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(make.at(1, seconds=20), tick=False):
        run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=NEW["id"]), at=make.at(1))
        url = reverse("assessments:lab", args=[run.pk])

        def send(verb, back="", **args):
            sent = {"verb": verb, "key": str(uuid.uuid4()), "back": back} | args
            return client.post(url, sent, follow=True).content.decode()

        yield run, send, lambda query: client.get(url + query).content.decode()


def test_the_checker_finds_no_fault_in_it():
    assert list(faults(NEW)) == []


def test_a_filter_decides_which_board_is_drawn_and_keeps_its_choice(desk):
    _run, send, look = desk
    first = look("?p=bang")
    assert "25,5%" in first
    assert "Tồn kho" not in first
    then = send("look", "p=bang", kho="phu")
    assert "1.250" in then
    assert "25,5%" not in then
    assert re.search(r'<option value="phu" selected', then)


def test_a_search_finds_without_tone_marks_and_shows_nothing_before(desk):
    _run, send, look = desk
    assert "120 cái" not in look("?p=hang")
    found = send("find", "p=hang", words="BAO TAI")
    assert "120 cái" in found
    assert "80 cái" not in found
    assert "120 cái" not in send("find", "p=hang", words="cuốc")


@pytest.mark.parametrize("name", NEW["traces"])
def test_each_run_over_http_gives_its_rubric_score_and_replays(desk, client, name):
    run, send, _look = desk
    trace = NEW["traces"][name]
    send("find", "p=hang", words="a")
    for _seconds, verb, args in trace["acts"]:
        send(verb, "p=hang" if verb == "ask" else "p=bang", **args)
    client.post(reverse("assessments:lab_finish", args=[run.pk]))
    run.refresh_from_db()
    lab, rows = labruns.task(run), labruns.log(run)
    assert outcome(lab, engine.replay(lab, run.seed, rows)).categories() == trace["expect"]
    page = client.get(reverse("assessments:lab_feedback", args=[run.pk])).content.decode()
    for step in NEW["steps"]:
        assert (step["feedback_no"] in page) == (step["id"] not in run.result["done"])
        assert step["feedback_ok"] in page


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("screen", "places", 0, "where"), [["at", "~", "x"]], "operator"),
        (("screen", "places", 0, "where"), ["at", "=="], "operator"),
        (("screen", "places", 0, "where"), ["at", "==", "$xem.nowhere"], "nowhere"),
        (("screen", "places", 0, "keeps"), {"kho": "no.field"}, "no.field"),
        (("screen", "places", 1, "match"), {"words": "xem.words"}, "words and in"),
        (("screen", "args"), {"kho": "Kho"}, "no words for"),
        (("objects", "b1", "title"), None, "title"),
        (("objects", "b1", "bars", "rows", 0), ["Bao tải", -1], "from 0"),
        (("objects", "b2", "table", "rows", 0), ["Cuốc"], "cells"),
    ],
)
def test_a_place_drawn_wrongly_is_refused_with_its_place(tmp_path, path, value, said):
    data = copy.deepcopy(NEW)
    part = data
    for step in path[:-1]:
        part = part[step]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    with pytest.raises(BadItemFile, match=said):
        read_labs(stored(tmp_path, data))
    assert [code for code, text in faults(data) if said in text] == ["E16"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scenario": "Các bạn xem kho rồi đề nghị."}, "E10"),
        ({"goal": "Số điện thoại 0912 345 678 được gọi."}, "E18"),
        ({"title": "Kho của UBND huyện"}, "E08"),
        ({"goal": "Gửi link cho người nhận."}, "W38"),
        ({"review_by": "2020-01-01"}, "E07"),
        ({"source": [{"doc": "999/2030/NĐ-CP", "as_of": "2026-11-29"}]}, "E17"),
        ({"source": []}, "E07"),
        ({"goal": "Mặt hàng\u200b thiếu được đề nghị."}, "E04"),
    ],
)
def test_wording_and_sources_of_a_task_are_checked_as_those_of_items(change, code):
    assert code in [found for found, _text in faults(NEW | change)]


def test_history_lets_texts_of_the_past_be_named():
    told = NEW | {"goal": "Nghị định 61/2018/NĐ-CP đã hết hiệu lực."}
    assert "E08" in [code for code, _text in faults(told)]
    assert list(faults(told | {"history": True})) == []


def test_figures_are_written_as_offices_do_and_bars_are_shares_of_the_greatest():
    drawn = board(
        {"title": "B", "tiles": [["A", 1250000], ["B", 12.5, "so với 10"]], "bars": {"rows": [["a", 4], ["b", 2]]}}
    )
    assert drawn["tiles"] == [("A", "1.250.000", ""), ("B", "12,5", "so với 10")]
    assert [row["width"] for row in drawn["bars"]["rows"]] == [100, 50]
    assert board({"title": "B", "bars": {"rows": [["a", 0]]}})["bars"]["rows"][0]["width"] == 0
    assert table({"heads": ["H", "N"], "rows": [["x", 5]]})["rows"] == [[("H", "x", False), ("N", "5", True)]]


def test_filters_and_searches_hold_together():
    objects = {"a": {"k": "x", "t": "Đào tạo, bồi dưỡng"}, "b": {"k": "y", "t": "Đào tạo"}, "q": {"w": "", "k": "x"}}
    place = {"of": ["a", "b"], "where": ["k", "==", "$q.k"]}
    assert labfinding.held(place, objects) == ["a"]
    searched = place | {"match": {"words": "q.w", "in": ["t"]}}
    assert labfinding.held(searched, objects) == []
    for words, found in (("dao", ["a"]), ("ĐÀO bồi", ["a"]), ("tạo x", [])):
        objects["q"]["w"] = words
        assert labfinding.held(searched, objects) == found
