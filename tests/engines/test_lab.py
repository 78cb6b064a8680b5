"""Practice tasks: the log is the run; traces give the stated categories; the language is closed."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.core.content import read_yaml, root
from nanglucso.engines.lab import ActRefused, attempt, read, replay, start, wait
from nanglucso.engines.lab_predicates import LabFault, check, holds
from nanglucso.engines.lab_score import outcome
from nanglucso.engines.lab_traces import faults, rows, run_trace

FILES = sorted((root() / "labs").glob("*.yaml"))
DATA = read_yaml(root() / "labs" / "hop_thu_bi_tan_cong.yaml")
LAB = read(DATA)
ACTS = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(sorted(LAB.actions)),
        st.sampled_from(["m1", "m2", "m3"]),
    ),
    max_size=12,
)


def _play(acts, seed):
    """Acts tried in turn; returns the end and the log of those that were allowed."""
    state, now = start(LAB, seed), 0
    for n, (pause, verb, mail) in enumerate(acts):
        now += pause
        args = {name: mail if name == "mail" else "Không mở đường dẫn" for name in LAB.actions[verb]["args"]}
        row = {"seq": len(state.log) + 1, "t": now, "key": str(n), "verb": verb, "args": args}
        try:
            state = attempt(LAB, state, row)
        except ActRefused:
            continue
    return state


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_shipped_tasks_have_no_fault(path):
    assert list(faults(read_yaml(path))) == []


@pytest.mark.parametrize("name", DATA["traces"])
def test_a_trace_gives_its_categories(name):
    trace = DATA["traces"][name]
    assert outcome(LAB, run_trace(LAB, trace)).categories() == trace["expect"]


@given(ACTS, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_the_log_alone_gives_the_state(acts, seed):
    end = _play(acts, seed)
    assert replay(LAB, seed, end.log) == end
    if end.log:
        again = attempt(LAB, end, {**end.log[-1], "seq": 99})
        assert again == end


@given(ACTS, st.integers(0, 900))
@settings(max_examples=40, deadline=None)
def test_replay_to_a_moment_is_the_state_of_that_moment(acts, moment):
    end = _play(acts, 0)
    early = [row for row in end.log if row["t"] <= moment]
    assert replay(LAB, 0, end.log, until=moment) == wait(LAB, replay(LAB, 0, early), moment)


def test_an_act_out_of_order_or_time_is_refused():
    state = start(LAB, 0)
    for row in ({"seq": 2, "t": 1}, {"seq": 1, "t": LAB.seconds + 1}):
        with pytest.raises(ActRefused):
            attempt(LAB, state, {"key": "k", "verb": "two_step", "args": {}, **row})


def test_events_happen_by_themselves_unless_prevented():
    assert wait(LAB, start(LAB, 0), 300).objects["box"]["spread"] is True
    safe = run_trace(LAB, DATA["traces"]["good"])
    assert "spread" not in safe.objects["box"]
    assert [one["t"] for one in safe.messages if one["from"].startswith("Phụ trách")] == [200]
    assert not [one for one in safe.messages if "nhận thêm một thư" in one["text"]]


def test_a_requirement_refuses_in_its_own_words():
    with pytest.raises(ActRefused, match="Không có trang"):
        replay(LAB, 0, rows([[5, "enter_password", {}]]))


def test_the_other_variant_does_not_accept_the_first_ones_answer():
    trace = {**DATA["traces"]["good"], "seed": 1}
    assert outcome(LAB, run_trace(LAB, trace)).categories()["5.1"] < 3


@pytest.mark.parametrize(
    "wrong", [{"eval": "1"}, {"state": ["x", "==", 1]}, {"log": {"verb": "a", "how": 1}}, {"all": []}, {}, "True"]
)
def test_what_is_not_in_the_language_is_named(wrong):
    with pytest.raises(LabFault, match="here"):
        check(wrong, "here")


def test_cells_and_texts():
    objects = {"s": {"title": "S", "rows": (("a", "b"), (None, 42.94)), "t": "Không mở đường dẫn"}}
    assert holds({"cell": {"sheet": "s", "ref": "B2", "value": 42.9, "tol": 0.1}}, objects, [])
    assert not holds({"cell": {"sheet": "s", "ref": "B2", "value": 42.9}}, objects, [])
    assert not holds({"text": {"field": "s.t", "must": ["khong mo"]}}, objects, [])


def test_a_wrong_statement_of_a_trace_is_found():
    data = copy.deepcopy(DATA)
    data["traces"]["good"]["expect"]["5.2"] = 2
    assert any("trace good gives" in text for text in faults(data))


@pytest.mark.parametrize("mail", ["box", "m9", "m1.status", ["m1"]])
def test_an_act_reaches_only_what_its_choices_name(mail):
    with pytest.raises(ActRefused):
        replay(LAB, 0, rows([[5, "open", {"mail": mail}]]))
