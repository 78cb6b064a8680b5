"""SCORM packages: uploaded, looked at, put in use, withdrawn. A version never changes; a new zip is a new version."""

from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import Act, act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.models import Package, PackageVersion
from nanglucso.develop.learning.scorm import keeping
from nanglucso.kit.text import clean

State = PackageVersion.State


def upload_package(
    *, actor: User, file: IO[bytes], size: int, name: str, minutes: int, package: Package | None = None, at: datetime
) -> PackageVersion:
    """Keep a zip as a new package, or as a new version of `package`; nobody but its writers sees it yet.

    Raises Refused with the one thing that is wrong; nothing is kept then.
    """
    short = clean(PurePath(name.replace("\\", "/")).name)[-200:] or "goi.zip"
    kept = keeping.keep(file, size)
    try:
        with act(actor, "learning.upload_package", at=at, file=short, sha256=kept.sha256) as this:
            return _version(actor, this, kept, short, minutes, package, at)
    except BaseException:
        keeping.drop(kept.folder)
        raise


def _version(
    actor: User, this: Act, kept: keeping.Kept, short: str, minutes: int, package: Package | None, at: datetime
) -> PackageVersion:
    if package is None:
        package = Package.objects.create(created_at=at)
    elif package.versions.filter(sha256=kept.sha256).exclude(state=State.DROPPED).exists():
        raise Refused(_("This zip is a version of the package already."), field="file")
    last = package.versions.aggregate(last=Max("number"))["last"] or 0
    this.subject = version = PackageVersion.objects.create(
        package=package, number=last + 1, title=clean(kept.manifest.title) or PurePath(short).stem, minutes=minutes,
        units=[unit.kept() for unit in kept.manifest.units], folder=kept.folder, name=short, sha256=kept.sha256,
        files=kept.files, size=kept.size, left_out=kept.left_out, uploaded_by=actor, uploaded_at=at,
    )  # fmt: skip
    return version


def use_package(*, actor: User, version: PackageVersion, at: datetime) -> None:
    """Put the version in use; who has begun another one goes on with it. Raises Refused for one set aside."""
    if version.state == State.DROPPED:
        raise Refused(_("This version was set aside; upload the package anew."))
    with act(actor, "learning.use_package", version, at=at, title=version.title, number=version.number):
        version.state, version.published_by, version.published_at = State.PUBLISHED, actor, at
        version.save(update_fields=["state", "published_by", "published_at"])
        version.package.live = version
        version.package.save(update_fields=["live"])


def withdraw_package(*, actor: User, version: PackageVersion, at: datetime) -> None:
    """Take the package out of use: nobody begins it any more. Raises Refused when this version is not in use."""
    if not version.in_use:
        raise Refused(_("This version is not in use."))
    with act(actor, "learning.withdraw_package", version, at=at, title=version.title, number=version.number):
        version.package.live = None
        version.package.save(update_fields=["live"])


def drop_package(*, actor: User, version: PackageVersion, at: datetime) -> None:
    """Set aside a version that was never in use; its files go. Raises Refused for any other."""
    if version.state != State.DRAFT:
        raise Refused(_("Only a version that was never in use can be set aside."))
    with act(actor, "learning.drop_package", version, at=at, title=version.title, number=version.number):
        version.state = State.DROPPED
        version.save(update_fields=["state"])
        transaction.on_commit(lambda: keeping.drop(version.folder))
