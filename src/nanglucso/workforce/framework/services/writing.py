"""An outline becomes the rows of a framework: for drafts, and for files of other systems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework.models import (
    Competence,
    Crosswalk,
    Descriptor,
    Domain,
    Framework,
    Level,
    OutsideComponent,
)
from nanglucso.workforce.framework.outline import GroupOutline, Outline, Words


def write(told: Outline, *, framework: Framework, at: datetime) -> Framework:
    """Give a draft the parts of an outline in place of its own. Inside the caller's act.

    Raises `Refused` naming a code that occurs twice, a text that is too long or a place that the outline lacks.
    """
    _check(told)
    framework.domains.all().delete()
    framework.levels.all().delete()
    for name, value in told.about.items():
        setattr(framework, name, value)
    framework.changed_at = at
    framework.save()
    levels = _levels(told, framework)
    groups = _groups(told, framework)
    competences = _competences(told, framework, groups)
    Descriptor.objects.bulk_create(
        [
            Descriptor(
                uid=row.uid, ref=row.ref, competence=competences[row.competence], level=levels.get(row.level),
                text_vi=row.text_vi, text_en=row.text_en,
            )
            for row in told.behaviours
        ],
        batch_size=500,
    )  # fmt: skip
    _outside(told, competences)
    return framework


def _check(told: Outline) -> None:
    groups, competences = [row.code for row in told.groups], [row.code for row in told.competences]
    for kind in ([row.code for row in told.levels], groups, competences, [row.ref for row in told.behaviours]):
        twice = next((code for code in kind if kind.count(code) > 1), None) if len(set(kind)) < len(kind) else None
        if twice is not None:
            raise Refused(_("The code %(code)s occurs twice; every part needs a code of its own.") % {"code": twice})
    if not competences:
        raise Refused(_("The framework has no competence; at least one is needed."))
    _check_places(told, set(groups), set(competences))
    words = [(row.code, row.words) for row in told.levels]
    words += [(row.code, row.words) for row in told.groups] + [(row.code, row.words) for row in told.competences]
    for code, said in words:
        _check_length(code, said, told)
    cuts = told.about.get("cuts") or []
    if len(cuts) != len(told.levels) or sorted(set(cuts)) != list(cuts):
        raise Refused(_("There must be one ascending cut point for every level."))


def _check_places(told: Outline, groups: set[str], competences: set[str]) -> None:
    levels = {row.code for row in told.levels} | {""}
    lost: list[tuple[str, str]] = [
        (row.code, row.parent) for row in told.groups if row.parent and row.parent not in groups
    ]
    lost += [(row.code, row.group) for row in told.competences if row.group not in groups]
    lost += [(row.ref, row.competence) for row in told.behaviours if row.competence not in competences]
    lost += [(row.ref, row.level) for row in told.behaviours if row.level not in levels]
    if lost:
        told_of = {"code": lost[0][0], "place": lost[0][1]}
        raise Refused(_("%(code)s stands under %(place)s, which the framework does not have.") % told_of)


def _check_length(code: str, words: Words, told: Outline) -> None:
    longest = max(len(words.name_vi), len(words.name_en))
    level = any(row.code == code for row in told.levels)
    most = 60 if level else 500
    if longest > most or len(code) > (16 if level else 40):
        raise Refused(
            _("%(code)s: the code or the name is too long (names at most %(most)s letters).")
            % {"code": code[:60], "most": most}
        )
    if not words.name_vi.strip():
        raise Refused(_("%(code)s has no name.") % {"code": code})


def _levels(told: Outline, framework: Framework) -> dict[str, Level]:
    rows = [
        Level(
            framework=framework, number=number, uid=row.uid, code=row.code, name_vi=row.words.name_vi,
            name_en=row.words.name_en, principle_vi=row.principle_vi, principle_en=row.principle_en,
        )
        for number, row in enumerate(told.levels, start=1)
    ]  # fmt: skip
    return {row.code: row for row in Level.objects.bulk_create(rows)}


def _groups(told: Outline, framework: Framework) -> dict[str, Domain]:
    made: dict[str, Domain] = {}
    waiting: list[tuple[int, GroupOutline]] = list(enumerate(told.groups, start=1))
    while waiting:
        now = [(number, row) for number, row in waiting if not row.parent or row.parent in made]
        if not now:
            raise Refused(_("The groups %(codes)s stand in each other.") % {"codes": _codes(waiting)})
        for number, row in now:
            words = _texts(row.words, head=30)
            parent = made.get(row.parent)
            made[row.code] = Domain.objects.create(
                framework=framework, parent=parent, number=number, uid=row.uid, code=row.code, **words
            )
        waiting = [one for one in waiting if one[1].code not in made]
    return made


def _codes(rows: list[tuple[int, GroupOutline]]) -> str:
    return ", ".join(row.code for _number, row in rows[:5])


def _competences(told: Outline, framework: Framework, groups: Mapping[str, Domain]) -> dict[str, Competence]:
    rows = [
        Competence(
            framework=framework, domain=groups[row.group], index=index, uid=row.uid, code=row.code,
            origin=row.origin[:120], facets_vi=row.facets_vi, facets_en=row.facets_en,
            cuts=list(row.cuts) or None, **_texts(row.words),
        )
        for index, row in enumerate(told.competences)
    ]  # fmt: skip
    return {row.code: row for row in Competence.objects.bulk_create(rows, batch_size=500)}


def _texts(words: Words, head: int = 0) -> dict[str, str]:
    """Names, and short names cut from them where there are none."""
    found = {"name_vi": words.name_vi, "name_en": words.name_en}
    found |= {
        "short_vi": words.short_vi or cut(words.name_vi, 80),
        "short_en": words.short_en or cut(words.name_en, 80),
    }
    if head:
        found |= {"head_vi": words.head_vi or cut(words.name_vi, head)}
        found |= {"head_en": words.head_en or cut(words.name_en, head)}
    return found


def cut(text: str, most: int) -> str:
    """The text, or its first whole words and an ellipsis, within `most` letters."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _outside(told: Outline, competences: Mapping[str, Competence]) -> None:
    held: dict[tuple[str, str], Any] = {(row.scheme, row.code): row for row in OutsideComponent.objects.all()}
    rows = []
    for one in told.outside:
        component = held.get((one.scheme, one.code))
        if component is None:
            component = held[one.scheme, one.code] = OutsideComponent.objects.create(scheme=one.scheme, code=one.code)
        rows.append(
            Crosswalk(
                competence=competences[one.competence], component=component, relation=one.relation, status=one.status
            )
        )
    Crosswalk.objects.bulk_create(rows, batch_size=500)
