"""A file handed in as an answer: checked by its content, kept, and stored once like every other answer."""

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from nanglucso.core.db import write_turn
from nanglucso.core.models import StoredFile
from nanglucso.core.refusals import Refused
from nanglucso.kit.faults import BadFile
from nanglucso.kit.filekinds import KINDS, kind_of
from nanglucso.measure.assessments import answering
from nanglucso.measure.assessments.models import Answer
from nanglucso.measure.bank.models import Item, ItemVersion

KIND = "handed-in"
FOLDER = "handed-in"


def take_file(
    *, sitting_id: uuid.UUID, person_id: int, epoch: int, sent: answering.Sent, file: IO[bytes], name: str,
    at: datetime,
) -> answering.Reply:  # fmt: skip
    """Check and keep one file and store it as the answer; the same key again keeps nothing twice.

    `sent.choice` is not looked at. Raises `Refused` for a file of another kind, too large or damaged (nothing is
    stored), BadChoice when the question on the screen asks for no file, Sitting.DoesNotExist for a stranger's.
    """
    version = ItemVersion.objects.filter(pk=sent.item, item__type=Item.Type.FILE).first()
    if version is None:
        raise Refused(_("This question asks for no file."))
    short, key = Path(name).name[-120:] or "tep", uuid.uuid4()
    path = _written(file, key, short)
    try:
        kind = _kind(path, short, version.body["file"]["accept"])
        row = StoredFile(
            id=key, kind=KIND, name=f"{key.hex[:8]}.{kind}", content_type=KINDS[kind], size=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(), path=f"{FOLDER}/{key.hex}", created_at=at,
        )  # fmt: skip
        choice = {"file": key.hex, "sha256": row.sha256, "size": row.size, "kind": kind}
        told = answering.Sent(sent.seq, sent.key, sent.item, choice, sent.shown_ms, handed_in=True)
        with write_turn():
            reply = answering.take_answer(sitting_id=sitting_id, person_id=person_id, epoch=epoch, sent=told, at=at)
            if reply.kind == "saved":
                row.save(force_insert=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if reply.kind != "saved":
        path.unlink(missing_ok=True)
    return reply


def most_bytes() -> int:
    """The largest file that is taken, `NLS_FILE_ANSWER_MB`."""
    return int(settings.FILE_ANSWER_MB) * 2**20


def _written(file: IO[bytes], key: uuid.UUID, name: str) -> Path:
    data = file.read(most_bytes() + 1)
    if len(data) > most_bytes():
        told = {"name": name, "limit": settings.FILE_ANSWER_MB}
        raise Refused(_("The file %(name)s is larger than %(limit)s MB: make it smaller and choose it again.") % told)
    if not data:
        raise Refused(_("The file %(name)s is empty: choose the one that holds the work.") % {"name": name})
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / key.hex).write_bytes(data)
    return folder / key.hex


def _kind(path: Path, name: str, accept: list[str]) -> str:
    try:
        kind = kind_of(path, name)
    except BadFile as error:
        raise Refused(_(error.template) % error.params) from error
    if kind not in accept:
        told = {"name": name, "kinds": ", ".join(accept).upper(), "kind": kind.upper()}
        raise Refused(_("The file %(name)s is %(kind)s; this question takes %(kinds)s.") % told)
    return kind


def path_of(answer: Answer) -> tuple[StoredFile, Path]:
    """The kept file of an answer. Raises `Refused` when it is gone."""
    row = StoredFile.objects.filter(pk=answer.choice["file"], kind=KIND).first()
    path = Path(settings.MEDIA_ROOT) / (row.path if row else "")
    if row is None or not path.is_file():
        raise Refused(_("The file is no longer kept."))
    return row, path
