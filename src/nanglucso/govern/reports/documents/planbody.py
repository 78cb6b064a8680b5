"""Parts I, II, III and V of the plan: purpose, content and audience, form and time, who does what."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans.queries import RETEST_SHARE, people_in
from nanglucso.govern.reports.documents.content import Block, Row, columns, heading, sub, table, text
from nanglucso.govern.reports.documents.firsttests import WEEKS, FirstTests
from nanglucso.govern.reports.documents.planfacts import PlanFacts
from nanglucso.govern.reports.documents.wording import number, short_date

Told = dict[str, Any]


def purpose(told: Told, said: Told) -> Iterator[Block]:
    """I. Mục đích, yêu cầu."""
    part = told["purpose"]
    yield heading(part["title"])
    for title, lines in ((part["aims_title"], part["aims"]), (part["demands_title"], part["demands"])):
        yield sub(title)
        yield from (text(line.format(**said)) for line in lines)


def content(facts: PlanFacts, told: Told, said: Told) -> Iterator[Block]:
    """II. Nội dung, đối tượng: seats by domain, people and seats by level of government and group of position."""
    part, words = told["content"], told["words"]
    courses = {row.course_id for row in facts.classes}
    yield heading(part["title"])
    yield sub(part["topics_title"])
    yield text(part["topics"].format(courses=number(len(courses)), domains=number(len(facts.domains))))
    yield table(columns(told["columns"]["topics"], (8, 2, 2, 2), "lrrr"), _topics(facts, words))
    yield sub(part["audience_title"])
    yield text(part["audience"])
    yield table(columns(told["columns"]["audience"], (8, 2, 2, 2), "lrrr"), _audience(facts, words))
    yield text(part["person_lists"])


def _topics(facts: PlanFacts, words: Told) -> Iterator[Row]:
    classes: Counter[str] = Counter()
    seats: Counter[str] = Counter()
    courses: dict[str, set[int]] = defaultdict(set)
    for row in facts.classes:
        domain = facts.course_domain[row.course_id]
        classes[domain] += 1
        seats[domain] += len(facts.seats[row.pk])
        courses[domain].add(row.course_id)
    for code, name in facts.domains.items():
        yield Row((name, number(len(courses[code])), number(classes[code]), number(seats[code])))
    yield _sum(words["total"], [len(set.union(*courses.values())) if courses else 0, classes.total(), seats.total()])


def _sum(name: str, numbers: list[int]) -> Row:
    return Row((name, *(number(one) for one in numbers)), bold=True)


def _audience(facts: PlanFacts, words: Told) -> Iterator[Row]:
    """Rows: level of government and group of position; people counted once, women among them, seats."""
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    women: dict[tuple[str, str], set[int]] = defaultdict(set)
    seats: Counter[tuple[str, str]] = Counter()
    for seat in facts.all_seats():
        person = seat.person
        key = (words["levels"][facts.places.of(person).kind], person.position.group if person.position else "b")
        people[key].add(person.pk)
        seats[key] += 1
        if person.gender == "f":
            women[key].add(person.pk)
    for level in words["level_order"]:
        for group, name in words["groups"].items():
            key = (level, group)
            if key in people:
                counts = (len(people[key]), len(women[key]), seats[key])
                yield Row((f"{level}: {name[:1].lower()}{name[1:]}", *(number(one) for one in counts)))
    everybody, all_women = set().union(*people.values()), set().union(*women.values())
    yield _sum(words["total"], [len(everybody), len(all_women), seats.total()])


def forms(facts: PlanFacts, told: Told, said: Told, first: FirstTests) -> Iterator[Block]:
    """III. Hình thức, thời gian."""
    part = told["form"]
    yield heading(part["title"])
    yield sub(part["forms_title"])
    yield text(part["forms"].format(**said))
    yield table(columns(told["columns"]["forms"], (6, 2, 2, 2, 4), "lrrrr"), _forms(facts, told["words"]))
    yield sub(part["time_title"])
    if first.people:
        days = {"start": short_date(first.start), "end": short_date(first.end), "weeks": WEEKS}
        yield text(part["first"].format(**said, **days))
    else:
        yield text(part["none_first"])
    if again := _again(facts):
        share = round(100 * float(facts.scenario.params.get("retest_share", RETEST_SHARE)))
        yield text(part["again"].format(n=number(again), share=share))
    if facts.classes:
        starts, ends = zip(*(facts.period(row) for row in facts.classes), strict=True)
        yield text(part["period"].format(start=short_date(min(starts)), end=short_date(max(ends))))
        weeks = [part["week"].format(start=f"{a:%d/%m}", end=short_date(b)) for a, b in facts.left_out()]
        if weeks:
            yield text(part["left_out"].format(weeks="; ".join(weeks)))
    else:
        yield text(part["no_class"])


def _again(facts: PlanFacts) -> int:
    """People with a seat who have been measured, but of whose need too large a share is in doubt."""
    never = {person.pk for person in facts.unmeasured}
    return sum(row.person_id not in never for row in people_in(facts.scenario, EVERYTHING, only="retest"))


def _forms(facts: PlanFacts, words: Told) -> Iterator[Row]:
    sums = {form: [0, 0, 0, 0] for form in words["forms"]}
    for row in facts.classes:
        for place, value in enumerate((1, len(facts.seats[row.pk]), row.course.tiet, row.cost)):
            sums[row.form][place] += value
    for form, name in words["forms"].items():
        if sums[form][0]:
            yield Row((name, *(number(one) for one in sums[form])))
    yield _sum(words["total"], [sum(column) for column in zip(*sums.values(), strict=True)])


def doing(told: Told, said: Told) -> Iterator[Block]:
    """V. Tổ chức thực hiện, closed by "./."."""
    part = told["doing"]
    yield heading(part["title"])
    for title, line in part["parts"]:
        yield sub(title.format(**said))
        yield text(line.format(**said))
    yield text(part["closing"].format(**said))


def week_starts(first: FirstTests) -> list[str]:
    """Mondays of the weeks before the classes."""
    return [f"{first.start + timedelta(weeks=week):%d/%m}" for week in range(WEEKS)]
