"""Files that cannot be read: exit status 2, one sentence that names the file and the key, and no plan written."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plan_bench import BENCH, shipped
from test_plan_cli import call

from nanglucso.engines.instance import Instance, InstanceError

GONE = object()  # the key is taken out
Path_ = tuple[str | int, ...]
HUGE = 10**400
WRONG: list[Any] = [
    None, "x", "1", True, [], {}, [None], ["x"], [[1]], {"a": 1}, -5, -1, 0, 1.5, 10**12, 1e308, HUGE,
    float("nan"), float("inf"), GONE,
]  # fmt: skip
OPTIONAL = {("seed",)}  # and each form: one that is missing is not offered


def copy() -> dict[str, Any]:
    return dict(json.loads(json.dumps(shipped("tiny20.json"))))


def changed(path: Path_, value: Any) -> dict[str, Any]:
    """The shipped year of twenty people with another value at one place."""
    data: Any = copy()
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return dict(data)


def places(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every key, and the first and last entry of every list."""
    yield path
    if isinstance(data, dict):
        for key in data:
            yield from places(data[key], (*path, key))
    elif isinstance(data, list) and data:
        for i in sorted({0, len(data) - 1}):
            yield from places(data[i], (*path, i))


def said(path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What solve, check and whatif say about the instance file: one sentence, the same for all three."""
    plan = folder / "plan.json"
    words = (("solve", str(path), "--out", str(plan)), ("check", str(path), str(BENCH / "tiny20.best.json")))
    answers = set()
    for verb in (*words, ("whatif", str(path), str(BENCH / "tiny20.best.json"), "--budget", "+10%")):
        assert call(*verb) == 2
        heard = capsys.readouterr()
        assert heard.out == ""
        answers.add(heard.err)
    assert not plan.exists()
    (answer,) = answers
    assert answer.startswith(f"{path}: ")
    assert answer.strip().count("\n") == 0
    assert len(answer) < 400
    return answer


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("format",), "other", "format: 'other' is not 'nanglucso-plan/1'"),
        (("format",), GONE, "format: this key is missing"),
        (("weeks",), 0, "weeks: 0 is not a number from 1"),
        (("weeks",), "four", "weeks: 'four' is not a number"),
        (("weeks",), 4.5, "weeks: 4.5 is not a whole number"),
        (("budget",), -1, "budget: -1 is not a number from 0"),
        (("budget",), float("nan"), "budget: nan is not a number"),
        (("budget",), float("inf"), "budget: inf is not a number"),
        (("budget",), HUGE, "budget: 1000000"),
        (("budget",), True, "budget: True is not a number"),
        (("units",), None, "units: an object is expected"),
        (("units", "type", 1), 3, "units.type[1]: 3 is not between 0 and 2"),
        (("people", "unit", 7), 99, "people.unit[7]: 99 is not between 0 and"),
        (("people", "unit", 7), -1, "people.unit[7]: -1 is not between 0 and"),
        (("people", "group", 3), 99, "people.group[3]"),
        (("people", "open"), [1, 2], "people.open: 2 values"),
        (("people", "open", 5), "7", "people.open[5]: '7' is not a number"),
        (("people", "open", 5), None, "people.open[5]: None is not a number"),
        (("people", "open", 5), 101, "people.open[5]: 101 is not between 0 and 100"),
        (("courses",), {}, "courses: a list is expected"),
        (("courses", 2), 7, "courses[2]: an object is expected"),
        (("courses", 1, "prereq"), [77], "courses[1].prereq[0]: 77"),
        (("courses", 1, "cover"), [[99, 0]], "courses[1].cover"),
        (("courses", 2, "forms", "online", "eff"), 1.0, "courses[2].forms.online.eff"),
        (("courses", 2, "forms", "online", "min"), -3, "courses[2].forms.online.min: -3"),
        (("courses", 2, "forms", "online", "max"), 1, "courses[2].forms.online.max: 1"),
        (("courses", 2, "forms", "online", "lect_buoi"), [1] * 7, "courses[2].forms.online.lect_buoi"),
        (("courses", 2, "forms", "hybrid"), {}, "courses[2].forms: 'hybrid' is not one of online"),
        (("venues", "seats", 0), -30, "venues.seats[0]: -30 is not between 0 and"),
        (("venues", "seats", 0), HUGE, "venues.seats: a number in this list is too large"),
        (("venues", "rate"), [0.1], "venues.rate: 1 values"),
        (("lecturers", "can"), [[0]], "lecturers.can: 1 lists"),
        (("lecturers", "can", 0), None, "lecturers.can[0]: a list of numbers is expected"),
        (("sources", 0, "amount"), None, "sources[0].amount: None is not a number"),
        (("sources", 0, "courses"), GONE, "sources[0].courses: this key is missing"),
        (("sources", 0, "unit_types"), [0, 5], "sources.unit_types[0][1]: 5"),
        (("mandatory", 0, "share"), 2, "mandatory[0].share: 2 is not a number from 0 to 1"),
        (("mandatory", 0, "course"), 500, "mandatory[0].course: 500"),
        (("unit_minimum", "size"), GONE, "unit_minimum.size: this key is missing"),
        (("trip",), [[0.0], [1.0]], "trip"),
        (("name",), 5, "name: 5 is not a text"),
    ],
)
def test_a_wrong_value_is_named(
    path: Path_, value: Any, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(changed(path, value)))
    assert named in said(file, tmp_path, capsys)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "cannot be read"),
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b'{"format": "nanglucso-plan/1",}', "is not JSON"),
        (b"\xff\xfe\x00\x01", "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "is not JSON"),
        (b'{"format": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b"[]", "an object is expected"),
        (b"7", "an object is expected"),
        (b"null", "an object is expected"),
        (gzip.compress(b"{}")[:-6], "is not JSON"),
        (gzip.compress(b"x" * 9000)[:12] + b"\x00" * 9, "is not JSON"),
    ],
    ids=["no file", "empty", "cut", "comma", "bytes", "deep lists", "deep objects", "long number", "list", "number",
         "null", "gzip cut", "gzip broken"],
)  # fmt: skip
def test_a_file_that_is_no_instance_is_refused(
    content: bytes | None, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "instance.json"
    if content is not None:
        file.write_bytes(content)
    assert named in said(file, tmp_path, capsys)


def test_deep_nesting_inside_a_key_is_refused() -> None:
    nest: Any = 1
    for _ in range(500):
        nest = [nest]
    for path in (("people", "open"), ("trip",), ("courses", 0, "cover"), ("lecturers", "can")):
        with pytest.raises(InstanceError, match=path[0]):
            Instance.from_json(changed(path, nest))


def refusal(data: dict[str, Any]) -> str | None:
    """What is said of the instance; None when it is taken."""
    try:
        Instance.from_json(data)
    except InstanceError as error:
        return str(error)
    return None


@pytest.mark.thorough
def test_whatever_stands_where_it_is_read_or_refused_with_its_key() -> None:
    """Every key and list of the file with twenty wrong values each: an instance, or one sentence; never anything else."""
    refused = 0
    for path in places(copy()):
        for value in WRONG if path else ():
            if value is GONE and (isinstance(path[-1], int) or path in OPTIONAL or "forms" in path[-2:-1]):
                continue
            answer = refusal(changed(path, value))
            if answer is None:
                assert value is not GONE, path
                continue
            refused += 1
            assert re.match(r"\w+", answer)[0] in copy(), answer
            assert "\n" not in answer
            assert len(answer) < 300
    assert refused > 2500
