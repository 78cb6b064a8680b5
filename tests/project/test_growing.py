"""The sizes of docs/operate.md follow from the measured figures, in both languages."""

import pytest
from benchmarks import sizes

OPERATE = sizes.ROOT / "docs" / "operate.md"
VIETNAMESE = sizes.ROOT / "docs" / "operate.vi.md"


def numbers(text: str) -> list[str]:
    """The figures of every table row with nine columns, the step's name left out; "1.234" and "1,234" alike."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    plain = [" ".join(row[1:]).replace(",", "").replace(".", "") for row in rows if len(row) == 9]
    return [row for row in plain if row.split()[0].isdecimal()]


def test_the_table_says_what_the_arithmetic_gives():
    lines = OPERATE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line in set(map(sizes.row, sizes.STEPS))] == list(map(sizes.row, sizes.STEPS))


def test_the_vietnamese_table_is_the_same_table():
    assert numbers(VIETNAMESE.read_text(encoding="utf-8")) == numbers(OPERATE.read_text(encoding="utf-8"))
    assert len(numbers(OPERATE.read_text(encoding="utf-8"))) == len(sizes.STEPS)


def test_the_measured_figures_stand_in_the_evidence_and_in_the_page():
    known, page = sizes.Measured(), OPERATE.read_text(encoding="utf-8")
    evidence = (sizes.ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    for words in (f"{known.person_kb} kB a person", f"{known.answer_kb} kB an answer", f"{known.process_mb:g} MB"):
        assert words in evidence, words
    for words in (f"{known.answers:g} a processor", f"{known.person_kb} kB a person", f"× {known.answer_kb} kB",
                  f"{known.process_mb:g} MB a web process", f"{known.question_kb:g} kB"):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize("figure", ["answers", "person_kb", "answer_kb", "process_mb", "question_kb"])
def test_every_measured_figure_counts(figure):
    """Another figure gives another size somewhere, so none stands there for nothing."""
    known = sizes.Measured()
    other = sizes.replace(known, **{figure: 3 * getattr(known, figure)})
    assert [sizes.size(step, other) for step in sizes.STEPS] != [sizes.size(step, known) for step in sizes.STEPS]
