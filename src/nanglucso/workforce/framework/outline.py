"""A framework as plain values: what files say, what drafts are copied from, what two versions are compared by."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nanglucso.core.bilingual import Named
from nanglucso.workforce.framework.models import Descriptor, Framework, OutsideComponent

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:nanglucso:framework")


def framework_uid(code: str, version: str) -> uuid.UUID:
    """The name of one version of a framework, always the same for the same code and version."""
    return uuid.uuid5(NAMESPACE, f"{code}/{version}")


def part_uid(code: str, kind: str, part: str) -> uuid.UUID:
    """The name of a part (`kind`: level, domain, competence, descriptor) in every version of the framework `code`."""
    return uuid.uuid5(NAMESPACE, f"{code}/{kind}/{part}")


def outside_uid(scheme: str, code: str) -> uuid.UUID:
    """The name of a component of a scheme that is only known by its codes."""
    return uuid.uuid5(NAMESPACE, f"outside/{scheme}/{code}")


@dataclass(frozen=True)
class Words(Named):
    """The bilingual texts of a part; short and head may be empty in foreign frameworks."""

    name_vi: str
    name_en: str = ""
    short_vi: str = ""
    short_en: str = ""
    head_vi: str = ""
    head_en: str = ""


@dataclass(frozen=True)
class LevelOutline:
    uid: uuid.UUID
    code: str
    words: Words
    principle_vi: str = ""
    principle_en: str = ""


@dataclass(frozen=True)
class GroupOutline:
    """A domain; `parent` is the code of the group it stands in, "" at the top."""

    uid: uuid.UUID
    code: str
    words: Words
    parent: str = ""


@dataclass(frozen=True)
class CompetenceOutline:
    """`cuts`: own lower bounds of the levels in logits, () = the framework's."""

    uid: uuid.UUID
    code: str
    group: str
    words: Words
    origin: str = ""
    facets_vi: str = ""
    facets_en: str = ""
    cuts: tuple[float, ...] = ()


@dataclass(frozen=True)
class BehaviourOutline:
    """`competence` and `level` are codes; level "" = the framework has no levels."""

    uid: uuid.UUID
    ref: str
    competence: str
    level: str
    text_vi: str
    text_en: str = ""


@dataclass(frozen=True)
class OutsideLink:
    """Competence `competence` meets component `code` of `scheme`; relation and status as in `Crosswalk`."""

    competence: str
    scheme: str
    code: str
    relation: str
    status: str


@dataclass(frozen=True)
class Outline:
    """A whole framework, parts in order. `about`: the plain fields of the `Framework` row (see `ABOUT`)."""

    uid: uuid.UUID
    code: str
    version: str
    about: dict[str, Any]
    levels: tuple[LevelOutline, ...] = ()
    groups: tuple[GroupOutline, ...] = ()
    competences: tuple[CompetenceOutline, ...] = ()
    behaviours: tuple[BehaviourOutline, ...] = ()
    outside: tuple[OutsideLink, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)


ABOUT = (
    "name_vi", "name_en", "source", "note_vi", "note_en", "is_proposal", "below_vi", "below_en", "cuts", "cuts_note",
    "cuts_note_en", "level_map", "correlation_within", "correlation_between", "origin",
)  # fmt: skip


def outline(framework: Framework) -> Outline:
    """The outline of a stored framework."""
    groups = list(framework.domains.select_related("parent"))
    competences = list(framework.competences.select_related("domain"))
    behaviours = Descriptor.objects.filter(competence__framework=framework).select_related("competence", "level")
    return Outline(
        uid=framework.uid,
        code=framework.code,
        version=framework.version,
        about={name: getattr(framework, name) for name in ABOUT},
        levels=tuple(
            LevelOutline(row.uid, row.code, _words(row), row.principle_vi, row.principle_en)
            for row in framework.levels.order_by("number")
        ),
        groups=tuple(
            GroupOutline(row.uid, row.code, _words(row), row.parent.code if row.parent else "") for row in groups
        ),
        competences=tuple(
            CompetenceOutline(
                row.uid, row.code, row.domain.code, _words(row), row.origin, row.facets_vi, row.facets_en,
                tuple(row.cuts or ()),
            )
            for row in competences
        ),
        behaviours=tuple(
            BehaviourOutline(
                row.uid, row.ref, row.competence.code, row.level.code if row.level else "", row.text_vi, row.text_en
            )
            for row in behaviours
        ),
        outside=tuple(_outside(framework)),
    )  # fmt: skip


def _words(row: Any) -> Words:
    return Words(*(getattr(row, name, "") for name in Words.__dataclass_fields__))


def _outside(framework: Framework) -> Iterable[OutsideLink]:
    rows = OutsideComponent.objects.filter(crosswalks__competence__framework=framework).values_list(
        "crosswalks__competence__code", "scheme", "code", "crosswalks__relation", "crosswalks__status"
    )
    kept = rows.filter(crosswalks__competence__framework=framework)
    return (OutsideLink(*row) for row in sorted(set(kept)))
