"""A framework as a package of CASE (Competencies and Academic Standards Exchange) 1.0 or 1.1 by 1EdTech.

Groups, competences and behaviours are CFItems under each other, the levels one CFRubric, ties to outside schemes
CFAssociations whose grouping says how near they are. What CASE has no place for (English texts, short names, cut
points) goes under `extensions.nls` in 1.1, and in 1.0, which has no extensions, into `notes`, one line a value.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from nanglucso.workforce.framework.outline import NAMESPACE, Outline, OutsideLink, Words, outside_uid

Json = dict[str, Any]
VERSIONS = ("1.0", "1.1")
OURS = "nls"
NOTE = "nls."
DOMAIN, COMPETENCY, BEHAVIOUR = "Domain", "Competency", "Behavior"
OUTSIDE = "urn:nanglucso:outside:"
KEPT = ("creator", "publisher", "officialSourceURL", "language", "subject", "frameworkType", "licenseURI")
"""Fields of a CFDocument that pass through unread, in `Framework.origin`."""

_DOCUMENT = (
    "name_en", "source", "note_en", "below_vi", "below_en", "cuts", "cuts_note", "cuts_note_en", "level_map",
    "correlation_within", "correlation_between",
)  # fmt: skip


def package(told: Outline, *, changed_at: datetime, version: str = "1.1") -> Json:
    """The CFPackage. Everything in it follows from the framework, so the same framework gives the same bytes."""
    made = _Package(told, changed_at, version)
    return made.whole()


def canonical(found: Json) -> bytes:
    """UTF-8 bytes that do not depend on the order in which a system lists parts: lists by identifier, keys sorted."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ordered(one) for key, one in value.items()}
        if isinstance(value, list):
            rows = [ordered(one) for one in value]
            named = all(isinstance(one, dict) and "identifier" in one for one in rows)
            return sorted(rows, key=lambda one: str(one["identifier"])) if named else rows
        return value

    return json.dumps(ordered(found), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def urn(uid: uuid.UUID | str) -> str:
    """The address of a part: its name is enough, no server has to stand for it."""
    return f"urn:uuid:{uid}"


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def relation_title(link: OutsideLink) -> str:
    """Title of the grouping that says how near two components are."""
    return f"{link.relation}; {link.status}"


class _Package:
    """One package in the making."""

    def __init__(self, told: Outline, changed_at: datetime, version: str) -> None:
        self.told, self.version, self.at = told, version, stamp(changed_at)
        self.document = {"title": told.about["name_vi"], "identifier": str(told.uid), "uri": urn(told.uid)}
        self.associations: list[Json] = []
        self.links: dict[str, Json] = {}

    def whole(self) -> Json:
        items = [*self._groups(), *self._competences(), *self._behaviours()]
        self._outside()
        found: Json = {"CFDocument": self._document(), "CFItems": items, "CFAssociations": self.associations}
        found["CFDefinitions"] = self._definitions()
        if self.told.levels:
            found["CFRubrics"] = [self._rubric()]
        return found

    def _named(self, uid: uuid.UUID, **more: Any) -> Json:
        return {"identifier": str(uid), "uri": urn(uid), "lastChangeDateTime": self.at} | more

    def _with(self, row: Json, extra: Mapping[str, Any]) -> Json:
        """The row with what CASE has no field for."""
        said = {key: value for key, value in extra.items() if value not in ("", None, [], {}, ())}
        if said and self.version == "1.1":
            row["extensions"] = {OURS: said}
        elif said:
            row["notes"] = "\n".join(f"{NOTE}{key} = {json.dumps(said[key], ensure_ascii=False)}" for key in said)
        return row

    def _document(self) -> Json:
        told, about = self.told, self.told.about
        origin = about.get("origin") or {}
        row = self._named(told.uid, title=about["name_vi"], version=told.version, language="vi", creator="Năng Lực Số")
        row |= {
            key: origin[key] for key in KEPT if origin.get(key) and (self.version == "1.1" or key != "frameworkType")
        }
        row["adoptionStatus"] = "Draft" if about["is_proposal"] else "Adopted"
        if about["note_vi"]:
            row["description"] = about["note_vi"]
        if self.version == "1.1":
            row["caseVersion"] = "1.1"
        extra = {key: about[key] for key in _DOCUMENT}
        levels = [
            {"code": one.code, "name_en": one.words.name_en, "principle_en": one.principle_en} for one in told.levels
        ]
        return self._with(row, {"code": told.code, **extra, "levels": levels})

    def _item(
        self, uid: uuid.UUID, kind: str, code: str, statement: str, extra: Mapping[str, Any], **more: Any
    ) -> Json:
        self.links[f"{kind}/{code}"] = {"title": f"{code} {statement}"[:200], "identifier": str(uid), "uri": urn(uid)}
        row = self._named(uid, fullStatement=statement, humanCodingScheme=code, CFItemType=kind)
        return self._with(row | {key: value for key, value in more.items() if value}, extra)

    def _child(self, kind: str, code: str, parent: Json, number: int) -> None:
        self._tie("isChildOf", self.links[f"{kind}/{code}"], parent, sequenceNumber=number)

    def _tie(self, kind: str, origin: Json, to: Json, **more: Any) -> None:
        uid = uuid.uuid5(NAMESPACE, f"{self.told.uid}/{kind}/{origin['identifier']}/{to['identifier']}")
        row = self._named(uid, associationType=kind, originNodeURI=origin, destinationNodeURI=to)
        self.associations.append(row | more)

    def _groups(self) -> Iterable[Json]:
        rows = []
        for one in self.told.groups:
            words, short = one.words, one.words.short_vi
            row = self._item(one.uid, DOMAIN, one.code, words.name_vi, _more(words), abbreviatedStatement=short)
            rows.append(row)
        for number, one in enumerate(self.told.groups, start=1):
            parent = self.links[f"{DOMAIN}/{one.parent}"] if one.parent else self.document
            self._child(DOMAIN, one.code, parent, number)
        return rows

    def _competences(self) -> Iterable[Json]:
        for number, one in enumerate(self.told.competences, start=1):
            extra = _more(one.words) | {"origin": one.origin, "facets_vi": one.facets_vi, "facets_en": one.facets_en}
            extra["cuts"] = list(one.cuts)
            short = one.words.short_vi
            yield self._item(one.uid, COMPETENCY, one.code, one.words.name_vi, extra, abbreviatedStatement=short)
            self._child(COMPETENCY, one.code, self.links[f"{DOMAIN}/{one.group}"], number)

    def _behaviours(self) -> Iterable[Json]:
        for number, one in enumerate(self.told.behaviours, start=1):
            level = [one.level] if one.level else []
            yield self._item(one.uid, BEHAVIOUR, one.ref, one.text_vi, {"text_en": one.text_en}, educationLevel=level)
            self._child(BEHAVIOUR, one.ref, self.links[f"{COMPETENCY}/{one.competence}"], number)

    def _outside(self) -> None:
        for one in self.told.outside:
            to = {"title": f"{one.scheme} {one.code}", "identifier": str(outside_uid(one.scheme, one.code))}
            to["uri"] = f"{OUTSIDE}{one.scheme}:{one.code}"
            title = relation_title(one)
            uid = self._grouping(title)
            grouping = {"title": title, "identifier": str(uid), "uri": urn(uid)}
            origin = self.links[f"{COMPETENCY}/{one.competence}"]
            self._tie("isRelatedTo", origin, to, CFAssociationGroupingURI=grouping)

    def _grouping(self, title: str) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.told.uid}/grouping/{title}")

    def _definitions(self) -> Json:
        kinds = (
            (DOMAIN, "A group of competences", "1"), (COMPETENCY, "A competence that is measured", "1.1"),
            (BEHAVIOUR, "An observable behaviour", "1.1.1"),
        )  # fmt: skip
        types = [
            self._named(uuid.uuid5(NAMESPACE, f"item-type/{title}"), title=title, description=text, hierarchyCode=code)
            for title, text, code in kinds
        ]
        titles = sorted({relation_title(one) for one in self.told.outside})
        return {
            "CFItemTypes": types,
            "CFAssociationGroupings": [self._named(self._grouping(title), title=title) for title in titles],
        }

    def _rubric(self) -> Json:
        scale = uuid.uuid5(NAMESPACE, f"{self.told.uid}/scale")
        criterion = uuid.uuid5(NAMESPACE, f"{self.told.uid}/scale/criterion")
        levels = [
            self._named(one.uid, quality=one.words.name_vi, description=one.principle_vi, score=number, position=number)
            | {"rubricCriterionId": str(criterion)}
            for number, one in enumerate(self.told.levels, start=1)
        ]
        row = self._named(criterion, category="levels", position=1, rubricId=str(scale), CFRubricCriterionLevels=levels)
        return self._named(scale, title="Levels", CFRubricCriteria=[row])


def _more(words: Words) -> Json:
    return {key: getattr(words, key) for key in ("name_en", "short_en", "head_vi", "head_en")}
