"""Summaries and checks as they are written: how long, what is asked, and what stands in the way of publishing."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nanglucso.develop.learning.lengths import told_by_length
from nanglucso.develop.learning.problems import Problem
from nanglucso.develop.learning.questions import Question, every
from nanglucso.govern.outreach.models import DocumentVersion
from nanglucso.govern.outreach.rules import rules

FEWEST_WORDS = 60
_WORD = re.compile(r"\w+")


def words(text: str) -> int:
    """Words of a text; in Vietnamese a syllable counts."""
    return len(_WORD.findall(text))


@lru_cache(maxsize=256)
def asked(source: str) -> tuple[Question, ...]:
    """The questions of a text, which is read once a process."""
    return every(source.splitlines(), [])[1]


def in_english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "vi").startswith("en")


def summary_of(version: DocumentVersion) -> tuple[str, str]:
    """The summary in the active language, and the language that it is in: Vietnamese where there is no English."""
    return (version.summary_en, "en") if in_english() and version.summary_en else (version.summary_vi, "vi")


def checks_of(version: DocumentVersion) -> tuple[tuple[Question, ...], str]:
    """The checks in the active language, likewise."""
    source, said = (version.checks_en, "en") if in_english() and version.checks_en else (version.checks_vi, "vi")
    return asked(source), said


def _of_checks(source: str, name: str) -> Iterator[str]:
    found: list[Problem] = []
    _rest, read = every(source.splitlines(), found)
    yield from (_("%(box)s, line %(line)s: %(text)s") % {"box": name, "line": p.line, "text": p.text} for p in found)
    least, most = rules().fewest_checks, rules().most_checks
    if not found and not least <= len(read) <= most:
        told = {"box": name, "n": len(read), "least": least, "most": most}
        yield _("%(box)s: %(n)s questions could be read; ask %(least)s to %(most)s.") % told
    longest = sum(told_by_length(one) for one in read)
    if read and 2 * longest > len(read):
        told = {"box": name, "n": longest, "all": len(read)}
        yield _("%(box)s: the right option is the longest in %(n)s of %(all)s questions; even them out.") % told


def faults(version: DocumentVersion) -> list[str]:
    """Sentences, each with the box and line that it is about; a version with one of them is not published."""
    box_vi, box_en = _("Check questions in Vietnamese"), _("Check questions in English")
    found = []
    if words(version.summary_vi) < FEWEST_WORDS:
        told = {"n": words(version.summary_vi), "least": FEWEST_WORDS}
        found.append(_("The summary in Vietnamese has %(n)s words; write at least %(least)s.") % told)
    found += _of_checks(version.checks_vi, box_vi)
    if version.checks_en.strip():
        found += _of_checks(version.checks_en, box_en)
        ours, theirs = (
            [(one.key, len(one.options)) for one in asked(text)] for text in (version.checks_vi, version.checks_en)
        )
        if not found and ours != theirs:
            found.append(_("Both languages ask the same questions, with the right option at the same place."))
    return found
