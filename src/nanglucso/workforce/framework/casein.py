"""A CASE 1.0 or 1.1 package of anybody becomes an outline.

Trees of any depth are read: items at one depth are the competences, those above are groups, those below behaviours.
Which depth that is, the package says by CFItemType ("Competency", "Năng lực" …) or the caller does.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.kit.jsonread import MOST_DEPTH, BadJson, read_json
from nanglucso.kit.letters import nfc
from nanglucso.kit.text import fold
from nanglucso.workforce.framework.caseout import BEHAVIOUR, COMPETENCY, DOMAIN, KEPT, NOTE, OURS, OUTSIDE
from nanglucso.workforce.framework.outline import (
    BehaviourOutline,
    CompetenceOutline,
    GroupOutline,
    LevelOutline,
    Outline,
    OutsideLink,
    Words,
    part_uid,
)

Json = Mapping[str, Any]
_COMPETENT = ("competenc", "nang luc", "skill", "outcome")
_MOST = 20_000
_UNREADABLE = {
    "syntax": _("%(file)s, line %(line)s: this is not JSON."),
    "deep": _("%(file)s is nested more than %(most)s deep, which no CASE package is: export it again from its source."),
    "letters": _("%(file)s holds signs that are no letters: export it again from its source, as UTF-8."),
}


@dataclass
class _Node:
    """One CFItem in the tree. `depth` 1 = under the document."""

    row: Json
    extra: Json
    code: str = ""
    depth: int = 0
    parent: "_Node | None" = None
    parts: list["_Node"] = field(default_factory=list)

    @property
    def uid(self) -> uuid.UUID:
        return uuid.UUID(self.row["identifier"])

    @property
    def words(self) -> Words:
        more = {key: str(self.extra.get(key, "")) for key in ("name_en", "short_en", "head_vi", "head_en")}
        return Words(
            nfc(self.row["fullStatement"]).strip(), short_vi=self.row.get("abbreviatedStatement", "")[:80], **more
        )


def load(data: bytes, name: str) -> Json:
    """The package in a file. Raises `Refused`: not JSON, too deep, half letters, no CASE package."""
    try:
        found = read_json(data)
    except BadJson as error:
        raise Refused(_UNREADABLE[error.reason] % {"file": name, "line": error.line, "most": MOST_DEPTH}) from error
    check(found, name)
    return found


def check(found: Any, name: str = "CASE") -> None:
    """Refuse a package that lacks what CASE 1.0 and 1.1 both require, naming the place."""
    if not isinstance(found, dict) or not isinstance(found.get("CFDocument"), dict):
        raise Refused(_("%(file)s is not a CASE package: it has no CFDocument.") % {"file": name})
    _need(found["CFDocument"], "CFDocument", ("identifier", "uri", "creator", "title", "lastChangeDateTime"))
    lists = {
        "CFItems": ("identifier", "fullStatement", "uri", "lastChangeDateTime"),
        "CFAssociations": ("identifier", "associationType", "uri", "originNodeURI", "destinationNodeURI"),
        "CFRubrics": ("identifier", "uri", "lastChangeDateTime"),
    }
    for part, needed in lists.items():
        rows = found.get(part) or []
        if not isinstance(rows, list) or len(rows) > _MOST:
            raise Refused(_("%(part)s must be a list of at most %(most)s parts.") % {"part": part, "most": _MOST})
        for number, row in enumerate(rows):
            _need(row, f"{part}[{number}]", needed)
            if part == "CFAssociations":
                for end in ("originNodeURI", "destinationNodeURI"):
                    _need(row[end], f"{part}[{number}].{end}", ("identifier",), named=False)


def _need(row: Any, place: str, needed: Sequence[str], *, named: bool = True) -> None:
    lost = [key for key in needed if not isinstance(row, dict) or not row.get(key)]
    if lost:
        raise Refused(_("%(place)s lacks %(fields)s.") % {"place": place, "fields": ", ".join(lost)})
    if (named and not isinstance(row["identifier"], str)) or not isinstance(row.get("fullStatement", ""), str):
        raise Refused(_("%(place)s: identifier and fullStatement must be texts.") % {"place": place})
    try:
        if named:
            uuid.UUID(row["identifier"])
    except ValueError as error:
        text = _("%(place)s: the identifier %(value)s is not a UUID.")
        raise Refused(text % {"place": place, "value": row["identifier"][:60]}) from error


def changed_at(found: Json) -> datetime:
    """When the document says it was changed last. Raises `Refused` for what is no ISO 8601 moment."""
    text = str(found["CFDocument"]["lastChangeDateTime"])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("CFDocument: %(value)s is not a moment in ISO 8601.") % {"value": text[:40]}) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def extra_of(row: Json) -> Json:
    """Our own values that another field of CASE does not hold: from the extension, or from lines of the notes."""
    ours = (row.get("extensions") or {}).get(OURS) if isinstance(row.get("extensions"), dict) else None
    if isinstance(ours, dict):
        return ours
    found = {}
    for line in str(row.get("notes") or "").splitlines():
        key, mark, value = line.partition(" = ")
        if mark and key.startswith(NOTE):
            try:
                found[key[len(NOTE) :]] = json.loads(value)
            except ValueError:
                continue
    return found


def read(found: Json, *, competences_at: int | None = None) -> Outline:
    """The outline of a checked package. `competences_at`: depth of the competences, 1 = under the document."""
    tops, remarks = _tree(found)
    depth = competences_at or guess_depth(tops)
    document, extra = found["CFDocument"], extra_of(found["CFDocument"])
    levels, by_item = _levels(found, extra, str(extra.get("code") or ""))
    code = str(extra.get("code") or slugify(fold(document["title"]))[:40].strip("-") or "khung")
    made = _Reading(depth, code, {row.code for row in levels})
    for node in tops:
        made.take(node)
    made.rubric_behaviours(by_item)
    outside = tuple(sorted(_outside(found, {str(row.uid): row.code for row in made.competences}), key=_order))
    return Outline(
        uid=uuid.UUID(document["identifier"]), code=code, version=str(document.get("version") or "1")[:20],
        about=_about(document, extra, len(levels)), levels=levels, groups=tuple(made.groups),
        competences=tuple(made.competences), behaviours=tuple(made.behaviours), outside=outside,
        remarks=tuple(remarks),
    )  # fmt: skip


def _order(row: OutsideLink) -> tuple[str, ...]:
    return row.competence, row.scheme, row.code, row.relation, row.status


def _tree(found: Json) -> tuple[list[_Node], list[str]]:
    nodes = {row["identifier"]: _Node(row, extra_of(row)) for row in found.get("CFItems") or []}
    order: dict[str, int] = {}
    strays = 0
    for row in found.get("CFAssociations") or []:
        if row["associationType"] != "isChildOf":
            continue
        child, parent = nodes.get(row["originNodeURI"]["identifier"]), row["destinationNodeURI"]["identifier"]
        if child is None or (parent not in nodes and parent != found["CFDocument"]["identifier"]):
            strays += 1
        elif child.parent is None:
            child.parent = nodes.get(parent)
            order[child.row["identifier"]] = int(row.get("sequenceNumber") or 0)
    for node in nodes.values():
        if node.parent:
            node.parent.parts.append(node)
    tops = [node for node in nodes.values() if node.parent is None]
    _number(sorted(tops, key=lambda one: order.get(one.row["identifier"], 0)), order, "", 1)
    lost = [node for node in nodes.values() if not node.depth]
    if lost:
        text = _("The items %(items)s stand in each other: no path leads from them to the document.")
        raise Refused(text % {"items": ", ".join(node.row["fullStatement"][:40] for node in lost[:3])})
    said = [str(_("%(n)s associations name parts that the package does not have.") % {"n": strays})] if strays else []
    return sorted(tops, key=lambda one: order.get(one.row["identifier"], 0)), said


def _number(nodes: list[_Node], order: Mapping[str, int], prefix: str, depth: int) -> None:
    """Depth and code of every node below; a node without a code of its own is called by its place."""
    nodes.sort(key=lambda one: order.get(one.row["identifier"], 0))
    for number, node in enumerate(nodes, start=1):
        place = f"{prefix}{number}"
        node.depth = depth
        node.code = str(node.row.get("humanCodingScheme") or node.row.get("listEnumeration") or place).strip()[:60]
        _number(node.parts, order, f"{place}.", depth + 1)


def guess_depth(tops: Sequence[_Node]) -> int:
    """The depth whose items call themselves competences; else the last of at most two, or the last but one."""
    level, depths = list(tops), []
    while level:
        depths.append(level)
        level = [part for node in level for part in node.parts]
    for number, nodes in enumerate(depths, start=1):
        kinds = [fold(str(node.row.get("CFItemType") or "")) for node in nodes]
        if any(kind == fold(COMPETENCY) for kind in kinds):
            return number
    for number, nodes in enumerate(depths, start=1):
        if any(word in fold(str(node.row.get("CFItemType") or "")) for node in nodes for word in _COMPETENT):
            return number
    return len(depths) if len(depths) <= 2 else len(depths) - 1


class _Reading:
    """Groups, competences and behaviours as they are met."""

    def __init__(self, depth: int, code: str, levels: set[str]) -> None:
        self.depth, self.code, self.levels = depth, code, levels
        self.groups: list[GroupOutline] = []
        self.competences: list[CompetenceOutline] = []
        self.behaviours: list[BehaviourOutline] = []
        self.codes: dict[str, set[str]] = {DOMAIN: set(), COMPETENCY: set(), BEHAVIOUR: set()}

    def take(self, node: _Node, group: str = "") -> None:
        kind = node.row.get("CFItemType")
        bare = not node.parts and kind != DOMAIN
        if node.depth < self.depth and not (bare and group):
            self._group(node, group)
        elif node.depth == self.depth and not group:
            code = self._group(node, group)
            self._competence(node, code)
        else:
            self._competence(node, group)

    def _free(self, kind: str, code: str) -> str:
        """The code, with a number behind it where another part has it already."""
        free, number = code, 2
        while free in self.codes[kind]:
            free, number = f"{code}-{number}", number + 1
        self.codes[kind].add(free)
        return free

    def _group(self, node: _Node, parent: str) -> str:
        code = self._free(DOMAIN, node.code[:40])
        uid = node.uid if node.depth < self.depth else part_uid(self.code, "domain", code)
        self.groups.append(GroupOutline(uid, code, node.words, parent))
        if node.depth < self.depth:
            for part in node.parts:
                self.take(part, code)
        return code

    def _competence(self, node: _Node, group: str) -> None:
        code, extra = self._free(COMPETENCY, node.code[:40]), node.extra
        self.competences.append(
            CompetenceOutline(
                node.uid, code, group, node.words, str(extra.get("origin", "")), str(extra.get("facets_vi", "")),
                str(extra.get("facets_en", "")), tuple(extra.get("cuts") or ()),
            )
        )  # fmt: skip
        for part in node.parts:
            self._behaviour(part, code)

    def _behaviour(self, node: _Node, competence: str) -> None:
        said = node.row.get("educationLevel") or []
        level = next((one for one in ([said] if isinstance(said, str) else said) if one in self.levels), "")
        text = nfc(node.row["fullStatement"]).strip()
        ref = self._free(BEHAVIOUR, node.code)
        english = str(node.extra.get("text_en", ""))
        self.behaviours.append(BehaviourOutline(node.uid, ref, competence, level, text, english))
        for part in node.parts:
            self._behaviour(part, competence)

    def rubric_behaviours(self, by_item: Mapping[str, list[tuple[uuid.UUID, str, str]]]) -> None:
        """What rubrics say of a competence at each level."""
        codes = {str(row.uid): row.code for row in self.competences}
        for item, rows in by_item.items():
            for uid, level, text in rows if item in codes else []:
                ref = self._free(BEHAVIOUR, f"{codes[item]}.{level}")
                self.behaviours.append(BehaviourOutline(uid, ref, codes[item], level, text))


def _levels(found: Json, extra: Json, code: str) -> tuple[tuple[LevelOutline, ...], dict[str, list[Any]]]:
    """The scale: criterion of the rubrics with the most levels; and what criteria say of single items."""
    criteria = [one for row in found.get("CFRubrics") or [] for one in row.get("CFRubricCriteria") or []]
    rows = [sorted(one.get("CFRubricCriterionLevels") or [], key=_position) for one in criteria]
    scale = max(rows, key=len, default=[])
    told = extra.get("levels") or []
    common = not _of_item(criteria, scale)
    levels = [
        _level(row, number, told[number] if number < len(told) else {}, common) for number, row in enumerate(scale)
    ]
    by_item: dict[str, list[Any]] = {}
    for one, parts in zip(criteria, rows, strict=True):
        item = (one.get("CFItemURI") or {}).get("identifier")
        texts = [
            (uuid.UUID(p["identifier"]), levels[i].code, str(p["description"]).strip())
            for i, p in enumerate(parts)
            if p.get("description")
        ]
        if item and texts:
            by_item.setdefault(item, []).extend(texts)
    return tuple(levels), by_item


def _level(row: Json, number: int, mine: Json, common: bool) -> LevelOutline:
    """One level; its description is a principle only where the criterion is of no single item (`common`)."""
    name = nfc(str(row.get("quality") or row.get("description") or number + 1)).strip()[:60]
    principle = str(row.get("description", "")) if common else ""
    words, code = Words(name, str(mine.get("name_en", ""))), str(mine.get("code") or f"L{number + 1}")
    return LevelOutline(uuid.UUID(row["identifier"]), code, words, principle, str(mine.get("principle_en", "")))


def _of_item(criteria: Sequence[Json], scale: Sequence[Json]) -> bool:
    ids = {row["identifier"] for row in scale}
    return any(
        one.get("CFItemURI") and ids & {row["identifier"] for row in one.get("CFRubricCriterionLevels") or []}
        for one in criteria
    )


def _position(row: Json) -> float:
    return float(row.get("position") or row.get("score") or 0)


def _outside(found: Json, codes: Mapping[str, str]) -> list[OutsideLink]:
    rows = []
    for row in found.get("CFAssociations") or []:
        competence, to = codes.get(row["originNodeURI"]["identifier"]), str(row["destinationNodeURI"].get("uri") or "")
        if competence and to.startswith(OUTSIDE):
            scheme, _mark, code = to[len(OUTSIDE) :].partition(":")
            title = str((row.get("CFAssociationGroupingURI") or {}).get("title", ""))
            relation, _semicolon, status = title.partition("; ")
            rows.append(OutsideLink(competence, scheme, code, relation, status))
    return rows


def _about(document: Json, extra: Json, levels: int) -> dict[str, Any]:
    texts = ("name_en", "source", "note_en", "below_vi", "below_en", "cuts_note", "cuts_note_en")
    cuts = extra.get("cuts")
    return {
        "name_vi": nfc(str(document["title"])).strip()[:250],
        **{key: str(extra.get(key, "")) for key in texts},
        "note_vi": str(document.get("description") or ""),
        "is_proposal": document.get("adoptionStatus") != "Adopted",
        "cuts": list(cuts) if isinstance(cuts, list) and len(cuts) == levels else even_cuts(levels),
        "level_map": list(extra.get("level_map") or []),
        "correlation_within": float(extra.get("correlation_within", 0.85)),
        "correlation_between": float(extra.get("correlation_between", 0.65)),
        "origin": {key: document[key] for key in KEPT if document.get(key)},
    }


def even_cuts(levels: int) -> list[float]:
    """Provisional lower bounds of L levels, evenly from −1.2 to 1.8 logits: what our own four levels start with."""
    if levels == 1:
        return [0.0]
    return [round(-1.2 + 3.0 * number / (levels - 1), 3) for number in range(levels)]
