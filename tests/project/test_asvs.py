"""The table against ASVS 5.0 names every requirement of levels 1 and 2 once, and only tests and files that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:4] for line in TEXT.splitlines() if re.match(r"\| \d", line)]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))
# Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0.
COUNTS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}


def test_every_requirement_has_its_line_once():
    numbers = [one.strip() for row in ROWS for one in row[0].split(",")]
    assert [one for one, times in Counter(numbers).items() if times > 1] == []
    assert Counter(int(one.split(".")[0]) for one in numbers) == COUNTS


def test_no_line_is_empty():
    assert [row[0] for row in ROWS if not row[1].strip() or not row[2].strip()] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_the_table_names_exists(path: str, name: str):
    source = (ROOT / path).read_text(encoding="utf-8")
    assert not name or re.search(rf"^def {name}\(", source, re.MULTILINE)


def test_addresses_in_the_table_lead_somewhere():
    links = set(re.findall(r"\]\(([\w/.-]+\.md)\)", TEXT))
    assert {one for one in links if not (ROOT / "docs" / one).is_file()} == set()
