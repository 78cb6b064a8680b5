"""Rules on what a lesson says: clean text, address, terms, personal data, feedback, tables, screens, law."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from nanglucso.develop.learning.lessonfile import FENCE, PARTS, Lesson
from nanglucso.develop.learning.problems import Problem
from nanglucso.measure.bank.checking import MAIL, PRIVATE, Term

LEAST_FEEDBACK = 8
WIDEST = 60
MOST_LAW = 60
LONGER = 1.8
_ADDRESS = re.compile(r"\b[Bb]ạn(?! đọc| bè)\b|\b[Cc]ác bạn\b")
_CRY = re.compile(r"(?<!\[)!(?![A-Z$=\]])")
_HTML = re.compile(r"</?[a-zA-Z][^>]*>")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\ufeff]")
_LAW = re.compile(r"\d+/\d{4}/|\bLuật\b|\bNghị định\b|\bThông tư\b|\bkhoản \d|\bĐiều \d")


def _said(lesson: Lesson) -> Iterator[tuple[int, str, str]]:
    """(file line, text, kind of fence or "") of every line of the body."""
    fence = ""
    for n, line in enumerate(lesson.lines, lesson.first):
        opening = FENCE.match(line)
        if opening:
            fence = "" if fence else opening[1] or "text"
            continue
        yield n, line, fence


def check_text(lesson: Lesson, terms: list[Term]) -> Iterator[Problem]:
    """Line by line: letters, address, terms, personal data, HTML."""
    for n, line, fence in _said(lesson):
        if unicodedata.normalize("NFC", line) != line or _ZERO_WIDTH.search(line):
            yield Problem("L08", n, _("Not clean text (NFC, no hidden letters): type this line anew."))
        if not fence and "  " in line.strip():
            yield Problem("L08", n, _("Two spaces beside each other; leave one."))
        if _ADDRESS.search(line) or (not fence and _CRY.search(line)):
            yield Problem("L09", n, _("Address the reader as “đồng chí”, without exclamation marks."))
        if PRIVATE.search(line) or MAIL.search(line):
            yield Problem("L11", n, _("Looks like personal data; use invented 0900 000 xxx or name@vidu.gov.vn."))
        if not fence and _HTML.search(re.sub(r"`[^`]*`", "", line)):
            yield Problem("L15", n, _("No HTML: write it in Markdown."))
        for term in terms:
            found = term.pattern.search(line)
            if found:
                code = "L10" if term.severity == "E" else "W42"
                said = _("“%(found)s”: the list of terms says “%(use)s”") % {"found": found.group(0), "use": term.use}
                yield Problem(code, n, said)


def check_feedback(lesson: Lesson) -> Iterator[Problem]:
    """Enough words to learn from; options that do not give the answer away."""
    short = _("This feedback has fewer than %(n)s words: say why, and what to do instead.") % {"n": LEAST_FEEDBACK}
    for one in lesson.questions:
        if any(len(option.feedback.split()) < LEAST_FEEDBACK for option in one.options):
            yield Problem("L14", one.line, short)
        sizes = [len(option.text) for option in one.options]
        if max(sizes) > LONGER * min(sizes):
            yield Problem("W40", one.line, _("Option lengths differ by more than 1.8 times."))
    if len(lesson.questions) > 1 and len({one.key for one in lesson.questions}) == 1:
        text = _("The right option stands at the same place in all questions; move it.")
        yield Problem("W41", lesson.questions[0].line, text)
    exercise = lesson.exercise
    if exercise:
        whys = [exercise.why] if exercise.kind == "order" else [row.why for row in exercise.rows]
        if any(len(why.split()) < LEAST_FEEDBACK for why in whys):
            yield Problem("L14", exercise.line, short)


def check_layout(lesson: Lesson) -> Iterator[Problem]:
    """A table or a drawn screen; screens fit a phone; at most one short quote of law."""
    drawn = [(n, line) for n, line, fence in _said(lesson) if fence == "man-hinh"]
    table = any(not fence and re.match(r"^\|[\s:|-]+\|$", line) for _n, line, fence in _said(lesson))
    if not drawn and not table:
        text = _("Show at least one table or one drawn screen (a block “```man-hinh”).")
        yield Problem("L15", lesson.first, text)
    for n, line in drawn:
        if len(line) > WIDEST:
            yield Problem("L15", n, _("A drawn screen is at most %(n)s letters wide.") % {"n": WIDEST})
            break
    if len(lesson.parts) == PARTS:
        yield from _law(lesson)


def _law(lesson: Lesson) -> Iterator[Problem]:
    start = lesson.parts[0].line
    boxes: list[tuple[int, str]] = []
    last = 0
    for n, line, fence in _said(lesson):
        if n > start and not fence and line.startswith(">"):
            told = line.lstrip("> ")
            boxes[-1:] = (
                [(boxes[-1][0], f"{boxes[-1][1]} {told}")] if boxes and last == n - 1 else [*boxes[-1:], (n, told)]
            )
            last = n
    legal = [(n, text) for n, text in boxes if _LAW.search(text)]
    for place, (n, text) in enumerate(legal):
        if place or len(text.split()) > MOST_LAW:
            said = _("At most one box of law, of at most %(n)s words: say the rest in own words.") % {"n": MOST_LAW}
            yield Problem("L16", n, said)
