"""A lesson file is read into its parts, and each fault is named with its line and what to do."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from nanglucso.__main__ import run
from nanglucso.develop.learning import shipped
from nanglucso.develop.learning.checking import check_folder, check_source
from nanglucso.develop.learning.lengths import check_lengths
from nanglucso.develop.learning.lessonfile import read_lesson
from nanglucso.develop.learning.questions import Option, Question
from nanglucso.develop.learning.rendering import inline, render

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "lessons"
CLEANING = next(FOLDER.glob("3.3-*.md")).read_text(encoding="utf-8")
TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def rules():
    found = shipped.rules(today=TODAY)
    found.lessons.update(["BH-3.3-TC-01", "BH-6.4-TC-01"])
    return found


def faults(text, rules):
    with translation.override("en"):
        return [one for one in check_source(text, rules)[1] if one.stops]


def test_a_lesson_is_read_into_parts_exercise_and_questions():
    lesson, found = read_lesson(CLEANING)
    assert found == []
    assert [part.number for part in lesson.parts] == [1, 2, 3, 4, 5]
    assert lesson.exercise.kind == "each"
    assert len(lesson.exercise.rows) == 6
    assert lesson.exercise.rows[3].accept == ("Hỏi lại",)
    assert [len(one.options) for one in lesson.questions] == [3, 3, 3]
    assert all(one.options[one.key].feedback.startswith("Đúng") for one in lesson.questions)
    assert "lam-thu" not in lesson.parts[2].text
    assert "dòng cộng" in lesson.parts[2].after
    assert lesson.parts[3].text == ""
    assert lesson.remember.startswith("hỏi *người*")
    assert "Nhớ" not in lesson.parts[4].text


def test_the_model_lessons_have_no_fault(rules):
    assert [one for _file, one in check_folder(FOLDER, rules)[1] if one.stops] == []


ORDER = 'type: order\nsteps: ["Một việc", "Hai việc", "Ba việc", "Bốn việc"]\nwhy: "Làm bản sao trước thì mọi bước sau đều quay lại được."'


def with_exercise(block):
    start, end = CLEANING.index("```lam-thu"), CLEANING.index("```\n\nKhông dùng")
    return f"{CLEANING[:start]}```lam-thu\n{block}\n{CLEANING[end:]}"


def test_the_other_kinds_of_exercise_are_read(rules):
    fill = (
        'type: fill\nfields:\n- label: "Số người"\n  accept: ["3", "3 người"]\n  why: "Ba người khác nhau có số chứng nhận khác nhau trong bảng."\n'
        + ('- label: "Số dòng bỏ"\n  accept: [2]\n  why: "Một dòng trùng và một dòng cộng phải bỏ khỏi danh sách."')
    )
    assert faults(with_exercise(ORDER), rules) == []
    assert faults(with_exercise(fill), rules) == []
    assert read_lesson(with_exercise(fill))[0].exercise.rows[1].accept == ("2",)


# (what is changed, into what, rule, words of the line that is named)
WRONG = [
    ("id: BH-3.3-TC-01", "id: BH-33", "L02", "id: BH-33"),
    ("level: TC", "level: NC", "L02", "competence:"),
    ("indicator: 3.3.TC.a", "indicator: 3.3.TC.z", "L02", "indicator:"),
    ("minutes: 10", "minutes: 25", "L07", "minutes:"),
    ("minutes: 10\n", "", "L01", "id:"),
    ("minutes: 10", "minutes: 10\nauthor: ai", "L01", "author:"),
    ('title: "Làm', 'title: "Làm: "', "L01", "title:"),
    ("review_by: 2027-11-30", "review_by: 2028-01-31", "L12", "review_by:"),
    ("review_by: 2027-11-30", "review_by: 2026-01-31", "L12", "review_by:"),
    ('"kỹ năng chung", as_of', '"999/2025/QH15", as_of', "L13", "source:"),
    ("biết lọc và sắp xếp trong bảng tính", "BH-1.1-CB-99", "L18", "prerequisites:"),
    ("## 2. Xem cách làm (3 phút)", "## 2. Xem cách làm", "L03", "## 2. Xem"),
    ("> Sau bài này", "> Bài này", "L03", "> Bài này"),
    ("**Nhớ một câu:**", "**Nhớ:**", "L03", ""),
    ("type: each", "type: drag", "L04", "type: drag"),
    ("key: Hỏi lại", "key: Xóa", "L04", "rows:"),
    ("```lam-thu\ntype", "```lam_thu\ntype", "L04", ""),
    ("→ *Đúng: hỏi số lượt", "→ *Chưa: hỏi số lượt", "L05", "**Câu 1.**"),
    ("- Giữ dòng có ngày sau. → *", "- Giữ dòng có ngày sau. *", "L05", "- Giữ dòng có ngày sau. *"),
    ("**Câu 3.**", "Câu 3.", "L05", "## 4."),
    ("Không ai gian dối.", "Không ai gian dối!", "L09", "gian dối!"),
    ("Không ai gian dối.", "Bạn không gian dối.", "L09", "Bạn không"),
    ("Không ai gian dối.", "UBND huyện không gian dối.", "L10", "UBND huyện"),
    ("Không ai gian dối.", "Gọi 0912 345 678 để hỏi.", "L11", "0912"),
    ("Không ai gian dối.", "Không <b>ai</b> gian dối.", "L15", "<b>ai"),
    ("Không ai gian dối.", "Không  ai gian dối.", "L08", "Không  ai"),
    ("hỏi số lượt thì mỗi lần dự là một lượt, hai ngày khác nhau là hai lượt", "hai lượt", "L14", "**Câu 1.**"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line"), WRONG)
def test_each_fault_is_named_with_its_line(old, new, code, line, rules):
    assert old in CLEANING
    text = CLEANING.replace(old, new, 1)
    found = [one for one in faults(text, rules) if one.code == code]
    assert found, faults(text, rules)
    lines = text.split("\n")
    assert any(line in (lines[one.line - 1] if one.line <= len(lines) else "") for one in found), found


def test_letters_that_are_not_composed_are_named(rules):
    import unicodedata

    text = CLEANING.replace("gian dối", unicodedata.normalize("NFD", "gian dối"))
    assert {one.code for one in faults(text, rules)} == {"L08"}


def test_a_short_and_a_long_body_are_refused(rules):
    short = CLEANING.replace(
        CLEANING[CLEANING.index("Thứ Năm, Sở") : CLEANING.index("**Bước 5")], "Ngắn.\n\n|a|b|\n|---|---|\n"
    )
    assert "L06" in {one.code for one in faults(short, rules)}
    assert "L06" in {one.code for one in faults(CLEANING.replace("Không ai gian dối.", "chữ " * 400), rules)}


def test_too_much_law_and_a_screen_too_wide_are_named(rules):
    law = "> Theo khoản 1 Luật số 91/2025/QH15 " + "thì " * 70 + "\n\nKhông ai"
    assert "L16" in {one.code for one in faults(CLEANING.replace("Không ai", law, 1), rules)}
    screen = "```man-hinh\n" + "x" * 61 + "\n```\n\nKhông ai"
    assert {one.code for one in faults(CLEANING.replace("Không ai", screen, 1), rules)} == {"L15"}


def test_a_question_taken_from_an_item_or_from_another_lesson_is_named(rules):
    stem = "Đồng chí Lan nhận danh sách hộ nghèo có dòng trùng nhau ở hai ấp. Việc cần làm trước khi cộng là gì?"
    rules.texts.add("S3.3-TC-999", f"{stem} Giữ bản gốc Xóa bản gốc Gửi lại")
    old = CLEANING[CLEANING.index("**Câu 3.**") : CLEANING.index("## 5.")]
    why = "điều này giải thích đủ vì sao nên làm như vậy."
    new = f"**Câu 3.** {stem.replace('hai', '12')}\n- Giữ bản gốc. → *Đúng: {why}*\n- Xóa bản gốc. → *Chưa: {why}*\n- Gửi lại. → *Chưa: {why}*\n\n"
    found = [one for one in faults(CLEANING.replace(old, new), rules) if one.code == "L17"]
    assert [("S3.3-TC-999" in one.text) for one in found] == [True]


def test_the_command_names_file_and_line(tmp_path, capsys):
    (tmp_path / "3.3-TC-01-thu.md").write_text(CLEANING.replace("minutes: 10", "minutes: 25"), encoding="utf-8")
    (tmp_path / "9.9-lac.md").write_text(CLEANING.replace("3.3-TC-01", "3.3-TC-02"), encoding="utf-8")
    assert run(["content", "check", "--lessons", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "L07 3.3-TC-01-thu.md:8: " in said
    assert "L02 9.9-lac.md:1: " in said
    assert "2 lessons" in said
    assert run(["content", "check", "--lessons", str(tmp_path / "none")]) == 2


def test_what_the_lessons_of_the_product_say_stands_up_to_every_rule():
    _number, found = shipped.check(today=TODAY)
    assert [(file, one) for file, one in found if one.stops] == []


def question(right, others):
    options = [
        Option(right, "Đúng: vì sao.", right=True),
        *(Option(one, "Chưa đúng: vì sao.", right=False) for one in others),
    ]
    return Question("Hỏi gì?", tuple(options), 70)


def test_lessons_whose_right_option_is_mostly_the_longest_are_listed():
    lesson = read_lesson(CLEANING)[0]
    told, even = question("Dài hơn hẳn", ["Ngắn", "Vừa"]), question("Dài bằng", ["Ngang này", "Vừa"])

    def said(*asked):
        with translation.override("en"):
            found = list(
                check_lengths(
                    [("a.md", replace(lesson, questions=asked[:3])), ("b.md", replace(lesson, questions=asked[3:]))]
                )
            )
        return [(file, one.code, one.line, "4 of 6" in one.text) for file, one in found]

    assert said(even, even, told, told, told, told) == [("a.md", "W43", 70, True)]
    assert said(even, even, even, told, told, told) == []
    assert said(told, told, told) == []


def test_the_lessons_of_the_product_do_not_tell_the_right_option_by_its_length():
    assert "W43" not in {one.code for _file, one in shipped.check(today=TODAY)[1]}


def test_no_markup_of_an_author_reaches_the_page():
    html = render(
        '<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](http://vidu.gov.vn/a.png)\n\n<img src=x onerror="a()">'
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "<a" not in html
    assert "onerror" not in html.replace("&lt;img src=x onerror", "")
    assert "<b" not in inline("<b onclick=x>đậm</b> **mạnh**")
    assert "<strong>mạnh</strong>" in inline("**mạnh**")
    screen = render("```man-hinh\n[ Lưu ] <x>\n```\n\n|a|b|\n|---|---|\n|1|2|")
    assert 'class="drawn" tabindex="0"' in screen
    assert "&lt;x&gt;" in screen
    assert '<div class="wide" tabindex="0"' in screen


LINES = CLEANING.split("\n")


def test_no_beginning_and_no_missing_line_of_a_lesson_makes_the_checker_stumble(rules):
    for n in range(len(LINES)):
        assert check_source("\n".join(LINES[:n]), rules)[1], n
        read_lesson("\n".join([*LINES[:n], *LINES[n + 1 :]]))


@pytest.mark.parametrize(
    "text", ["", "---", "---\n---", "---\n[1]\n---\n", "---\nid: [1]\nprerequisites: {a: 1}\nsource: x\n---\n# a\n## b\n", "x" * 50_000, "```\n" * 99, "---\nsource: [{doc: 1, as_of: 2026-11-30}]\nminutes: true\nindicator: 3\n---\n"]
)  # fmt: skip
def test_nonsense_is_refused_in_sentences(text, rules):
    found = faults(text, rules)
    assert found
    assert all(one.text and one.line >= 1 for one in found)


@pytest.mark.parametrize(
    "block", ["", "[]", "type: each", "type: each\nchoices: 3\nrows: 4", "type: each\nchoices: [a, b]\nrows: [1, 2, 3, 4]", "type: order\nsteps: abcd\nwhy: x", "type: fill\nfields: [{label: a, accept: 3, why: b}]", "type: [x]", "type: fill\nfields: [{label: a, accept: [], why: b}, {label: a, accept: [x], why: b}]"]
)  # fmt: skip
def test_a_broken_exercise_is_refused_in_sentences(block, rules):
    assert "L04" in {one.code for one in faults(with_exercise(block), rules)}
