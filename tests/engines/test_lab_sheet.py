"""The simulated sheet: changes keep what must be kept, formulas follow their rows, undo is as if it never happened."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.core.content import read_yaml, root
from nanglucso.engines import lab_sheet
from nanglucso.engines.lab import ActRefused, attempt, read, replay, start
from nanglucso.engines.lab_formula import CellError
from nanglucso.engines.lab_predicates import LabFault, check, holds
from nanglucso.engines.lab_score import outcome
from nanglucso.engines.lab_sheet import Book, SheetRefused
from nanglucso.engines.lab_traces import faults, rows, run_trace

DATA = read_yaml(root() / "labs" / "lam_sach_bang_ho_so.yaml")
LAB = read(DATA)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("sort"), st.fixed_dictionaries({"sheet": st.just("ds"), "column": st.sampled_from("ABCDEFG"), "order": st.sampled_from(["up", "down"])})),
        st.tuples(st.just("unique"), st.fixed_dictionaries({"sheet": st.just("ds"), "by": st.sampled_from(LAB.choices["by"])})),
        st.tuples(st.just("retype"), st.fixed_dictionaries({"sheet": st.just("ds"), "column": st.sampled_from("ABCDEFG"), "kind": st.sampled_from(["text", "number", "date"])})),
        st.tuples(st.just("delete_row"), st.fixed_dictionaries({"sheet": st.just("ds"), "row": st.integers(2, 18).map(str)})),
        st.tuples(st.just("type"), st.fixed_dictionaries({"sheet": st.sampled_from(["ds", "bc"]), "ref": st.sampled_from(["B3", "A5", "B18"]), "text": st.sampled_from(["=SUM(DanhSach!F2:F14)", "12", "x", ""])})),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


def book(**sheets):
    return {name: {"title": name, "rows": lab_sheet.grid(grid)} for name, grid in sheets.items()}


def play(acts, seed=0):
    """The end of those acts that the sheet allows, and how many these were."""
    state = start(LAB, seed)
    for n, (verb, args) in enumerate(acts):
        row = {"seq": len(state.log) + 1, "t": n, "key": str(n), "verb": verb, "args": args}
        try:
            state = attempt(LAB, state, row)
        except ActRefused:
            continue
    return state


def test_a_file_s_iso_day_is_a_date_and_any_other_writing_a_text():
    assert lab_sheet.grid([["2026-11-05", "5/11/2026"]]) == ((date(2026, 11, 5), "5/11/2026"),)


def test_values_work_across_sheets_and_a_circle_is_an_error():
    objects = book(S=[["h", "h"], [2, "=A2*3"], ["=A3", None]], T=[["=SUM(S!A2:B2)"]])
    assert Book(objects).value("S", "B2") == 6
    assert Book(objects).value("T", "A1") == 8
    assert Book(objects).value("S", "A3") == CellError("#REF!")
    assert Book(objects).work("T", "=SUM(Nowhere!A1:A2)") == CellError("#REF!")


def test_a_long_chain_of_formulas_ends_in_an_error_not_in_a_crash():
    chain = [["h"], *[[f"=A{row + 1}+A{row + 1}"] for row in range(2, 100)], [1]]
    assert isinstance(Book(book(S=chain)).value("S", "A2"), CellError)


def test_deleting_a_row_moves_every_formula_with_its_cells():
    objects = book(S=[["h"], [1], [2], [3], ["=SUM(A2:A4)"]], T=[["h"], ["=SUM(S!A2:A4)"], ["=S!A4"], ["=SUM(A2:A3)"]])
    changed = lab_sheet.delete_row(objects, "S", "3")
    assert [row[0] for row in changed["S"]] == ["h", 1, 3, "=SUM(A2:A3)", None]
    assert [row[0] for row in changed["T"]] == ["h", "=SUM(S!A2:A3)", "=S!A3", "=SUM(A2:A3)"]


def test_sorting_puts_numbers_before_days_before_texts_and_blanks_last():
    objects = book(S=[["h"], ["Ông"], [None], [5], ["2026-11-05"], ["ăn"], [2], ["x"]])
    assert [row[0] for row in lab_sheet.sort(objects, "S", "A", "up")["S"][1:]] == [
        2, 5, date(2026, 11, 5), "ăn", "Ông", "x", None,
    ]  # fmt: skip


def test_removing_duplicates_compares_case_but_not_spaces_and_keeps_the_first():
    objects = book(S=[["h", "n"], ["1", "Tám"], ["2", "TÁM"], ["1", "Tám "]])
    assert lab_sheet.unique(objects, "S", "B")["S"] == (("h", "n"), ("1", "Tám"), ("1", "Tám "), (None, None))
    assert lab_sheet.unique(objects, "S", "A")["S"] == (("h", "n"), ("1", "Tám"), ("2", "TÁM"), (None, None))


def test_a_code_made_a_number_loses_its_zero_and_undo_brings_it_back():
    act = [[5, "retype", {"sheet": "ds", "column": "A", "kind": "number"}]]
    assert replay(LAB, 0, rows(act)).objects["ds"]["rows"][1][0] == 101
    assert replay(LAB, 0, rows([*act, [6, "undo", {}]])).objects["ds"]["rows"][1][0] == "0101"


@given(CHANGES, st.integers(0, 1))
@settings(max_examples=60, deadline=None)
def test_undoing_everything_is_as_if_nothing_had_happened(acts, seed):
    begin, end = start(LAB, seed), play(acts, seed)
    undone = play([*acts, *[("undo", {})] * len(end.past)], seed)
    assert {n: f["rows"] for n, f in undone.objects.items() if "rows" in f} == {
        n: f["rows"] for n, f in begin.objects.items() if "rows" in f
    }
    assert replay(LAB, seed, end.log) == end


@given(st.sampled_from("ABCDEFG"), st.sampled_from(["up", "down"]), st.integers(0, 1))
def test_sorting_loses_no_row(column, order, seed):
    before = start(LAB, seed).objects
    after = lab_sheet.sort(before, "ds", column, order)["ds"]
    assert Counter(after) == Counter(before["ds"]["rows"])
    assert after[0] == before["ds"]["rows"][0]


@pytest.mark.parametrize(
    ("verb", "args", "code"),
    [
        ("type", {"sheet": "ds", "ref": "Z9", "text": "1"}, "cell"),
        ("type", {"sheet": "ds", "ref": "B1", "text": "1"}, "head"),
        ("type", {"sheet": "ds", "ref": "B2", "text": "x" * 200}, "long"),
        ("type", {"sheet": "ds", "ref": "B2", "text": "Nguyễn Văn Bảy"}, "same"),
        ("delete_row", {"sheet": "ds", "row": "1"}, "row"),
        ("delete_row", {"sheet": "ds", "row": "²"}, "row"),
        ("sort", {"sheet": "bc", "column": "G", "order": "up"}, "column"),
        ("undo", {}, "undo"),
    ],
)
def test_what_the_sheet_does_not_allow_has_its_reason(verb, args, code):
    with pytest.raises(ActRefused) as no:
        replay(LAB, 0, rows([[5, verb, args]]))
    assert no.value.code == code


def test_a_sheet_to_read_is_not_changed():
    with pytest.raises(SheetRefused, match="fixed"):
        lab_sheet.fill(start(LAB, 0).objects, "so", "A2", "x")


def test_what_was_sent_stays_as_it_was_when_it_left():
    acts = [[5, "send", {"what": "bc", "to": "so_xd"}], [9, "type", {"sheet": "bc", "ref": "B4", "text": "10"}]]
    end = replay(LAB, 0, rows(acts))
    assert Book(end.objects).value("bc", "B4") == 10
    assert Book(end.objects).value("so_xd", "B4") is None
    assert Book(end.objects).value("so_xd", "B2") == 16


@pytest.mark.parametrize("seed", [0, 1])
def test_untouched_data_earn_nothing(seed):
    assert set(outcome(LAB, start(LAB, seed)).categories().values()) == {0}


def test_removing_by_name_loses_a_person_of_the_same_name():
    wrong = replay(LAB, 0, rows([[5, "unique", {"sheet": "ds", "by": "B"}]]))
    right = replay(LAB, 0, rows([[5, "unique", {"sheet": "ds", "by": "A"}]]))
    assert "B2" not in outcome(LAB, wrong).done
    assert "B2" in outcome(LAB, right).done


def test_the_predicate_of_cells_reads_refs_formulas_and_fields():
    objects = book(S=[["h"], [3], ["=SUM( A2 ; 4 )"]]) | {"key": {"n": 7}}
    assert holds({"cell": {"sheet": "S", "ref": "A3", "value_of": "key.n"}}, objects, [])
    assert holds({"cell": {"sheet": "S", "ref": "A3", "formula_like": "SUM(A2,4)|X("}}, objects, [])
    assert not holds({"cell": {"sheet": "S", "ref": "A2", "formula_like": "SUM("}}, objects, [])
    assert holds({"cell": {"sheet": "S", "formula": "=COUNT(A1:A9)", "op": ">=", "value": 2}}, objects, [])
    assert not holds({"cell": {"sheet": "key", "ref": "A1", "value": 1}}, objects, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"sheet": "s", "ref": "A1"},
        {"sheet": "s", "value": 1},
        {"sheet": "s", "ref": "A1", "formula": "=1", "value": 1},
        {"sheet": "s", "formula": "=1", "formula_like": "SUM"},
        {"sheet": "s", "ref": "A1", "value": 1, "op": "~"},
    ],
)
def test_a_misshapen_predicate_of_cells_is_named(wrong):
    with pytest.raises(LabFault, match=r"here\.cell"):
        check({"cell": wrong}, "here")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rows": [["a"], ["b", "c"]]}, "one length"),
        ({"rows": [["a"]] * 200}, "at most"),
        ({"title": "Danh sách"}, "one word"),
        ({"types": {"A": "money"}}, "one of"),
    ],
)
def test_a_misshapen_sheet_of_a_file_is_named(change, said):
    wrong = DATA | {"objects": DATA["objects"] | {"bc": DATA["objects"]["bc"] | change}}
    assert any(said in fault for fault in faults(wrong))


def test_an_event_may_not_change_a_sheet():
    wrong = DATA | {"events": [{"id": "x", "at": 1, "effect": [{"sort": ["ds", "A", "up"]}]}]}
    assert any("an effect is one of" in fault for fault in faults(wrong))


@pytest.mark.parametrize("name", DATA["traces"])
def test_a_trace_gives_its_categories(name):
    assert outcome(LAB, run_trace(LAB, DATA["traces"][name])).categories() == DATA["traces"][name]["expect"]
