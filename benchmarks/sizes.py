"""The sizes in docs/operate.md, "From one laptop to a country", worked out from measured figures.

    python benchmarks/sizes.py

Prints the table's rows as they stand in the page; `tests/project/test_growing.py` compares them, and looks the measured
figures up in docs/evidence.md.
"""

import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

THINKING_S, AFTER_START = 45, 2  # seconds a question; times as many answers in the minutes after a start
BUSY = 0.6  # of a processor that is planned with
ANSWERS_A_TEST, TESTS_A_YEAR, YEARS = 36, 1, 5  # years: content/retention.yaml's longest term of answers
ROOM = 3  # times the data: log, copies being made and proven, indexes built anew
SYSTEM_GB, WORKER_GB = 2, 1


@dataclass(frozen=True)
class Measured:
    """`answers` a second of one processor with its share of the database and the driver; kB and MB of own memory."""

    answers: float = 50  # 100 answers/s on 2 processors, exam_day.py, PostgreSQL
    person_kb: float = 8.6  # country.py: 17,225 MB for 2,000,000 people
    answer_kb: float = 0.27  # country.py, "answers of 2% written"
    process_mb: float = 240  # the largest process that served pages, country.py
    question_kb: float = 30  # the next question at most, tests/assessments/test_weight.py


@dataclass(frozen=True)
class Step:
    """What is to be carried: people on record, and how many of them sit a test at once."""

    name: str
    people: int
    at_once: int
    grouped: bool = True


STEPS = (
    Step("one laptop", 2_000, 50, grouped=False),
    Step("one server", 10_000, 1_000),
    Step("a city, two servers", 60_000, 10_000),
    Step("a country", 2_000_000, 50_000),
)


@dataclass(frozen=True)
class Size:
    """Of the servers of a step together: answers/s at the peak, processors, GB, connections, Mbit/s."""

    answers: int
    processors: int
    memory_gb: int
    disk_gb: int
    connections: int
    mbit: int


def size(step: Step, known: Measured | None = None) -> Size:
    """The arithmetic, line by line as the page tells it."""
    from nanglucso.project.deploy.site import read_site
    from nanglucso.project.deploy.writing import connections, processes

    known = known or Measured()
    answers = math.ceil(AFTER_START * step.at_once / THINKING_S)
    processors = max(2, 2 * math.ceil(answers / known.answers / BUSY / 2))
    told = {"database": "postgresql" if step.grouped else "sqlite", "processors": processors}
    site = replace(read_site(ROOT / "content/operate/site.yaml"), **told)
    data_gb = step.people * known.person_kb / 1e6
    answered = step.people * ANSWERS_A_TEST * TESTS_A_YEAR * YEARS * known.answer_kb / 1e6
    web_gb = sum(processes(site)) * known.process_mb / 1e3
    return Size(
        answers, processors, math.ceil(SYSTEM_GB + WORKER_GB + web_gb + data_gb / 2),
        math.ceil(ROOM * (data_gb + answered)), connections(site) if step.grouped else 0,
        math.ceil(answers * known.question_kb * 8 / 1e3),
    )  # fmt: skip


def row(step: Step) -> str:
    """The step's row of the table."""
    one = size(step)
    links = f"{one.connections:,}" if one.connections else "–"
    return (
        f"| {step.name} | {step.people:,} | {step.at_once:,} | {one.answers:,} | {one.processors} "
        f"| {one.memory_gb} | {one.disk_gb:,} | {links} | {one.mbit:,} |"
    )


if __name__ == "__main__":
    print("\n".join(map(row, STEPS)))
