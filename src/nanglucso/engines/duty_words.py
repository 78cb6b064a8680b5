"""A duty in Vietnamese read into its parts: acts by step of work, things with weights, whom it serves, what law shares.

Phrases are found greedily, longest first, syllable by syllable, accents kept and the place of the tone mark ignored;
the vocabulary is data (`content/duties/words.yaml`). A syllable that no phrase knows weighs by how rare it is in the
shipped texts (`content/duties/syllables.csv`), and two of them beside each other are a specific token, so that a thing
nobody put into the vocabulary still tells duties apart and brings them together.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any, Final

from nanglucso.kit.text import nfc, tone_key

THING: Final = 1.2
NARROW: Final = 0.6  # things that only carry others, and people served
CARRIER: Final = 0.45
PAIR: Final = 0.8
RARE: Final = 1.0  # a syllable that the shipped texts never use
RARE_ENOUGH: Final = 0.8  # from here a single syllable is specific
ECHO: Final = (
    0.7  # how much a syllable inside a known phrase of one duty meets the same syllable standing free in another
)
INNER_ACT: Final = 0.5  # an act that is named inside the object: "kế hoạch đào tạo"
KIN: Final = 0.75  # how much a wider or narrower thing counts as the thing itself

Phrase = tuple[str, ...]
_CLAUSE = re.compile(r"[,;:.()/]| và ")
_TOGETHER = re.compile(r"phòng\s*,\s*chống", re.IGNORECASE)


def rarity(lines: Mapping[str, int], total: int) -> dict[str, float]:
    """Weight of each syllable from the number of lines that hold it: (ln(total / lines) - 2) / 4, within 0.15 .. 1.

    A syllable of every seventh line weighs no more than the floor, one of four hundred lines counts in full: inverse
    document frequency of Spärck Jones (1972), cut at both ends so that a single odd syllable does not decide.
    """
    return {syllable: min(1.0, max(0.15, (log(total / count) - 2) / 4)) for syllable, count in lines.items()}


def syllables(text: str) -> Phrase:
    """Keys of the syllables of a phrase."""
    return tuple(tone_key(re.sub(r"[^\w\-]+|\s-\s", " ", nfc(text))).split())


@dataclass(frozen=True)
class Meaning:
    """What a phrase of the vocabulary can stand for; `acts`: bits."""

    acts: int = 0
    thing: str = ""
    carrier: bool = False
    light: bool = False
    lead: bool = False
    join: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Words:
    """The vocabulary, ready for use. `apart[a]`: bits of the steps of a chain that are other work than step a."""

    phrases: Mapping[Phrase, Meaning]
    short: Mapping[str, Phrase]
    steps: tuple[str, ...]
    apart: tuple[int, ...]
    weights: Mapping[str, float]
    wider: Mapping[str, str]
    audience: frozenset[str]
    inside: frozenset[Phrase]
    longest: int
    rarity: Mapping[str, float]
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any], rarity: Mapping[str, float]) -> "Words":
        """From the content files; `rarity` {syllable: weight 0..1}. ValueError names an unknown step or thing."""
        steps = tuple(told["acts"])
        found: dict[Phrase, dict[str, Any]] = {}
        for place, step in enumerate(steps):
            _add(found, told["acts"][step], acts=1 << place)
        for thing, row in told["things"].items():
            _add(found, row["words"], thing=thing)
        _add(found, told["carriers"], carrier=True)
        _add(found, told["light"], light=True)
        for kind, name in (("lead", "lead"), ("join", "join"), ("share", "shared")):
            _add(found, told["law"][kind], light=True, **{name: True})
        phrases = {phrase: Meaning(**row) for phrase, row in found.items()}
        things = told["things"]
        wider = {thing: row["of"] for thing, row in things.items() if "of" in row}
        lost = set(wider.values()) - set(things)
        if lost:
            raise ValueError(f"things that no entry describes: {', '.join(sorted(lost))}")
        return cls(
            phrases,
            {tone_key(short): syllables(full) for short, full in told["short"].items()},
            steps,
            _apart(steps, told["apart"]),
            {thing: NARROW if row.get("carrier") or row.get("audience") else THING for thing, row in things.items()},
            wider,
            frozenset(thing for thing, row in things.items() if row.get("audience")),
            frozenset(syllables(word) for word in told["inside"]),
            max(map(len, phrases)),
            {tone_key(syllable): weight for syllable, weight in rarity.items()},
            {thing: row["words"][0] for thing, row in things.items()},
        )


def _add(found: dict[Phrase, dict[str, Any]], texts: Iterable[str], **meaning: Any) -> None:
    for text in texts:
        row = found.setdefault(syllables(text), {})
        if "acts" in meaning:
            row["acts"] = row.get("acts", 0) | meaning["acts"]
        row.update({key: value for key, value in meaning.items() if key != "acts"})


def _apart(steps: Sequence[str], pairs: Iterable[Sequence[str]]) -> tuple[int, ...]:
    place = {step: at for at, step in enumerate(steps)}
    bits = [0] * len(steps)
    for one, other in pairs:
        if one not in place or other not in place:
            raise ValueError(f"steps that no act names: {one}, {other}")
        bits[place[one]] |= 1 << place[other]
        bits[place[other]] |= 1 << place[one]
    return tuple(bits)


@dataclass(frozen=True)
class Duty:
    """One duty read: `acts` bits of its steps, `apart` bits of the steps that are other work than every one of them.

    `tokens` {word: weight}; `specific` {word: weight} those that name the thing itself, and pairs of free syllables;
    `echo` syllables of its known phrases.
    """

    acts: int
    apart: int
    tokens: Mapping[str, float]
    specific: Mapping[str, float]
    echo: frozenset[str]
    audience: frozenset[str]
    plain: str
    lead: bool = False
    join: bool = False
    shared: bool = False


class _Reading:
    """What has been gathered so far of one text."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.acts = 0
        self.tokens: dict[str, float] = {}
        self.pairs: dict[str, float] = {}
        self.echo: set[str] = set()
        self.audience: set[str] = set()
        self.flags = {"lead": False, "join": False, "shared": False}
        self.run: list[str] = []
        self.head = True

    def put(self, token: str, weight: float) -> None:
        self.tokens[token] = max(weight, self.tokens.get(token, 0.0))

    def end_run(self) -> None:
        for syllable in self.run:
            self.put(f"1:{syllable}", self.words.rarity.get(syllable, RARE))
        for one, other in zip(self.run, self.run[1:], strict=False):
            self.pairs[f"2:{one} {other}"] = PAIR
        self.run = []

    def see(self, phrase: Phrase, meaning: Meaning) -> None:
        self.end_run()
        for flag in self.flags:
            self.flags[flag] |= getattr(meaning, flag)
        if meaning.acts and self.head:
            self.acts |= meaning.acts
            if not meaning.thing or phrase in self.words.inside:
                return
            self.thing(meaning.thing, phrase)
        elif meaning.thing:
            self.thing(meaning.thing, phrase)
        elif meaning.carrier:
            self.put(f"c:{' '.join(phrase)}", CARRIER)
        elif meaning.acts:
            self.put(f"a:{meaning.acts}", INNER_ACT)
        if not (meaning.light or meaning.acts):
            self.head = False

    def thing(self, name: str, phrase: Phrase) -> None:
        self.echo.update(f"1:{syllable}" for syllable in phrase)
        self.put(f"t:{name}", self.words.weights[name])
        if name in self.words.audience:
            self.audience.add(name)


def _match(keys: Phrase, at: int, words: Words, head: bool) -> tuple[Phrase, Meaning] | None:
    for size in range(min(words.longest, len(keys) - at), 0, -1):
        phrase = keys[at : at + size]
        found = words.phrases.get(phrase)
        if found is None or (
            size == 1 and not head and found.acts and not (found.thing or found.carrier or found.light)
        ):
            continue  # a single syllable is a verb only where a verb stands
        return phrase, found
    return None


def _clause(keys: Phrase, reading: _Reading) -> None:
    at, words = 0, reading.words
    reading.head = True
    while at < len(keys):
        found = _match(keys, at, words, reading.head)
        if found is None:
            reading.run.append(keys[at])
            reading.head = False
            at += 1
            continue
        reading.see(*found)
        at += len(found[0])
    reading.end_run()


def _noun_list(clauses: Sequence[Phrase], words: Words) -> Phrase | None:
    """The last member of a list of things when it reads like a verb: "đất đai, môi trường, xây dựng"."""
    if len(clauses) < 2:
        return None
    last = clauses[-1]
    for size in range(min(words.longest, len(last)), 0, -1):
        found = words.phrases.get(last[:size])
        if found and found.thing and found.acts:
            return last[:size] if _all_light(last[size:], words) else None
    return None


def _all_light(keys: Phrase, words: Words) -> bool:
    at = 0
    while at < len(keys):
        found = _match(keys, at, words, head=True)
        if found is None or not found[1].light:
            return False
        at += len(found[0])
    return True


def _expanded(keys: Phrase, short: Mapping[str, Phrase]) -> Phrase:
    return tuple(full for key in keys for full in short.get(key, (key,)))


def read(text: str, words: Words) -> Duty:
    """The parts of one duty. An empty text gives a duty without tokens, which overlaps with nothing."""
    told = _TOGETHER.sub("phòng chống", nfc(text)).replace(" - ", " ")
    clauses = [_expanded(syllables(part), words.short) for part in _CLAUSE.split(told)]
    clauses = [keys for keys in clauses if keys]
    reading = _Reading(words)
    noun = _noun_list(clauses, words)
    for place, keys in enumerate(clauses):
        if noun is not None and place == len(clauses) - 1:
            reading.thing(words.phrases[noun].thing, noun)
            continue
        _clause(keys, reading)
    specific = reading.pairs | {
        token: weight
        for token, weight in reading.tokens.items()
        if (token[0] == "t" and weight == THING) or (token[0] == "1" and weight >= RARE_ENOUGH)
    }
    plain = " ".join(key for keys in clauses for key in keys)
    return Duty(
        reading.acts, _chain(reading.acts, words), reading.tokens, specific, frozenset(reading.echo),
        frozenset(reading.audience), plain, **reading.flags,
    )  # fmt: skip


def _chain(acts: int, words: Words) -> int:
    """Bits of the steps that are apart from every act; 0 without an act."""
    found = -1
    for place, bits in enumerate(words.apart):
        if acts >> place & 1:
            found &= bits
    return found if acts else 0
