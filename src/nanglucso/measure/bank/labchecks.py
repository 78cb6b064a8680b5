"""The content checker's rules for practice tasks: E16 (parts, score, screen, traces) and the wording that people read.

A task that shows texts of the past says `history: true`; then terms that are obsolete today may stand in it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.engines.lab_predicates import LabFault
from nanglucso.engines.lab_traces import faults as engine_faults
from nanglucso.kit.dates import format_date
from nanglucso.measure.bank.checking import PRIVATE, Term, shipped_rules
from nanglucso.measure.bank.labfiles import check_lab

SPOKEN = ("title", "scenario", "goal", "objects", "variants", "screen")
SAID = {"reply", "refusal", "say", "feedback_ok", "feedback_no"}
_ADDRESS = re.compile(r"(?<!\w)bạn(?!\w)|!", re.IGNORECASE)


def faults(data: Mapping[str, Any], today: date | None = None) -> Iterator[tuple[str, str]]:
    """Rule code and sentence of everything wrong with a task's file."""
    told = list(engine_faults(data))
    if not told:
        try:
            check_lab(dict(data))
        except LabFault as fault:
            told = [str(fault)]
    yield from (("E16", text) for text in told)
    terms, laws = shipped_rules()
    for text in shown(data):
        yield from _wording(text, terms, bool(data.get("history")))
    yield from _sources(data, laws, today or date.today())


def shown(data: Mapping[str, Any]) -> Iterator[str]:
    """Every text of the task that somebody reads: the scene, the data, the words of the screen, what it answers."""
    for name in SPOKEN:
        yield from _texts(data.get(name))
    for name in ("actions", "events", "steps", "critical"):
        yield from _said(data.get(name))


def _texts(part: Any) -> Iterator[str]:
    """Sentences and names; a single word is a code or an icon, what begins with `=` a formula."""
    if isinstance(part, str):
        if " " in part and not part.startswith("="):
            yield part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def _said(part: Any) -> Iterator[str]:
    """Only what stands under the keys of `SAID`; the predicates beside them are not read by anybody."""
    if isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _texts(inner) if name in SAID else _said(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _said(inner)


def _wording(text: str, terms: list[Term], history: bool) -> Iterator[tuple[str, str]]:
    if unicodedata.normalize("NFC", text) != text or "\u200b" in text:
        yield "E04", _("not clean text: “%(text)s”") % {"text": text[:40]}
    if _ADDRESS.search(text):
        yield "E10", _("form of address or exclamation mark not suitable: “%(text)s”") % {"text": text[:60]}
    if PRIVATE.search(text):
        yield "E18", _("looks like personal data: “%(text)s”") % {"text": text[:60]}
    for term in terms:
        found = term.pattern.search(text)
        if found and not (history and term.history):
            said = _("“%(found)s”: use %(use)s") % {"found": found.group(0), "use": term.use}
            yield "E08" if term.severity == "E" else "W38", said


def _sources(data: Mapping[str, Any], laws: set[str], today: date) -> Iterator[tuple[str, str]]:
    """As for items: a source with its date, texts that the register knows, a review that is not overdue."""
    due = date.fromisoformat(str(data.get("review_by", date.min)))
    if due < today:
        yield "E07", _("its review was due on %(day)s") % {"day": format_date(due)}
    sources = data.get("source", [])
    if not sources or any("as_of" not in one for one in sources):
        yield "E07", _("a source with its date is missing")
    for number in (found for one in sources for found in re.findall(r"\d+/\d{4}/[\w-]+", str(one.get("doc", "")))):
        if not any(number in known for known in laws):
            yield "E17", _("%(number)s is not in the register of laws") % {"number": number}
