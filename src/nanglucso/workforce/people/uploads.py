"""Keep uploaded staff files outside the web root under random names."""

import hashlib
import shutil
import uuid
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.kit.spreadsheets import MOST_BYTES

KIND = "staff-list"


def store(
    *, actor: User | None, stream: IO[bytes], name: str, content_type: str, at: datetime, kind: str = KIND
) -> StoredFile:
    """Keep a file; raises `Refused` when it is empty or larger than a spreadsheet may be."""
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = uuid.uuid4()
    path = folder / number.hex
    size, digest = _copy(stream, path)
    if not 0 < size <= MOST_BYTES:
        path.unlink(missing_ok=True)
        raise Refused(
            _("The file is empty: choose the spreadsheet that holds the list.")
            if not size
            else _("The file is larger than %(limit)s MB: split it.") % {"limit": MOST_BYTES // 2**20},
            field="file",
        )
    try:
        with act(actor, "people.upload", at=at, file=name, size=size) as this:
            this.subject = StoredFile.objects.create(
                id=number,
                kind=kind,
                name=Path(name).name[:200],
                content_type=content_type[:100],
                size=size,
                sha256=digest,
                path=str(path.relative_to(settings.MEDIA_ROOT)),
                created_by=actor,
                created_at=at,
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return this.subject


def _copy(stream: IO[bytes], path: Path) -> tuple[int, str]:
    with path.open("wb") as target:
        shutil.copyfileobj(stream, target, 1 << 20)
    with path.open("rb") as source:
        return path.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest()


def path_of(file: StoredFile | None) -> Path:
    """Where a kept file lies. Raises `Refused` when it is gone."""
    path = Path(settings.MEDIA_ROOT) / file.path if file else None
    if path is None or not path.is_file():
        raise Refused(_("The uploaded file is no longer kept: upload it again."))
    return path


def forget(file: StoredFile | None) -> None:
    """Delete what lies on the disk; who uploaded what under which sum stays known."""
    if file:
        (Path(settings.MEDIA_ROOT) / file.path).unlink(missing_ok=True)
