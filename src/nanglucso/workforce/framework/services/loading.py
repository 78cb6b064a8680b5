"""Verbs of the framework room: load a framework and the outside components it is mapped to."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from nanglucso.core import content
from nanglucso.core.acts import act
from nanglucso.core.models import User
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
from nanglucso.workforce.framework.outline import framework_uid, part_uid

SHIPPED = "nls-2026.yaml"
_NEEDED = ("code", "version", "name_vi", "levels", "cuts", "domains", "competences")
_NAMES = ("area_vi", "area_en", "name_vi", "name_en")
TARGETS = {"tt02-2025": "tt02_2025.csv", "digcomp-2.2": "digcomp22.csv", "dlgf-2018": "dlgf_extra.csv"}


def load_outside_components(*, actor: User | None = None, folder: Path | None = None, at: datetime) -> int:
    """Load the components of TT 02/2025, DigComp 2.2 and DLGF from CSV files; returns how many are held.

    A second run changes nothing, a file with other names the names. Raises `Refused` when a file is missing or has
    other columns.
    """
    folder = folder or content.root() / "frameworks" / "targets"
    wanted = [one for scheme, name in TARGETS.items() for one in _outside_rows(scheme, folder / name)]
    held = {(row.scheme, row.code): row for row in OutsideComponent.objects.all()}
    fresh = [one for one in wanted if (one.scheme, one.code) not in held]
    renamed = [one for one in wanted if (old := held.get((one.scheme, one.code))) and _take_names(old, one)]
    if not fresh and not renamed:
        return len(held)
    with act(actor, "framework.load_outside", at=at, added=len(fresh), renamed=len(renamed)):
        OutsideComponent.objects.bulk_create(fresh, batch_size=500)
        OutsideComponent.objects.bulk_update([held[one.scheme, one.code] for one in renamed], _NAMES, batch_size=500)
    return len(held) + len(fresh)


def _take_names(held: OutsideComponent, file: OutsideComponent) -> bool:
    """Whether the file has other names than what is held, which then takes them over."""
    other = [name for name in _NAMES if getattr(held, name) != getattr(file, name)]
    for name in other:
        setattr(held, name, getattr(file, name))
    return bool(other)


def _outside_rows(scheme: str, path: Path) -> list[OutsideComponent]:
    if not path.is_file():
        raise Refused(_("The file %(path)s is missing.") % {"path": path.name})
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(line for line in handle if not line.startswith("#")))
    vietnamese = scheme == "tt02-2025"
    area, name = ("domain_name", "name") if vietnamese else ("area", "competence")
    if not rows or not {"code", area, name} <= set(rows[0]):
        raise Refused(
            _("The file %(path)s must have the columns code, %(area)s, %(name)s.")
            % {"path": path.name, "area": area, "name": name}
        )
    said = "vi" if vietnamese else "en"
    own = [{key: row.get(key, "") for key in ("area_vi", "name_vi")} for row in rows]
    given = [{f"area_{said}": row[area], f"name_{said}": row[name]} for row in rows]
    codes = [row["code"] for row in rows]
    return [
        OutsideComponent(scheme=scheme, code=code, **ours | theirs)
        for code, ours, theirs in zip(codes, own, given, strict=True)
    ]


def load_framework(*, actor: User | None = None, path: Path | None = None, at: datetime) -> Framework:
    """Load one framework file and put it in force; a file that was loaded before changes nothing.

    A changed file updates the rows of the same code and version in place, so that everything that points to a
    competence keeps pointing. Raises `Refused` naming what is wrong in the file.
    """
    load_outside_components(actor=actor, at=at)
    path = path or content.root() / "frameworks" / SHIPPED
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    held = Framework.objects.filter(digest=digest).exclude(status=Framework.Status.DRAFT).first()
    if held:
        return held
    told = _checked(content.read_yaml(path), path.name)
    with act(actor, "framework.load", at=at, file=path.name, sha256=digest) as this:
        framework = _framework_row(told, digest, at)
        this.subject = framework
        levels = _levels(framework, told["levels"])
        competences = _competences(framework, told)
        _descriptors(told, competences, levels)
        _crosswalks(told.get("crosswalks", []), competences)
        this.note(competences=len(competences), levels=len(levels))
    return framework


def _checked(told: object, name: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise Refused(_("%(file)s is not a framework file.") % {"file": name})
    missing = [
        key for key in ("code", "version", "name_vi", "levels", "cuts", "domains", "competences") if key not in told
    ]
    if missing:
        raise Refused(_("%(file)s lacks: %(keys)s.") % {"file": name, "keys": ", ".join(missing)})
    cuts = told["cuts"]
    if len(cuts) != len(told["levels"]) or sorted(set(cuts)) != list(cuts):
        raise Refused(_("%(file)s: there must be one ascending cut point for every level.") % {"file": name})
    domains = {row["code"] for row in told["domains"]}
    levels = {row["code"] for row in told["levels"]}
    for row in told["competences"]:
        if row["domain"] not in domains or not set(row["descriptors"]) <= levels:
            raise Refused(
                _("%(file)s: competence %(code)s names a domain or level that the file does not define.")
                % {"file": name, "code": row["code"]}
            )
    return told


def _framework_row(told: Mapping[str, Any], digest: str, at: datetime) -> Framework:
    source = told.get("source", {})
    correlation = told.get("correlation", {})
    fields = {
        "name_vi": told["name_vi"],
        "name_en": told.get("name_en", ""),
        "source": ", ".join(str(source[key]) for key in ("title", "publisher", "section") if source.get(key)),
        "note_vi": source.get("note_vi", ""),
        "note_en": source.get("note_en", ""),
        "status": Framework.Status.PUBLISHED,
        "is_proposal": told.get("status") != "ban hành",
        "below_vi": told.get("below_first_level_vi", ""),
        "below_en": told.get("below_first_level_en", ""),
        "cuts": told["cuts"],
        "cuts_note": told.get("cuts_note_vi", ""),
        "cuts_note_en": told.get("cuts_note_en", ""),
        "level_map": told.get("level_crosswalks", []),
        "correlation_within": correlation.get("within", 0.85),
        "correlation_between": correlation.get("between", 0.65),
        "published_on": told.get("effective_from"),
        "digest": digest,
        "uid": framework_uid(told["code"].lower(), str(told["version"])),
        "changed_at": at,
    }
    row, _made = Framework.objects.update_or_create(
        code=told["code"].lower(), version=str(told["version"]), defaults=fields
    )
    Framework.objects.filter(code=row.code, status=Framework.Status.PUBLISHED).exclude(pk=row.pk).update(
        status=Framework.Status.RETIRED
    )
    return row


def _bilingual(row: Mapping[str, Any], *fields: str) -> dict[str, str]:
    return {f"{field}_{said}": row.get(f"{field}_{said}", "") for field in fields for said in ("vi", "en")}


def _levels(framework: Framework, rows: Sequence[Mapping[str, Any]]) -> dict[str, Level]:
    held = {}
    for row in rows:
        fields = {
            **_bilingual(row, "name"),
            "uid": part_uid(framework.code, "level", row["code"]),
            "code": row["code"],
            "principle_vi": row.get("principle", ""),
            "principle_en": row.get("principle_en", ""),
        }
        held[row["code"]], _made = Level.objects.update_or_create(
            framework=framework, number=row["number"], defaults=fields
        )
    return held


def _competences(framework: Framework, told: Mapping[str, Any]) -> dict[str, Competence]:
    domains = {}
    for number, row in enumerate(told["domains"], start=1):
        uid = part_uid(framework.code, "domain", row["code"])
        fields = {"number": number, "uid": uid, **_bilingual(row, "name", "short", "head")}
        domains[row["code"]], _made = Domain.objects.update_or_create(
            framework=framework, code=row["code"], defaults=fields
        )
    held = {}
    for index, row in enumerate(told["competences"]):
        facets = row.get("facets", {})
        fields = {
            "index": index,
            "uid": part_uid(framework.code, "competence", row["code"]),
            "domain": domains[row["domain"]],
            **_bilingual(row, "name", "short"),
            "origin": row.get("origin", ""),
            "facets_vi": "; ".join(facets.get("vi", [])),
            "facets_en": "; ".join(facets.get("en", [])),
            "cuts": row.get("cuts"),
        }
        held[row["code"]], _made = Competence.objects.update_or_create(
            framework=framework, code=row["code"], defaults=fields
        )
    return held


def _descriptors(told: Mapping[str, Any], competences: Mapping[str, Competence], levels: Mapping[str, Level]) -> None:
    rows = [
        Descriptor(
            uid=part_uid(competences[row["code"]].framework.code, "descriptor", one["id"]),
            competence=competences[row["code"]],
            level=levels[level],
            ref=one["id"],
            text_vi=one["vi"],
            text_en=one["en"],
        )
        for row in told["competences"]
        for level, told_level in row["descriptors"].items()
        for one in told_level
    ]
    _replace(Descriptor, rows, competences, ["uid", "level", "text_vi", "text_en"], ["competence", "ref"])


def _crosswalks(told: Sequence[Mapping[str, Any]], competences: Mapping[str, Competence]) -> None:
    outside = {(row.scheme, row.code): row for row in OutsideComponent.objects.all()}
    rows = []
    for row in told:
        for code in row["codes"]:
            component = outside.get((row["target"], str(code)))
            if component is None:
                raise Refused(
                    _("The crosswalk of %(code)s names %(scheme)s %(component)s, which is not known.")
                    % {"code": row["competence"], "scheme": row["target"], "component": code}
                )
            rows.append(
                Crosswalk(
                    competence=competences[row["competence"]],
                    component=component,
                    relation=row["relation"],
                    status=row["status"],
                )
            )
    _replace(Crosswalk, rows, competences, ["relation", "status"], ["competence", "component"])


def _replace(
    model: type[Model], rows: Sequence[Any], competences: Mapping[str, Competence], fields: list[str], unique: list[str]
) -> None:
    """Upsert the rows by `unique` and drop those of the same competences that the file no longer has."""
    keys = {tuple(getattr(row, name) for name in unique) for row in rows}
    for held in model._default_manager.filter(competence__in=competences.values()).select_related(*unique[:1]):
        if tuple(getattr(held, name) for name in unique) not in keys:
            held.delete()
    model._default_manager.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=fields, unique_fields=unique
    )
