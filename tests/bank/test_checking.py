"""The content checker finds what a careful second reader would find, and passes the shipped bank."""

from copy import deepcopy
from datetime import date

import pytest
import yaml

from nanglucso.core.content import root
from nanglucso.kit.expressions import BadExpression, evaluate
from nanglucso.measure.bank.checking import check_items
from nanglucso.measure.bank.reading import BadItemFile

TODAY = date(2026, 11, 23)
LAWS = {"91/2025/QH15"}
WORDS = "Câu phản hồi này có đủ mười hai tiếng để giải thích vì sao chọn."
GOOD = {
    "id": "S1.1-CB-901", "version": 1, "family": "thu", "competence": "1.1", "indicator": "1.1.CB.a", "level": "CB",
    "type": "single", "audience": ["chung"], "time_s": 60, "stem": "Máy báo ổ đĩa C gần hết chỗ. Làm gì trước?",
    "options": [
        {"key": "A", "text": "Dọn tệp tạm trên ổ C", "score": 1, "feedback": WORDS},
        {"key": "B", "text": "Thay màn hình máy tính", "score": 0, "feedback": WORDS, "misconception": "x"},
        {"key": "C", "text": "Đổi mật khẩu hộp thư", "score": 0, "feedback": WORDS, "misconception": "y"},
    ],
    "source": [{"doc": "kỹ năng chung", "as_of": TODAY, "confidence": "S"}], "review_by": date(2027, 11, 30),
    "prior": {"a": 1.0, "b": -1.4, "c": 0.28},
}  # fmt: skip
OTHER = {
    **GOOD, "id": "S1.1-CB-902", "family": "khac", "type": "numeric", "answer": 4.0, "tolerance": 0.05, "unit": "%",
    "check": ["round(64/1600*100,1) == 4.0"], "feedback_correct": WORDS, "feedback_wrong": WORDS,
}  # fmt: skip
del OTHER["options"]


def codes(tmp_path, **change):
    item = deepcopy(GOOD) | change
    (tmp_path / "a.yaml").write_text(yaml.safe_dump([item, OTHER], allow_unicode=True), encoding="utf-8")
    _, found = check_items(tmp_path, terms=root() / "terms.csv", laws=LAWS, today=TODAY)
    return {fault.code for fault in found if fault.item == item["id"]}


def test_the_shipped_bank_has_no_fault():
    laws = {line.split(",")[0] for line in (root() / "laws" / "register.csv").read_text("utf-8").splitlines()}
    items, found = check_items(root() / "items", terms=root() / "terms.csv", laws=laws, today=TODAY)
    assert items >= 100
    assert [fault for fault in found if fault.code.startswith("E")] == []


def test_a_good_item_passes(tmp_path):
    assert codes(tmp_path) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "S1.1-1"}, "E01"),
        ({"id": "S1.2-CB-901"}, "E02"),
        ({"indicator": "1.1.TC.a"}, "E02"),
        ({"stem": "Bạn làm gì trước?"}, "E10"),
        ({"stem": "UBND huyện báo ổ đĩa đầy. Làm gì trước?"}, "E08"),
        ({"stem": "Gọi số 0912 345 678 trước khi làm gì?"}, "E18"),
        ({"stem": "Máy  báo lỗi. Làm gì trước?"}, "E04"),
        ({"review_by": date(2026, 1, 1)}, "E07"),
        ({"source": []}, "E07"),
        ({"source": [{"doc": "1/2020/NĐ-CP", "as_of": TODAY}]}, "E17"),
        ({"check": ["1 + 1 == 3"]}, "E13"),
        ({"check": ["__import__('os')"]}, "E13"),
    ],
)
def test_each_fault_is_named(tmp_path, change, code):
    assert code in codes(tmp_path, **change)


def test_faulty_options_are_named(tmp_path):
    short = deepcopy(GOOD["options"])
    short[0]["feedback"] = "Sai."
    short[2] |= {"text": short[1]["text"]}
    assert codes(tmp_path, options=short) == {"E06", "E11"}
    two = deepcopy(GOOD["options"])
    two[1]["score"] = 1
    assert "E03" in codes(tmp_path, options=two)


def test_a_broken_file_is_one_sentence(tmp_path):
    (tmp_path / "a.yaml").write_text("- id: x\n  type: single\n", encoding="utf-8")
    with pytest.raises(BadItemFile, match=r"a\.yaml, item x"):
        check_items(tmp_path, terms=root() / "terms.csv", laws=LAWS, today=TODAY)


@pytest.mark.parametrize(
    ("text", "value"), [("round(60/1200*100-64/1600*100,1)", 1.0), ("-2**3", -8), ("1 < 2 <= 2", True)]
)
def test_arithmetic_is_understood(text, value):
    assert evaluate(text) == value


@pytest.mark.parametrize("text", ["open('x')", "[].append(1)", "(lambda: 1)()", "9**99999", "a", "1 +", "x" * 600])
def test_everything_else_is_refused(text):
    with pytest.raises(BadExpression):
        evaluate(text)
