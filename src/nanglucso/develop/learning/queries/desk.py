"""What the writers' desk shows, and what a text is held against when it is published here."""

from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.checking import Rules, asked_texts
from nanglucso.develop.learning.lessons import lesson_of
from nanglucso.develop.learning.likeness import Known
from nanglucso.develop.learning.models import Lesson, LessonVersion
from nanglucso.develop.learning.shipped import item_text
from nanglucso.measure.bank.checking import shipped_rules
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.workforce.framework.models import Descriptor
from nanglucso.workforce.framework.queries import current_framework

State = LessonVersion.State


def to_review(*, user: User) -> QuerySet[LessonVersion]:
    """Versions that this person may read and publish."""
    return LessonVersion.objects.filter(state=State.REVIEW).exclude(author=user)


def desk(*, user: User, which: str = "") -> QuerySet[LessonVersion]:
    """Versions in use (default), open ones, one's own, or what waits for this reader."""
    rows = LessonVersion.objects.select_related("lesson", "author")
    if which == "open":
        return rows.filter(state__in=(State.DRAFT, State.REVIEW)).order_by("-changed_at")
    if which == "mine":
        return rows.filter(author=user).order_by("-changed_at")
    if which == "read":
        return to_review(user=user).select_related("lesson", "author").order_by("changed_at")
    return rows.filter(pk__in=Lesson.objects.exclude(live=None).values("live"))


def tabs(*, user: User) -> list[tuple[str, Any, int]]:
    """(filter, its name, how many)."""
    names = (
        ("", _("In use")),
        ("open", _("Being written or read")),
        ("read", _("For you to read")),
        ("mine", _("Your own")),
    )
    return [(value, name, desk(user=user, which=value).count()) for value, name in names]


def versions_of(lesson: Lesson) -> QuerySet[LessonVersion]:
    """All versions that were not set aside, the newest first."""
    return lesson.versions.exclude(state=State.DROPPED).select_related("author", "published_by").order_by("-number")


def next_number(lesson: Lesson) -> int:
    """The number that the next version of a lesson will get."""
    return (lesson.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _indicators() -> set[str]:
    try:
        framework = current_framework()
    except Refused:
        return set()
    return set(Descriptor.objects.filter(competence__framework=framework).values_list("ref", flat=True))


def rules_now(today: date) -> Rules:
    """What a text of this house is held against: the framework in force, the bank, the lessons in use."""
    terms, laws = shipped_rules()
    items = ItemVersion.objects.filter(current=True).select_related("item")
    known = Known((row.item.code, item_text(row.body)) for row in items)
    codes = set()
    for lesson in Lesson.objects.exclude(live=None).select_related("live"):
        codes.add(lesson.code)
        for name, text, _line in asked_texts(lesson_of(lesson.live)):  # type: ignore[arg-type]
            known.add(name, text)
    return Rules(terms, laws, today, _indicators(), codes, known)
