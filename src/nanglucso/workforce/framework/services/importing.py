"""Frameworks of other systems come in as drafts."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import casein
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.outline import Outline, framework_uid, outline
from nanglucso.workforce.framework.services.writing import write


def import_case(
    *, actor: User | None, data: bytes, name: str, at: datetime, version: str = "", competences_at: int | None = None
) -> Framework:
    """A CASE 1.0 or 1.1 package as a draft; the same package again gives the framework that is held already.

    `version` renames it, for a document that is held in another state. `competences_at`: see `casein.read`. Raises
    `Refused` with the place in the file, or when the version is held and differs.
    """
    found = casein.load(data, name)
    told = casein.read(found, competences_at=competences_at)
    if version.strip():
        fresh = version.strip()[:20]
        told = replace(told, version=fresh, uid=framework_uid(told.code, fresh))
    return keep(actor=actor, told=told, verb="framework.import_case", name=name, at=at, moment=casein.changed_at(found))


def keep(
    *, actor: User | None, told: Outline, verb: str, name: str, at: datetime, moment: datetime | None = None
) -> Framework:
    """Store an outline as a draft. A draft of this code and version is replaced, anything else is left alone.

    `moment`: when the framework was changed last, where the file says so. Raises `Refused`.
    """
    held = Framework.objects.filter(code=told.code, version=told.version).first()
    if held and _same(outline(held), told):
        return held
    if held and not held.is_open:
        raise Refused(
            _("Version %(version)s of %(code)s is held already and is no draft: give the import another version.")
            % {"version": told.version, "code": told.code},
            field="version",
        )
    with act(actor, verb, at=at, file=name, competences=len(told.competences), levels=len(told.levels)) as this:
        row = held or Framework(code=told.code, version=told.version, cuts=[])
        row.uid = told.uid
        for key, value in told.about.items():
            setattr(row, key, value)
        row.save()
        this.subject = write(told, framework=row, at=moment or at)
    return row


def _same(held: Outline, told: Outline) -> bool:
    """Whether nothing would change; short names cut from long ones and kept notes of origin do not count."""
    parts = ("uid", "levels", "groups", "competences", "behaviours", "outside")
    return all(getattr(held, name) == getattr(told, name) for name in parts) and _plain(held) == _plain(told)


def _plain(told: Outline) -> dict[str, object]:
    return {key: value for key, value in told.about.items() if key != "origin"}
