"""Load position families and position descriptions (the official form I to IX plus required levels)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core import content
from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.kit.text import fold
from nanglucso.workforce.framework.models import Competence, Framework
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement

_ASIDE = {"code", "name", "name_en", "family", "group", "unit_kinds", "aliases", "nang_luc_so"}
REQUIRED = "nang_luc_so"
_NEEDED = {"code", "name", "family", "group"}
_FIELDS = [
    "name",
    "name_en",
    "family",
    "group",
    "unit_kinds",
    "aliases",
    "profile",
    "framework",
    "yearly_tiet",
    "fold",
]


def load_positions(*, actor: User | None = None, folder: Path | None = None, at: datetime) -> int:
    """Load `families.yaml` and every other position file of a folder; returns how many positions are held.

    A second run changes nothing. Each file holds one position, a list of them, or `{positions: [...]}`. Raises
    `Refused` naming the file and position that names an unknown family, competence or level.
    """
    framework = Framework.objects.filter(status=Framework.Status.PUBLISHED).first()
    if framework is None:
        raise Refused(_("Load the competence framework before the positions."))
    folder = folder or content.root() / "positions"
    told = [(path.name, one) for path in sorted(folder.rglob("*.yaml")) for one in _positions_in(path)]
    with act(actor, "people.load_positions", at=at, file=folder.name) as this:
        families = _families(folder / "families.yaml", framework)
        made = _merge(told, families, framework)
        this.note(positions=len(told), families=len(families), changed=made)
    return Position.objects.count()


def _positions_in(path: Path) -> list[Mapping[str, Any]]:
    if path.name == "families.yaml":
        return []
    told = content.read_yaml(path)
    if isinstance(told, Mapping):
        told = told.get("positions", [told])
    if not isinstance(told, list) or not all(isinstance(one, Mapping) and set(one) >= _NEEDED for one in told):
        raise Refused(_("%(file)s is not a file of positions.") % {"file": path.name})
    return told


def _families(path: Path, framework: Framework) -> dict[str, PositionFamily]:
    told = content.read_yaml(path)
    if not isinstance(told, Mapping) or "families" not in told:
        raise Refused(_("%(file)s is not a file of position families.") % {"file": path.name})
    levels = _level_numbers(framework)
    domains = dict(framework.competences.values_list("code", "domain__code"))
    generic = told.get("generic", {})
    for row in told["families"]:
        asked = {code: row["competence"].get(code, row["domain"].get(domain)) for code, domain in domains.items()}
        fields = {
            "name_vi": row["name_vi"],
            "name_en": row.get("name_en", ""),
            "defaults": {code: levels[level] for code, level in asked.items() if level},
            "keywords": row.get("keywords", []),
            "generic_for": [kind for kind, family in generic.items() if family == row["code"]],
            "default_code": row.get("default_position", ""),
            "is_head": row.get("group") == Position.Group.LEADING,
            "note": row.get("reason", ""),
        }
        PositionFamily.objects.update_or_create(code=row["code"], defaults=fields)
    return {family.code: family for family in PositionFamily.objects.all()}


def _level_numbers(framework: Framework) -> dict[str, int]:
    return dict(framework.levels.values_list("code", "number"))


def _merge(
    told: Sequence[tuple[str, Mapping[str, Any]]], families: Mapping[str, PositionFamily], framework: Framework
) -> int:
    held = {row.code: row for row in Position.objects.all()}
    rows = [_row(name, one, families, framework) for name, one in told]
    fresh = [row for row in rows if row.code not in held]
    changed = []
    for row in rows:
        old = held.get(row.code)
        if old and any(getattr(old, field) != getattr(row, field) for field in _FIELDS):
            for field in _FIELDS:
                setattr(old, field, getattr(row, field))
            changed.append(old)
    Position.objects.bulk_create(fresh, batch_size=200)
    Position.objects.bulk_update(changed, _FIELDS, batch_size=200)
    _requirements(told, framework)
    return len(fresh) + len(changed)


def _row(name: str, told: Mapping[str, Any], families: Mapping[str, PositionFamily], framework: Framework) -> Position:
    family = families.get(told["family"])
    if family is None:
        raise Refused(
            _("%(file)s: position %(code)s names the family %(family)s, which is not in families.yaml.")
            % {"file": name, "code": told["code"], "family": told["family"]}
        )
    if told["group"] not in Position.Group.values:
        raise Refused(
            _("%(file)s: position %(code)s has the group %(group)s; it must be a, b or c.")
            % {"file": name, "code": told["code"], "group": told["group"]}
        )
    aliases = told.get("aliases", [])
    return Position(
        code=told["code"],
        name=told["name"],
        name_en=told.get("name_en", ""),
        family=family,
        group=told["group"],
        unit_kinds=told.get("unit_kinds", []),
        aliases=aliases,
        profile=_plain({key: value for key, value in told.items() if key not in _ASIDE}),
        framework=framework,
        yearly_tiet=told.get("yearly_tiet", 80),
        fold=fold(" ".join((told["name"], *aliases)))[:220],
    )


def _plain(value: Any) -> Any:
    """YAML values as JSON keeps them: dates become ISO text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _requirements(told: Sequence[tuple[str, Mapping[str, Any]]], framework: Framework) -> None:
    levels = _level_numbers(framework)
    competences: dict[str, Competence] = {row.code: row for row in framework.competences.all()}
    positions = {row.code: row for row in Position.objects.all()}
    rows = []
    for name, one in told:
        for code, need in one.get(REQUIRED, {}).items():
            if str(code) not in competences or need.get("muc") not in levels:
                raise Refused(
                    _("%(file)s: position %(position)s requires %(code)s at %(level)s, which the framework has not.")
                    % {"file": name, "position": one["code"], "code": code, "level": need.get("muc")}
                )
            rows.append(
                Requirement(
                    position=positions[one["code"]],
                    competence=competences[str(code)],
                    level=levels[need["muc"]],
                    weight=float(need.get("trong_so", 0)),
                    must_have=bool(need.get("trong_tam", False)),
                    reason=need.get("ly_do", ""),
                )
            )
    wanted = {(row.position_id, row.competence_id) for row in rows}
    ours = [positions[one["code"]].pk for _name, one in told]
    for held in Requirement.objects.filter(position_id__in=ours):
        if (held.position_id, held.competence_id) not in wanted:
            held.delete()
    Requirement.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        update_fields=["level", "weight", "must_have", "reason"],
        unique_fields=["position", "competence"],
    )
