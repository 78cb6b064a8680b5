"""The text of a document as an attached PDF, kept outside the web root."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.kit.faults import BadFile
from nanglucso.kit.filekinds import KINDS, kind_of

KIND, FOLDER = "law-text", "laws"
MOST_BYTES = 20 * 2**20


def keep_file(*, actor: User | None, stream: IO[bytes], name: str, at: datetime) -> StoredFile:
    """Keep a PDF. Raises `Refused` for another kind, too large, cut short, or one that acts by itself."""
    data, short, key = stream.read(MOST_BYTES + 1), Path(name).name[-120:] or "van-ban.pdf", uuid.uuid4()
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 2**20}, field="file")
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / key.hex
    path.write_bytes(data)
    try:
        if kind_of(path, short) != "pdf":
            raise Refused(_("Attach the text as a PDF file."), field="file")
        with act(actor, "outreach.keep_file", at=at, file=short) as this:
            this.subject = StoredFile.objects.create(
                id=key, kind=KIND, name=short, content_type=KINDS["pdf"], size=len(data),
                sha256=hashlib.sha256(data).hexdigest(), path=f"{FOLDER}/{key.hex}", created_by=actor, created_at=at,
            )  # fmt: skip
    except BadFile as error:
        path.unlink(missing_ok=True)
        raise Refused(_(error.template) % error.params, field="file") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return this.subject


def path_of(file: StoredFile | None) -> Path:
    """Where a kept text lies. Raises `Refused` when it is gone."""
    path = Path(settings.MEDIA_ROOT) / file.path if file else None
    if path is None or not path.is_file():
        raise Refused(_("The file is no longer kept."))
    return path
