"""Rule W43 over all lessons: whoever picks the longest option must not be right more often than not."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from nanglucso.develop.learning.lessonfile import Lesson
from nanglucso.develop.learning.problems import Problem
from nanglucso.develop.learning.questions import Question

FEWEST = 6


def told_by_length(one: Question) -> bool:
    """Whether the right option has more letters than each of the others."""
    return all(len(option.text) < len(one.options[one.key].text) for option in one.options if not option.right)


def check_lengths(lessons: Iterable[tuple[str, Lesson]]) -> Iterator[tuple[str, Problem]]:
    """(file, problem) at the first such question of a domain with `FEWEST` questions or more."""
    asked: dict[str, list[tuple[str, Question]]] = {}
    for file, lesson in lessons:
        asked.setdefault(str(lesson.meta.get("competence"))[:1], []).extend((file, one) for one in lesson.questions)
    for domain, rows in sorted(asked.items()):
        found = [(file, one) for file, one in rows if told_by_length(one)]
        if len(rows) >= FEWEST and 2 * len(found) > len(rows):
            text = _("Domain %(domain)s: the right option is the longest in %(n)s of %(all)s questions; even them out.")
            told = {"domain": domain, "n": len(found), "all": len(rows)}
            yield found[0][0], Problem("W43", found[0][1].line, text % told)
