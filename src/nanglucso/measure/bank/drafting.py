"""Nouns of the authors' desk: lists of drafts, who may see which key, and what a draft's codes stand for."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from nanglucso.core.models import User
from nanglucso.measure.bank.models import Item, ItemDraft, ItemReading
from nanglucso.measure.bank.rawitem import cut_of
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework, frame

State = ItemDraft.State


def drafts(*, user: User, state: str = "") -> QuerySet[ItemDraft]:
    """Open drafts, newest change first; `state` narrows: mine, to_read, or a state."""
    rows = ItemDraft.objects.select_related("author", "item").order_by("-changed_at")
    if state == "to_read":
        return to_read(user).select_related("author", "item")
    if state == "mine":
        return rows.filter(author=user)
    if state in State.values:
        return rows.filter(state=state)
    return rows.filter(state__in=(State.WRITING, State.READING, State.APPROVED))


def to_read(user: User) -> QuerySet[ItemDraft]:
    """What this person may read now: not their own, and nobody else has begun."""
    taken = ItemReading.objects.filter(draft=OuterRef("pk"), round=OuterRef("round")).exclude(reader=user)
    rows = ItemDraft.objects.filter(state=State.READING).exclude(author=user)
    return rows.exclude(Exists(taken)).order_by("changed_at")


def counts(user: User) -> list[tuple[str, Any, int]]:
    """(filter, its name, how many) for the tabs above the list."""
    open_ = drafts(user=user).count()
    rows = [("", _("Open"), open_), ("to_read", _("For you to read"), to_read(user).count()),
            ("mine", _("Your own"), ItemDraft.objects.filter(author=user).count())]  # fmt: skip
    ended = (State.APPROVED, State.PUBLISHED, State.DROPPED)
    return rows + [(str(one), State(one).label, ItemDraft.objects.filter(state=one).count()) for one in ended]


def sees_key(draft: ItemDraft, user: User) -> bool:
    """The author always; others once it was approved or published, or after their own blind answer in this round."""
    if draft.author_id == user.pk or draft.state in (State.APPROVED, State.PUBLISHED):
        return True
    return draft.readings.filter(round=draft.round, reader=user).exists()


def place(raw: dict[str, Any]) -> dict[str, Any]:
    """The competence and level of a row. Raises Competence.DoesNotExist or Level.DoesNotExist."""
    framework = current_framework()
    competence = framework.competences.select_related("framework", "domain").get(code=raw["competence"])
    return {"competence": competence, "level": framework.levels.get(code=raw["level"])}


def about(raw: dict[str, Any]) -> dict[str, Any]:
    """Competence, level and type of a row in words."""
    spot = place(raw)
    return {**spot, "level_label": level_label(spot["level"].number), "type": Item.Type(raw["type"]).label}


def indicators(raw: dict[str, Any]) -> tuple[list[tuple[str, str]], float]:
    """Indicators of the row's competence and level as choices, and the level's cut in logits."""
    spot = place(raw)
    rows = spot["competence"].descriptors.filter(level=spot["level"]).order_by("ref")
    found = [(one.ref, f"{one.ref} – {one.text}") for one in rows]
    if raw["indicator"] not in dict(found):
        found.append((raw["indicator"], raw["indicator"]))
    return found, cut_of(spot["competence"], spot["level"].number)


def beginning(framework: Framework, competence: str, level: int, kind: str) -> dict[str, Any]:
    """What a new draft starts from; its first indicator is the one with the fewest items."""
    row = framework.competences.select_related("framework").get(code=competence)
    step = framework.levels.get(number=level)
    refs = list(row.descriptors.filter(level=step).order_by("ref").values_list("ref", flat=True))
    kept = Item.objects.filter(competence=row, level=level).exclude(status=Item.Status.RETIRED)
    used = list(kept.values_list("indicator", flat=True))
    first = min(refs, key=used.count, default=f"{competence}.{step.code}.a")
    return {"competence": row, "level": step, "kind": kind, "indicator": first}


def level_label(number: int) -> str:
    return frame(current_framework()).label(number)


def level_choices() -> list[tuple[int, str]]:
    """Levels 1..L with their names."""
    return [(number, name) for number, name in enumerate(frame(current_framework()).labels) if number]


def placed(data: QueryDict, raw: dict[str, Any]) -> list[str]:
    """Steps by the places typed beside them; a place given twice leaves a list that is no permutation."""
    places = {str(one["key"]): data.get(f"p_{one['key']}", "") for one in raw["steps"]}
    order = sorted(places, key=lambda key: int(places[key]) if places[key].isdigit() else 99)
    return order if sorted(places.values()) == sorted(str(n) for n in range(1, len(order) + 1)) else []
