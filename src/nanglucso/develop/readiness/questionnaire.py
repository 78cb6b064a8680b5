"""The survey of infrastructure as versioned data: questions, and answers typed or read from a sheet → clean values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.core.bilingual import Named, said
from nanglucso.core.content import read_yaml, root
from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import parse_number
from nanglucso.kit.text import fold, similar

COUNT, CHOICE, SEVERAL, TEXT = "count", "choice", "several", "text"
NEEDED = _("“%(label)s” is not filled in.")
NOT_WHOLE = _("“%(value)s” is no whole number from %(least)s to %(most)s: write only digits.")
TOO_MANY = _("“%(label)s” (%(value)s) is more than “%(other)s” (%(limit)s): check both numbers.")
NO_CHOICE = _("“%(value)s” is none of: %(known)s.")
MEANT = _("“%(value)s” is none of: %(known)s. Did you mean “%(near)s”?")
TOO_LONG = _("The text is longer than %(most)s characters: shorten it.")


class BadAnswer(ValueError):
    """One answer that cannot stand: the question's code, a sentence and what fills it in."""

    def __init__(self, question: str, template: str, **told: object) -> None:
        self.question, self.template = question, template
        self.told = {key: str(value)[:120] for key, value in told.items()}
        super().__init__(template)


@dataclass(frozen=True)
class Choice(Named):
    """One answer to choose; `words`: how else sheets write it."""

    code: str
    name_vi: str
    name_en: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question; `heads`: names of its column in sheets, the Vietnamese label first; `none_words`: no choice."""

    code: str
    section: str
    kind: str
    needed: bool
    label_vi: str
    label_en: str
    hint_vi: str = ""
    hint_en: str = ""
    least: int = 0
    most: int = 0
    within: str = ""
    heads: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    none_words: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return said(self, "label")

    @property
    def hint(self) -> str:
        return said(self, "hint")

    def told(self, value: Any) -> str:
        """An answer in the reader's words; "" where there is none."""
        names = {one.code: one.name for one in self.choices}
        if value is None or value == "" or value == []:
            return ""
        if self.kind == SEVERAL:
            return ", ".join(names.get(one, one) for one in value)
        return names.get(value, str(value))


@dataclass(frozen=True)
class Questionnaire:
    """One version of the survey."""

    version: str
    since: date
    source: str
    sections: tuple[Choice, ...]
    questions: tuple[Question, ...]

    def question(self, code: str) -> Question:
        """Raises KeyError for a code that this version does not ask."""
        return {one.code: one for one in self.questions}[code]


def _choices(rows: Any) -> tuple[Choice, ...]:
    return tuple(Choice(str(r["code"]), r["name_vi"], r["name_en"], tuple(r.get("words", ()))) for r in rows or ())


def _question(row: Mapping[str, Any]) -> Question:
    told = {name: row[name] for name in ("code", "section", "kind", "needed", "label_vi", "label_en")}
    more = {name: row[name] for name in ("hint_vi", "hint_en", "least", "most", "within") if name in row}
    heads = (row["label_vi"], row["label_en"], *row.get("heads", ()))
    none_words = tuple(row.get("none_words", ()))
    return Question(**told, **more, heads=heads, choices=_choices(row.get("choices")), none_words=none_words)


@lru_cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every shipped version, oldest first."""
    found = []
    for path in sorted((root() / "readiness").glob("survey-*.yaml")):
        told: Any = read_yaml(path)
        questions = tuple(_question(row) for row in told["questions"])
        made = Questionnaire(told["version"], told["since"], told["source"], _choices(told["sections"]), questions)
        found.append(made)
    return {one.version: one for one in sorted(found, key=lambda one: one.since)}


def current(day: date) -> Questionnaire:
    """The version asked on a day; before the first one, the first."""
    rows = list(questionnaires().values())
    return next((one for one in reversed(rows) if one.since <= day), rows[0])


def clean(asked: Questionnaire, told: Mapping[str, Any]) -> tuple[dict[str, Any], list[BadAnswer]]:
    """Answers {code: number | code | [codes] | text} without blanks, and every fault found."""
    answers: dict[str, Any] = {}
    faults: list[BadAnswer] = []
    for question in asked.questions:
        try:
            value = _value(question, told.get(question.code))
        except BadAnswer as fault:
            faults.append(fault)
            continue
        if value is None and question.needed:
            faults.append(BadAnswer(question.code, NEEDED, label=question.label))
        elif value is not None:
            answers[question.code] = value
    return answers, [*faults, *_too_many(asked, answers)]


def kept(asked: Questionnaire, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """New answers, and of the old ones what the new ones do not speak of and do not contradict; never a remark."""
    made = {**{one.code: old[one.code] for one in asked.questions if one.code in old and one.kind != TEXT}, **new}
    for fault in _too_many(asked, made):
        made.pop(fault.question)
    return made


def _too_many(asked: Questionnaire, answers: Mapping[str, Any]) -> list[BadAnswer]:
    found = []
    for question in asked.questions:
        value, limit = answers.get(question.code), answers.get(question.within)
        if question.within and value is not None and limit is not None and value > limit:
            names = {"label": question.label, "other": asked.question(question.within).label}
            found.append(BadAnswer(question.code, TOO_MANY, value=value, limit=limit, **names))
    return found


def _value(question: Question, raw: Any) -> Any:
    if raw is None or raw == "" or raw == []:
        return None
    if question.kind == COUNT:
        return _count(question, str(raw).strip())
    if question.kind == CHOICE:
        return _choice(question, str(raw).strip())
    if question.kind == SEVERAL:
        if isinstance(raw, str) and fold(raw) in map(fold, question.none_words):
            return []
        parts = raw if isinstance(raw, list | tuple) else str(raw).replace("\n", ";").split(";")
        if len(parts) == 1 and not isinstance(raw, list | tuple):
            parts = _parted(question, parts[0])
        chosen = {_choice(question, part.strip()) for part in parts if part.strip()}
        return [one.code for one in question.choices if one.code in chosen]
    text = str(raw).strip()
    if len(text) > question.most:
        raise BadAnswer(question.code, TOO_LONG, most=question.most)
    return text or None


def _count(question: Question, text: str) -> int:
    try:
        number = parse_number(text)
    except BadValue:
        number = None
    if number is None or number != int(number) or not question.least <= number <= question.most:
        raise BadAnswer(question.code, NOT_WHOLE, value=text, least=question.least, most=question.most)
    return int(number)


def _names(question: Question) -> dict[str, str]:
    return {
        fold(word): one.code
        for one in question.choices
        for word in (one.code, one.name_vi, one.name_en, *one.words)
    }  # fmt: skip


def _choice(question: Question, text: str) -> str:
    """The one choice that the text names; looks alike only suggests."""
    names = _names(question)
    if fold(text) in names:
        return names[fold(text)]
    known = ", ".join(one.name for one in question.choices)
    score, near = max((similar(fold(text), word), word) for word in names)
    if score < 0.6:
        raise BadAnswer(question.code, NO_CHOICE, value=text, known=known)
    close = next(one.name for one in question.choices if one.code == names[near])
    raise BadAnswer(question.code, MEANT, value=text, known=known, near=close)


def _parted(question: Question, text: str) -> list[str]:
    """A list with commas, where names of choices may hold a comma themselves: the longest known name first."""
    rest, found = fold(text), []
    for word in sorted(_names(question), key=len, reverse=True):
        if len(word) > 2 and word in rest:
            rest = rest.replace(word, ",")
            found.append(word)
    return found + [part.strip() for part in rest.replace(" va ", ",").split(",") if part.strip()]
