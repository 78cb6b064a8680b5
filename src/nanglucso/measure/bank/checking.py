"""The content checker: faults (E) stop a bank, warnings (W) are listed. Rules and codes as in `content/README.md`.

Findings are said in the active language.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.content import root
from nanglucso.kit.dates import format_date
from nanglucso.kit.expressions import BadExpression, evaluate
from nanglucso.measure.bank.reading import ItemRow, read_items
from nanglucso.measure.bank.scoring import STEPS, regions, score

LEAST_FEEDBACK = 12
MOST_SINGLE, MOST_SINGLE_OF_DOMAIN = 0.60, 0.70
MOST_STEM_WORDS = 90
MOST_PLACES, MOST_BESIDE, MOST_LETTERS = 8, 3, 22
_ID = re.compile(r"^S\d\.\d-(CB|TC|NC|CS)-\d{3}$")
_ADDRESS = re.compile(r"(?<!\w)bạn(?!\w)|(?<!\w)hãy(?!\w)|!", re.IGNORECASE)
_ALL_OF = re.compile(r"tất cả (các )?(đáp án|phương án)|không (đáp án|phương án) nào|cả [A-D] và [A-D]", re.IGNORECASE)
PRIVATE = re.compile(r"(?<!\d)(?!000)\d{12}(?!\d)|(?<!\d)0[35789]\d{2}[ .]?(?!000)\d{3}[ .]?\d{3}(?!\d)")
# Looked for from the beginning of a word only: in a run of 50,000 letters every other start costs the whole run again.
MAIL = re.compile(r"(?<![\w.])[\w.]+@(?!(?:[\w-]+\.)*vidu\.gov\.vn)[\w.-]+")


@dataclass(frozen=True)
class Fault:
    """One finding: rule code, item, sentence, and the part of the item that it is about ("" = the whole)."""

    code: str
    item: str
    text: str
    part: str = ""

    @property
    def stops(self) -> bool:
        return self.code.startswith("E")


@dataclass(frozen=True)
class Term:
    """An expression to avoid, what to use, E or W, and whether history items may use it."""

    pattern: re.Pattern[str]
    use: str
    severity: str
    history: bool


def read_terms(path: Path) -> list[Term]:
    """The list of terms. Raises OSError, KeyError or re.error for a broken file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [Term(re.compile(r["avoid"], re.IGNORECASE), r["use"], r["severity"], r["history_ok"] == "1") for r in rows]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _shown(row: ItemRow) -> Iterator[tuple[str, str]]:
    """Every text of an item that a person reads, with its part."""
    for name, value in row.body.items():
        if name != "type":
            part = name if name in ("stem", "stimulus") else "rows"
            yield from ((part, text) for text in _texts(value))
    told = [row.key.get("feedback_correct", ""), row.key.get("feedback_wrong", "")]
    yield from (("rows", text) for text in _texts(row.key.get("feedback", {})))
    yield from (("feedback", text) for text in _texts(told))


def _identity(row: ItemRow) -> Iterator[Fault]:
    if not _ID.match(row.code):
        yield Fault("E01", row.code, _("the id must look like S3.3-TC-014"))
    elif row.code[1:4] != row.competence or row.code.split("-")[1] != row.level:
        yield Fault("E02", row.code, _("competence or level does not agree with the id"))
    if not row.indicator.startswith(f"{row.competence}.{row.level}."):
        text = _("indicator %(ref)s is not of this competence and level") % {"ref": row.indicator}
        yield Fault("E02", row.code, text, "indicator")


def _keys(row: ItemRow) -> Iterator[Fault]:
    if row.type == "single" and list(row.key["scores"].values()).count(1) != 1:
        yield Fault("E03", row.code, _("a single-choice item has exactly one key"), "rows")
    if row.type == "multiple" and not 2 <= len(row.key["answer"]) < len(row.body["options"]):
        text = _("a multiple-choice item has at least two keys and one distractor")
        yield Fault("E03", row.code, text, "rows")
    if row.type == "file":
        if any(len(one["text"].split()) < LEAST_FEEDBACK for one in row.key["rubric"]):
            text = _("a category of the rubric has fewer than %(n)d words")
            yield Fault("E06", row.code, text % {"n": LEAST_FEEDBACK}, "rows")
        return
    right = str(row.key["answer"]) if row.type in ("numeric", "cloze") else row.key["answer"]
    if score(row.type, row.body, row.key, right) != STEPS[row.type]:
        yield Fault("E03", row.code, _("its own answer does not score full marks"), "answer")
    if row.type == "cloze":
        accepted = [a for a in row.key["accept"] if score(row.type, row.body, row.key, a) != 1]
        refused = [r for r in row.key["refuse"] if score(row.type, row.body, row.key, r) != 0]
        if accepted or refused or len(row.key["accept"]) < 2 or len(row.key["refuse"]) < 2:
            text = _("accepted and refused forms must number two or more each and behave: %(forms)s")
            yield Fault("E14", row.code, text % {"forms": "; ".join(map(str, accepted + refused))}, "answer")
    if row.type == "hotspot":
        yield from _screen(row)
    for text in row.notes.get("check", []):
        try:
            if not evaluate(text):
                yield Fault("E13", row.code, _("the check is false: %(text)s") % {"text": text}, "check")
        except (BadExpression, ZeroDivisionError) as error:
            said = _("the check cannot be run: %(text)s (%(error)s)") % {"text": text, "error": error}
            yield Fault("E13", row.code, said, "check")


def _screen(row: ItemRow) -> Iterator[Fault]:
    """E15. A place is never under 44 px high and never nearer than 8 px to the next: the page's own style sheet
    gives that to every cell, so what is left to check is how many stand beside each other on a phone of 360 px.
    """
    rows, places = row.body["screen"]["rows"], regions(row.body)
    keys = [cell["key"] for line in rows for cell in line if cell.get("key")]
    if sorted(keys) != [f"r{i}" for i in range(1, len(keys) + 1)] or not 4 <= len(keys) <= MOST_PLACES:
        text = _("a drawn screen has 4 to %(most)s places with the keys r1, r2, ... once each") % {"most": MOST_PLACES}
        yield Fault("E15", row.code, text, "rows")
    for line in rows:
        if len(line) > MOST_BESIDE or (len(line) > 1 and any(len(cell["text"]) > MOST_LETTERS for cell in line)):
            text = _("too much beside each other for a phone: “%(text)s”") % {"text": line[0]["text"][:40]}
            yield Fault("E15", row.code, text, "rows")
    if len({text.casefold() for text in places.values()}) != len(places) or not all(places.values()):
        yield Fault("E15", row.code, _("two places read the same in the list, or one says nothing"), "rows")
    if set(row.key["feedback"]) != set(places):
        yield Fault("E06", row.code, _("every place needs its own feedback"), "rows")


def _wording(row: ItemRow, terms: list[Term]) -> Iterator[Fault]:
    for part, text in _shown(row):
        if unicodedata.normalize("NFC", text) != text or "\u200b" in text or "  " in text.strip():
            yield Fault("E04", row.code, _("not clean text: “%(text)s”") % {"text": text[:40]}, part)
        if _ALL_OF.search(text):
            yield Fault("E09", row.code, _("an option stands for all or none: “%(text)s”") % {"text": text[:40]}, part)
        if _ADDRESS.search(text):
            yield Fault(
                "E10",
                row.code,
                _("form of address or exclamation mark not suitable: “%(text)s”") % {"text": text[:60]},
                part,
            )
        if PRIVATE.search(text) or MAIL.search(text):
            yield Fault("E18", row.code, _("looks like personal data: “%(text)s”") % {"text": text[:60]}, part)
        for term in terms:
            found = term.pattern.search(text)
            if found:
                code = "E08" if term.severity == "E" else "W38"
                said = _("“%(found)s”: use %(use)s") % {"found": found.group(0), "use": term.use}
                yield Fault(code, row.code, said, part)
    if len(row.body["stem"].split()) > MOST_STEM_WORDS:
        text = _("the stem has more than %(most)s words") % {"most": MOST_STEM_WORDS}
        yield Fault("W26", row.code, text, "stem")


def _feedback(row: ItemRow) -> Iterator[Fault]:
    if row.type == "file":
        return
    told = row.key.get("feedback") or {n: row.key.get(n, "") for n in ("feedback_correct", "feedback_wrong")}
    for key, text in told.items():
        if len(str(text).split()) < LEAST_FEEDBACK:
            said = _("feedback %(key)s has fewer than %(least)s words") % {"key": key, "least": LEAST_FEEDBACK}
            yield Fault("E06", row.code, said, "rows" if row.key.get("feedback") else "feedback")
    texts = [o["text"] for o in row.body.get("options", [])]
    if len({t.casefold() for t in texts}) != len(texts):
        yield Fault("E11", row.code, _("the same option twice"), "rows")
    if len(texts) >= 3 and max(map(len, texts)) > 1.8 * min(map(len, texts)):
        yield Fault("W22", row.code, _("option lengths differ by more than 1.8 times"), "rows")


def _sources(row: ItemRow, laws: set[str], today: date) -> Iterator[Fault]:
    if row.review_by < today:
        text = _("its review was due on %(day)s") % {"day": format_date(row.review_by)}
        yield Fault("E07", row.code, text, "review_by")
    sources = row.notes.get("source", [])
    if not sources or any("as_of" not in one for one in sources):
        yield Fault("E07", row.code, _("a source with its date is missing"), "source")
    for one in sources:
        for number in re.findall(r"\d+/\d{4}/[\w-]+", str(one.get("doc", ""))):
            if number not in laws:
                text = _("%(number)s is not in the register of laws") % {"number": number}
                yield Fault("E17", row.code, text, "source")


def _bank(rows: list[ItemRow]) -> Iterator[Fault]:
    def share(part: list[ItemRow]) -> float:
        return sum(row.type == "single" for row in part) / max(1, len(part))

    if share(rows) > MOST_SINGLE:
        yield Fault("E19", "bank", f"{share(rows):.0%} single choice, at most {MOST_SINGLE:.0%}")
    for domain in sorted({row.competence[0] for row in rows}):
        own = [row for row in rows if row.competence[0] == domain]
        if share(own) > MOST_SINGLE_OF_DOMAIN:
            yield Fault("E19", f"S{domain}", f"{share(own):.0%} single choice, at most {MOST_SINGLE_OF_DOMAIN:.0%}")
    choice = [row for row in rows if row.type in ("single", "sjt")]
    longest = [row for row in choice if _key_is_longest(row)]
    if len(longest) > 0.35 * max(1, len(choice)):
        yield Fault("W20", "bank", f"the key is the longest option in {len(longest)} of {len(choice)} items")
    exam = {row.family for row in rows if not row.practice}
    for row in rows:
        if row.practice and (row.family in exam or row.type == "file"):
            yield Fault("E20", row.code, "an item for practice shares its family with an exam item, or asks for a file")
    for family, n in Counter(row.family for row in rows).items():
        if n > 6:
            yield Fault("W23", "bank", f"family {family} has {n} items")


def _key_is_longest(row: ItemRow) -> bool:
    lengths = {o["key"]: len(o["text"]) for o in row.body["options"]}
    key = lengths.pop(row.key["answer"])
    return key > max(lengths.values())


def check_row(row: ItemRow, *, terms: list[Term], laws: set[str], today: date) -> list[Fault]:
    """What is found in one item by itself."""
    rules = (_identity(row), _keys(row), _wording(row, terms), _feedback(row), _sources(row, laws, today))
    return [fault for rule in rules for fault in rule]


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[list[Term], set[str]]:
    """Terms to avoid and numbers of the register of laws, as shipped. Raises OSError or KeyError."""
    with (root() / "laws" / "register.csv").open(encoding="utf-8", newline="") as file:
        laws = {row["number"] for row in csv.DictReader(line for line in file if not line.startswith("#"))}
    return read_terms(root() / "terms.csv"), laws


def check_items(folder: Path, *, terms: Path, laws: set[str], today: date) -> tuple[int, list[Fault]]:
    """Check every item file of a folder; returns how many items and what was found. Raises BadItemFile."""
    rows, known = read_items(folder), read_terms(terms)
    found = [fault for row in rows for fault in check_row(row, terms=known, laws=laws, today=today)]
    return len(rows), [*found, *_bank(rows)]
