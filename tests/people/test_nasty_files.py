"""Nasty spreadsheets: each gives the right rows, or one clear sentence in both languages that says what to do."""

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

from nanglucso.kit.faults import BadFile
from nanglucso.workforce.people.staffsheet.read import StaffReading, read_staff
from tests.people.nasty import MAKERS, NAMES, ROWS, UNITS

ALL = range(6)
OTHERS = (0, 2, 3, 4, 5)
NOTHING: tuple[str, ...] = ()
# file → (people of the list that must be found, codes of the problems that must be told, neither more nor less)
READ: dict[str, tuple[range | tuple[int, ...], tuple[str, ...]]] = {
    "formulas_with_results": (ALL, NOTHING),
    "formulas_without_results": (OTHERS, ("hollow_cells", "no_name")),
    "error_in_the_unit": (ALL, ("error_cell", "unit_missing")),
    "error_in_the_email": (ALL, ("error_cell",)),
    "error_in_the_name": (OTHERS, ("error_cell", "no_name")),
    "formula_as_text_in_csv": (ALL, ("email_unreadable",)),
    "two_row_merged_heads": (ALL, NOTHING),
    "units_merged_downwards": (ALL, NOTHING),
    "heads_in_row_twelve": (ALL, NOTHING),
    "heads_without_marks": (ALL, NOTHING),
    "heads_broken_over_lines": (ALL, NOTHING),
    "columns_in_another_order": (ALL, NOTHING),
    "column_twice": (ALL, ("column_twice",)),
    "two_lists_side_by_side": ((0, 1, 2), ("list_beside",)),
    "several_sheets": (ALL, NOTHING),
    "hidden_sheet": (ALL, ("hidden_sheet",)),
    "very_hidden_sheet": (ALL, ("hidden_sheet",)),
    "hidden_rows": (ALL, ("hidden_rows",)),
    "hidden_columns": (ALL, NOTHING),
    "chart_sheet_first": (ALL, NOTHING),
    "filter_table_and_comments": (ALL, NOTHING),
    "a_million_empty_rows": (ALL, NOTHING),
    "dates_before_1900": (ALL, ("year_out_of_range",)),
    "dates_of_the_1904_system": (ALL, NOTHING),
    "months_first": (ALL, ("date_order",)),
    "two_digit_years": (ALL, ("two_digit_year",)),
    "serial_numbers_as_text": (ALL, NOTHING),
    "numbers_as_text_and_texts_as_numbers": (ALL, NOTHING),
    "decomposed_letters": (ALL, NOTHING),
    "no_break_and_zero_width_spaces": (ALL, NOTHING),
    "two_people_under_one_number": (ALL, ("staff_code_taken",)),
    "the_same_row_twice": (ALL, NOTHING),
    "citizen_number_rounded": (ALL, ("citizen_number_damaged",)),
    "csv_in_windows_1258": (ALL, NOTHING),
    "csv_in_utf_16": (ALL, NOTHING),
    "csv_in_utf_16_without_mark": (ALL, NOTHING),
    "csv_with_old_line_ends": (ALL, NOTHING),
    "tcvn3_workbook": (ALL, ("letters_converted",)),
    "tcvn3_csv": (ALL, ("letters_converted",)),
    "vni_workbook": (ALL, ("letters_converted",)),
    "tcvn3_below_heads_of_today": (ALL, ("letters_converted",)),
    "workbook_named_xls": (ALL, NOTHING),
    "workbook_named_csv": (ALL, NOTHING),
    "csv_named_xlsx": (ALL, NOTHING),
    "workbook_with_macros": (ALL, NOTHING),
    "sheet_protected_but_not_locked": (ALL, NOTHING),
}
# file → code of the one sentence that refuses it
REFUSED = {
    "every_name_a_formula_without_result": "hollow",
    "heads_below_row_sixty": "no_names",
    "no_heads": "no_names",
    "on_its_side": "on_its_side",
    "one_column": "one_column",
    "heads_and_nobody": "no_people",
    "a_million_rows_of_blanks": "too_many_rows",
    "one_cell_in_the_far_corner": "too_heavy",
    "a_cell_longer_than_any": "cell_too_long",
    "csv_with_a_quote_that_never_ends": "open_quote",
    "old_letters_that_may_be_two_things": "legacy_letters",
    "old_workbook_with_a_password": "encrypted",
    "workbook_with_a_password": "encrypted",
    "zip_bomb": "zip_unpacked",
    "broken_zip": "damaged",
    "zip_of_something_else": "not_spreadsheet",
    "web_page_named_xls": "html_table",
    "word_document": "not_spreadsheet",
    "pdf_named_xlsx": "not_spreadsheet",
    "empty_file": "empty",
    "blank_workbook": "no_cells",
    "entity_bomb": "doctype",
}


def told(reading: StaffReading) -> set[str]:
    return {one.code for one in reading.problems}


def in_both_languages(template: str, params: dict[str, str]) -> None:
    """One sentence, filled in, in English and in Vietnamese."""
    said = []
    for language in ("en", "vi"):
        with translation.override(language):
            said.append(gettext(template) % {"suggestion": "", **params})
    for one in said:
        assert one.endswith("."), one
        assert len(re.findall(r"\.\s", one)) == 0, one
        assert "%(" not in one
    assert said[0] != said[1], "not translated"


@pytest.mark.parametrize("name", READ)
def test_nasty_list_gives_its_people_and_says_what_it_did(name: str, tmp_path: Path) -> None:
    people, codes = READ[name]
    reading = read_staff(MAKERS[name](tmp_path))
    found = {record.name: record for record in reading.records}
    assert [one for one in NAMES if one in found] == [NAMES[at] for at in people]
    assert len(found) == len(people) + (name == "two_lists_one_below_the_other")
    assert told(reading) == set(codes)
    for one in reading.problems:
        in_both_languages(one.template, dict(one.params))
    for at in set(people) - {1}:
        record, row = found[NAMES[at]], ROWS[at]
        assert record.birth_date == dt.datetime.strptime(row[2], "%d/%m/%Y").date()
        if name != "units_merged_downwards":
            assert record.unit_text == UNITS[at]
        assert record.position_text == "Chuyên viên"


@pytest.mark.parametrize("name", REFUSED)
def test_nasty_file_is_refused_with_one_sentence(name: str, tmp_path: Path) -> None:
    path = MAKERS[name](tmp_path)
    with pytest.raises(BadFile) as caught:
        read_staff(path)
    assert caught.value.code == REFUSED[name]
    assert path.name in str(caught.value)
    in_both_languages(caught.value.template, caught.value.params)


def test_two_lists_below_each_other_are_both_read(tmp_path: Path) -> None:
    reading = read_staff(MAKERS["two_lists_one_below_the_other"](tmp_path))
    assert [one.name for one in reading.records] == [*NAMES, "Sơn Thị Bé"]
    assert reading.records[-1].unit_text == "Sở Y tế"
    assert told(reading) == {"columns_changed"}


def test_merged_unit_holds_for_every_row_beside_it(tmp_path: Path) -> None:
    reading = read_staff(MAKERS["units_merged_downwards"](tmp_path))
    assert {one.unit_text for one in reading.records} == {"Sở Nội vụ"}


def test_old_workbook_is_read_under_either_name(tmp_path: Path) -> None:
    right, wrong = (read_staff(MAKERS[name](tmp_path)) for name in ("old_workbook", "old_workbook_named_xlsx"))
    assert len(right.records) == len(wrong.records) > 5


def test_text_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    reading = read_staff(MAKERS["formula_as_text_in_csv"](tmp_path))
    (problem,) = reading.problems
    assert problem.params["value"].startswith("=cmd|")
    assert reading.records[1].email == ""


def test_old_font_is_named(tmp_path: Path) -> None:
    fonts = {"tcvn3_workbook": "TCVN3", "tcvn3_csv": "TCVN3", "vni_workbook": "VNI"}
    for name, font in fonts.items():
        (problem,) = read_staff(MAKERS[name](tmp_path)).problems
        assert problem.params["value"] == font
    with pytest.raises(BadFile) as caught:
        read_staff(MAKERS["old_letters_that_may_be_two_things"](tmp_path))
    assert caught.value.params["font"] == "TCVN3"


def test_a_million_empty_rows_cost_little(tmp_path: Path) -> None:
    path = MAKERS["a_million_empty_rows"](tmp_path)
    began = time.process_time()
    assert read_staff(path).rows_read == 1 + len(ROWS)
    assert time.process_time() - began < 10


def test_every_nasty_file_is_judged() -> None:
    apart = {"two_lists_one_below_the_other", "old_workbook", "old_workbook_named_xlsx"}
    assert set(MAKERS) == {*READ, *REFUSED, *apart}
    assert len(MAKERS) >= 60
