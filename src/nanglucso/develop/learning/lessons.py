"""Lessons as they were read, and the order in which one person sees what is shuffled."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from nanglucso.develop.learning.lessonfile import Lesson, read_lesson
from nanglucso.develop.learning.models import LessonVersion, Study


@lru_cache(maxsize=256)
def read(source: str) -> Lesson:
    """A text as it was read; the same text is read once a process."""
    return read_lesson(source)[0]


def lesson_of(version: LessonVersion) -> Lesson:
    """What a version says."""
    return read(version.source)


def shuffled(count: int, *mark: object) -> list[int]:
    """Numbers 0 … count − 1 in an order that depends on the mark alone; for three and more never 0, 1, 2, …"""
    told = "/".join(str(one) for one in mark)

    def place(n: int) -> str:
        return sha256(f"{told}/{n}".encode()).hexdigest()

    found = sorted(range(count), key=place)
    return found[1:] + found[:1] if count > 2 and found == sorted(found) else found


def option_order(study: Study, question: int, count: int) -> list[int]:
    """How the options of a question stand on this person's page in this round."""
    return shuffled(count, study.pk, study.round, question)


def step_order(study: Study, count: int) -> list[int]:
    """How the steps of an ordering exercise stand on this person's page."""
    return shuffled(count, study.pk, "steps")


def names(codes: Sequence[str], titles: dict[str, str]) -> list[str]:
    """Prerequisites in words: the title of a lesson instead of its id."""
    return [titles.get(one.split()[0], one) if one else one for one in codes]
