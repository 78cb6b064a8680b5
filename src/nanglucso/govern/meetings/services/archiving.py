"""The signed archive of a meeting."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import StoredFile, User
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import keys
from nanglucso.govern.meetings import archive
from nanglucso.govern.meetings.models import Archive, Meeting, Minutes

FOLDER, KIND = "meeting-archives", "meeting-archive"


def make_archive(*, actor: User | None, meeting: Meeting, at: datetime) -> Archive:
    """Pack and sign what the meeting leaves, once, after its minutes are approved."""
    if hasattr(meeting, "archive"):
        raise Refused(_("This meeting is archived already."))
    if not Minutes.objects.filter(meeting=meeting, status=Minutes.Status.APPROVED).exists():
        raise Refused(_("Archive a meeting after its minutes are approved."))
    signer, key = keys.signer(at=at), uuid.uuid4()
    data, manifest = archive.pack(meeting, signer, at=at)
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / key.hex).write_bytes(data)
    sha = hashlib.sha256(data).hexdigest()
    with act(actor, "meetings.archive", meeting, at=at, sha256=sha, key=signer.row.name):
        file = StoredFile.objects.create(
            id=key, kind=KIND, name=f"hop-{meeting.pk}.zip", content_type="application/zip", size=len(data), sha256=sha,
            path=f"{FOLDER}/{key.hex}", created_by=actor, created_at=at,
        )  # fmt: skip
        return Archive.objects.create(
            meeting=meeting, file=file, manifest=manifest, key=signer.row, made_at=at, made_by=actor
        )
