"""Nouns of the item bank."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from nanglucso.engines.irt import ItemBank
from nanglucso.measure.bank.models import Item, ItemVersion, Lab, LabVersion
from nanglucso.measure.bank.scoring import regions
from nanglucso.workforce.framework.models import Competence, Framework


@dataclass(frozen=True)
class Deck:
    """Item versions in belief order of their rows: `versions[j]` is row j of the engine's bank."""

    versions: tuple[ItemVersion, ...]
    bank: ItemBank
    index: dict[int, int]


def live_versions(framework: Framework, competences: list[str] | None = None) -> QuerySet[ItemVersion]:
    """Current versions of the exam items in use that a machine scores, optionally only of some competence codes."""
    return _exam_versions(framework, competences).exclude(item__type=Item.Type.FILE)


def file_versions(framework: Framework, competences: list[str] | None = None) -> QuerySet[ItemVersion]:
    """The same of exam items that are answered by a file and rated by people."""
    return _exam_versions(framework, competences).filter(item__type=Item.Type.FILE)


def _exam_versions(framework: Framework, competences: list[str] | None) -> QuerySet[ItemVersion]:
    rows = ItemVersion.objects.filter(
        current=True, item__status=Item.Status.LIVE, item__practice=False, item__competence__framework=framework
    ).select_related("item__competence")
    if competences:
        rows = rows.filter(item__competence__code__in=competences)
    return rows.order_by("item__competence__index", "item__code")


def practice_versions(framework: Framework, competence: str = "") -> QuerySet[ItemVersion]:
    """Current versions of the items released for practice; no exam asks them."""
    seen = (Item.Status.LIVE, Item.Status.RETIRED)
    rows = ItemVersion.objects.filter(
        current=True, item__practice=True, item__status__in=seen, item__competence__framework=framework
    ).exclude(item__type=Item.Type.FILE)
    if competence:
        rows = rows.filter(item__competence__code=competence)
    return rows.select_related("item__competence__domain").order_by("item__competence__index", "item__code")


@lru_cache(maxsize=16)
def deck(version_ids: tuple[int, ...]) -> Deck:
    """The engine's bank of these versions; versions are immutable, so it is kept for the life of the process."""
    found = ItemVersion.objects.select_related("item__competence__domain").in_bulk(version_ids)
    versions = tuple(found[pk] for pk in version_ids)
    bank = ItemBank.build(
        competence=[v.item.competence.index for v in versions],
        a=[v.a for v in versions],
        b=[v.b for v in versions],
        c=[v.c for v in versions],
        family=[v.item.family for v in versions],
        minutes=[v.minutes for v in versions],
    )
    return Deck(versions, bank, {pk: j for j, pk in enumerate(version_ids)})


EXPOSURE_CAP = 0.25
LONGEST_TEST = 36


def wanted_per_level(framework: Framework) -> int:
    """Items that one competence needs at each level.

    One test asks a competence ⌈36 / K⌉ times; an item may meet at most 25% of the takers, so four times that is
    needed, spread over the L levels.
    """
    k, top = framework.competences.count(), framework.levels.count()
    return ceil(ceil(LONGEST_TEST / max(1, k)) / EXPOSURE_CAP / max(1, top))


@dataclass(frozen=True)
class Cover:
    """How many items in use a competence has per level, against what is wanted at each."""

    competence: Competence
    by_level: tuple[int, ...]
    wanted: int
    types: int

    @property
    def total(self) -> int:
        return sum(self.by_level)

    @property
    def missing(self) -> int:
        return sum(max(0, self.wanted - n) for n in self.by_level)

    @property
    def cells(self) -> list[tuple[int, int, str]]:
        """(level, items, css): enough, or heat by how much is missing."""
        return [(n + 1, have, self._heat(have)) for n, have in enumerate(self.by_level)]

    def _heat(self, have: int) -> str:
        lack = 1 - have / max(1, self.wanted)
        return "enough" if lack <= 0 else f"b{2 + min(3, int(4 * lack - 0.01))}"


def coverage(framework: Framework) -> list[Cover]:
    """Coverage map of the bank."""
    wanted, numbers = wanted_per_level(framework), [level.number for level in framework.levels.all()]
    live = Item.objects.filter(status=Item.Status.LIVE, practice=False, competence__framework=framework)
    counts = {
        (pk, level): n for pk, level, n in live.values_list("competence", "level").annotate(n=Count("id")).order_by()
    }
    types = dict(live.values_list("competence").annotate(n=Count("type", distinct=True)).order_by())
    return [
        Cover(row, tuple(counts.get((row.pk, n), 0) for n in numbers), wanted, types.get(row.pk, 0))
        for row in framework.competences.select_related("domain").order_by("index")
    ]


@dataclass(frozen=True)
class TypeShare:
    """How many of the items in use are of one type; `share` 0..1."""

    name: str
    number: int
    share: float

    @property
    def bar(self) -> str:
        """Width in percent."""
        return f"{100 * self.share:.1f}"


def type_shares() -> list[TypeShare]:
    """Types of the items in use, most first."""
    live = Item.objects.filter(status=Item.Status.LIVE)
    rows = list(live.values_list("type").annotate(n=Count("id")).order_by("-n"))
    total = max(1, sum(n for _, n in rows))
    return [TypeShare(str(Item.Type(kind).label), n, n / total) for kind, n in rows]


def to_review(today: date, within: timedelta = timedelta(days=90)) -> QuerySet[Item]:
    """Items marked for review, and items in use whose date of review comes within `within`, soonest first."""
    due = Q(status=Item.Status.LIVE, review_by__lte=today + within) | Q(status=Item.Status.REVIEW)
    return with_stem(Item.objects.filter(due)).order_by("review_by", "code")


def with_stem(rows: QuerySet[Item]) -> QuerySet[Item]:
    """The same items with the competence and, in `now`, a list of the current version (no key)."""
    shown = ItemVersion.objects.filter(current=True).defer("key", "notes")
    return rows.select_related("competence").prefetch_related(Prefetch("versions", shown, to_attr="now"))


def items(
    *, text: str = "", competence: str = "", type_: str = "", status: str = "", level: str = ""
) -> QuerySet[Item]:
    """The bank's list, filtered; `now` holds the current version of each."""
    rows = Item.objects.all()
    if text:
        rows = rows.filter(
            Q(code__icontains=text) | Q(gloss_en__icontains=text) | Q(family__icontains=text)
            | Q(versions__current=True, versions__body__stem__icontains=text)
        ).distinct()  # fmt: skip
    wanted = {
        "competence__code": competence,
        "type": type_,
        "status": status,
        "level": level if level.isdigit() else "",
    }
    return with_stem(rows.filter(**{field: value for field, value in wanted.items() if value}))


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen with what the key says of it. `best` = part of the full score."""

    letter: str
    text: str
    best: bool
    points: str
    feedback: str
    misconception: str


def _chosen(version: ItemVersion) -> list[Option]:
    key, graded = version.key, version.item.type == Item.Type.SJT
    answer = key["answer"] if isinstance(key["answer"], list) else [key["answer"]]
    return [
        Option(
            o["key"], o["text"], o["key"] in answer, str(key["scores"][o["key"]]) if graded else "",
            key["feedback"].get(o["key"], ""), key["misconceptions"].get(o["key"], ""),
        )
        for o in version.body["options"]
    ]  # fmt: skip


def _place(key: str) -> str:
    """r1 → A: a place of a drawn screen as the list beside it is lettered."""
    return chr(64 + int(key[1:]))


def key_rows(version: ItemVersion) -> list[Option]:
    """The answer key of a version as rows to read: options, steps in order, pairs, or accepted answers."""
    kind, key, body = version.item.type, version.key, version.body
    if "options" in body:
        return _chosen(version)
    if kind == Item.Type.ORDER:
        said = {step["key"]: step["text"] for step in body["steps"]}
        return [Option(str(n), said[k], True, "", "", "") for n, k in enumerate(key["answer"], 1)]
    if kind == Item.Type.MATCH:
        right = {one["key"]: one["text"] for one in body["right"]}
        told = key["feedback"]
        return [
            Option(
                one["key"],
                f"{one['text']} → {right[key['answer'][one['key']]]}",
                True,
                "",
                told.get(one["key"], ""),
                "",
            )
            for one in body["left"]
        ]
    if kind == Item.Type.HOTSPOT:
        right_places = {key["answer"], *key["accept"]}
        told = key["feedback"]
        places = regions(body).items()
        return [Option(_place(k), text, k in right_places, "", told[k], "") for k, text in places]
    if kind == Item.Type.FILE:
        return [Option(str(row["score"]), row["text"], False, str(row["score"]), "", "") for row in key["rubric"]]
    accepted = key.get("accept") or [key["answer"]]
    rows = [Option("✓", str(text), True, "", "", "") for text in accepted]
    return rows + [Option("✗", str(text), False, "", "", "") for text in key.get("refuse", [])]


def choice_words(version: ItemVersion, choice: Any) -> str:
    """What was answered, in the words of the item."""
    body = version.body
    said = {row["key"]: row["text"] for part in ("options", "steps", "left", "right") for row in body.get(part, [])}
    said |= regions(body) if "screen" in body else {}
    if isinstance(choice, dict):
        return "; ".join(f"{said.get(k, k)} → {said.get(v, v)}" for k, v in choice.items())
    if isinstance(choice, list):
        return (" → " if "steps" in body else "; ").join(str(said.get(one, one)) for one in choice)
    return str(said.get(choice, choice))


def general_feedback(version: ItemVersion) -> list[str]:
    """What is told about an answer as a whole, where it is not bound to one option."""
    key = version.key
    found = [key.get("feedback_correct", ""), key.get("feedback_wrong", "")]
    if version.item.type == Item.Type.ORDER:
        found += list(key["feedback"].values())
    return [str(text) for text in found if text]


def live_labs() -> list[LabVersion]:
    """The newest version of every practice task in use, by code."""
    rows = LabVersion.objects.filter(lab__status=Lab.Status.LIVE).select_related("lab").order_by("lab__code", "number")
    return list({one.lab_id: one for one in rows}.values())
