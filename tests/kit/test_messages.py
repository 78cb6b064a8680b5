"""Every sentence a reader may say exists in Vietnamese, with the same places to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import nanglucso
from nanglucso.kit.faults import FILE_MESSAGES, VALUE_MESSAGES, BadFile, BadValue
from nanglucso.workforce.people.staffsheet.problems import PROBLEM_MESSAGES, STAFF_FILE_MESSAGES

ALL = {**FILE_MESSAGES, **VALUE_MESSAGES, **STAFF_FILE_MESSAGES, **PROBLEM_MESSAGES}
PART = Path(nanglucso.__file__).parent / "locale" / "parts" / "kit.vi.po"
PLACE = re.compile(r"%\((\w+)\)s")


def test_every_sentence_is_translated() -> None:
    with PART.open("rb") as stream:
        catalog = read_po(stream, locale="vi", abort_invalid=True)
    said = {message.id: message.string for message in catalog if message.id}
    assert set(said) == set(ALL.values())
    for english, vietnamese in said.items():
        assert set(PLACE.findall(english)) == set(PLACE.findall(vietnamese)), english
        assert vietnamese != english
        assert "bạn" not in vietnamese


@pytest.mark.parametrize("template", ALL.values(), ids=ALL.keys())
def test_every_sentence_is_one_sentence(template: str) -> None:
    assert template.endswith(".")
    assert ". " not in template


def test_errors_carry_code_template_and_parameters() -> None:
    error = BadFile("too_big", name="a.xlsx", limit=50)
    assert (error.code, error.params) == ("too_big", {"name": "a.xlsx", "limit": "50"})
    assert str(error) == error.template % error.params
    value = BadValue("two_digit_year", "x" * 200, "05/02/1980")
    assert value.params["value"] == "x" * 80
    assert "05/02/1980" in str(value)
