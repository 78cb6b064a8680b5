"""Typed answers with their marks, numbers as people write them, and places of a drawn screen."""

import unicodedata

import pytest

from nanglucso.measure.bank.checking import check_items
from nanglucso.measure.bank.reading import read_row
from nanglucso.measure.bank.scoring import BadChoice, lacks_marks, regions, score
from tests.bank.test_checking import GOOD, LAWS, TODAY, WORDS

WORD = {"answer": "bảo mật", "accept": ["bảo mật", "tính bảo mật"], "refuse": ["bão mất", "mật khẩu"]}
SCREEN = {"title": "Màn hình", "rows": [[{"key": f"r{i}", "text": f"Chỗ {i}"}] for i in range(1, 5)]}
DRAWN = {name: GOOD[name] for name in GOOD if name not in ("options", "type", "id")} | {
    "id": "S1.1-CB-903", "type": "hotspot", "screen": SCREEN, "answer": "r2",
    "feedback": {f"r{i}": WORDS for i in range(1, 5)},
}  # fmt: skip


def typed(text, **key):
    return score("cloze", {}, WORD | key, text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "right"), [("Bảo  mật.", 1), ("TÍNH BẢO MẬT", 1), ("bão mất", 0), ("bao mat", 0)])
def test_marks_are_kept_and_both_unicode_forms_are_the_same_text(form, text, right):
    assert typed(unicodedata.normalize(form, text)) == right


def test_d_with_a_stroke_is_a_letter_of_its_own():
    key = {"answer": "định danh", "accept": ["định danh", "Định danh"], "refuse": ["dịnh danh"]}
    assert [score("cloze", {}, key, text) for text in ("ĐỊNH DANH", "dịnh danh", "dinh danh")] == [1, 0, 0]


def test_an_item_says_whether_a_text_without_marks_counts_or_is_asked_about():
    assert (typed("bao mat", unmarked="accept"), typed("bão mất", unmarked="accept")) == (1, 0)
    assert typed("bao mât", unmarked="accept") == 0
    assert lacks_marks("cloze", WORD, "bao mat")
    assert not lacks_marks("cloze", WORD | {"unmarked": "accept"}, "bao mat")
    assert not lacks_marks("cloze", WORD, "bảo mật")
    assert not lacks_marks("cloze", WORD, "mat khau lung tung")


@pytest.mark.parametrize("text", ["92,5", "92.5", "92,5%", " 92,5 % ", "92,50"])
def test_a_number_is_taken_as_people_write_it(text):
    assert score("numeric", {}, {"answer": 92.5, "tolerance": 0.01}, text) == 1


@pytest.mark.parametrize("text", ["", "%", "chín mươi", "92,5,1"])
def test_what_is_no_number_is_not_scored(text):
    with pytest.raises(BadChoice):
        score("numeric", {}, {"answer": 92.5, "tolerance": 0.01}, text)


def test_a_place_of_a_drawn_screen_is_right_or_wrong_and_nothing_else_is_taken():
    row = read_row(DRAWN, "a.yaml")
    assert [score("hotspot", row.body, row.key, f"r{i}") for i in range(1, 5)] == [0, 1, 0, 0]
    for bad in ("r9", "", None, ["r1"]):
        with pytest.raises(BadChoice):
            score("hotspot", row.body, row.key, bad)
    assert list(regions(row.body).values()) == ["Chỗ 1", "Chỗ 2", "Chỗ 3", "Chỗ 4"]
    assert "r2" not in str({k: v for k, v in row.body.items() if k != "screen"})


def beside(*texts):
    return {"title": "x", "rows": [[{"key": f"r{i}", "text": text} for i, text in enumerate(texts, 1)]]}


@pytest.mark.parametrize(
    "screen",
    [
        {"title": "x", "rows": [[{"key": f"r{i}", "text": f"Chỗ {i}"}] for i in (1, 2, 4, 5)]},
        {"title": "x", "rows": [[{"key": f"r{i}", "text": "Như nhau"}] for i in range(1, 5)]},
        beside("Một", "Hai", "Ba", "Bốn"),
        {"title": "x", "rows": [*beside("Chữ dài hơn hai mươi hai chữ cái", "Hai")["rows"], *SCREEN["rows"][2:]]},
    ],
)
def test_a_drawn_screen_that_a_phone_or_a_list_cannot_show_is_named(tmp_path, screen):
    import yaml

    from nanglucso.core.content import root

    feedback = {c["key"]: WORDS for line in screen["rows"] for c in line}
    item = DRAWN | {"screen": screen, "feedback": feedback}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump([item], allow_unicode=True), encoding="utf-8")
    _, found = check_items(tmp_path, terms=root() / "terms.csv", laws=LAWS, today=TODAY)
    assert "E15" in {fault.code for fault in found}
