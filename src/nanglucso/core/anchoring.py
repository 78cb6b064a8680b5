"""The daily digest: number and hash of the log's newest entry, in a file that is kept where the database is not.

Who can write to the database can write the whole chain anew, or cut off its end and set the head back. The digests of
the days before then no longer agree, if they lie where the same hand does not reach: another machine, a mailbox, paper.
One JSON object a line, each with the SHA-256 of the line before it, so that none is taken out of a copy unseen.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from nanglucso.core.days import local_day
from nanglucso.core.models import AuditEntry, AuditHead
from nanglucso.core.refusals import Refused

NAME = "audit-digests.jsonl"
BEGIN = "0" * 64
RESTORED = "core.restore"
BATCH = 500
MAIL_SECONDS = 10
MISSED = timedelta(hours=36)


@dataclass(frozen=True)
class Digest:
    """What the log was as `day` began: `seq` entries, the last with `hash`; `line` as it stands in the file."""

    day: str
    at: datetime
    seq: int
    hash: str
    line: str


@dataclass(frozen=True)
class Agreement:
    """Digests compared with the log: how many agree, how many a restore took back, and the first that does not."""

    agree: int = 0
    taken_back: int = 0
    bad_day: str = ""
    last_good_day: str = ""
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


def own_file() -> Path:
    """Where this installation keeps its digests."""
    return Path(settings.AUDIT_DIGESTS) / NAME


def _line(day: str, at: datetime, head: AuditHead | None, before: str) -> str:
    told = {"day": day, "at": at.astimezone(UTC).isoformat(), "entries": head.seq if head else 0}
    told |= {"hash": head.hash if head else BEGIN, "before": before}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _sum(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def write_digest(*, at: datetime) -> str:
    """Append the day's line and post it where `NLS_AUDIT_DIGEST_MAIL` says; returns it, "" when it is there already.

    The line reaches the disk before anybody is told. Raises Refused when the file's last line cannot be read.
    """
    path, day = own_file(), local_day(at).isoformat()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.read().splitlines()
        if lines and _parsed(lines[-1], path, len(lines)).day >= day:
            return ""
        line = _line(day, at, AuditHead.objects.filter(id=1).first(), _sum(lines[-1]) if lines else BEGIN)
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    if settings.AUDIT_DIGEST_MAIL:
        door = get_connection(fail_silently=True, timeout=MAIL_SECONDS)
        EmailMessage(f"Năng Lực Số: {day}", line, to=settings.AUDIT_DIGEST_MAIL, connection=door).send()
    return line


def _parsed(line: str, path: Path, number: int) -> Digest:
    try:
        told: Any = json.loads(line)
        at = datetime.fromisoformat(told["at"])
        return Digest(str(told["day"]), at, int(told["entries"]), str(told["hash"]), line)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{path}, line {number}: this is no digest of the log.") from error


def read_digests(path: Path) -> list[Digest]:
    """The digests of a file or of a copy of it. Raises Refused, naming the line, when its own chain is broken."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise Refused(f"{path} cannot be read.") from error
    found, before = [], ""
    for number, line in enumerate(lines, 1):
        one = _parsed(line, path, number)
        # A copy may begin with a later day; what follows must follow.
        if before and json.loads(line).get("before") != before:
            raise Refused(f"{path}, line {number} ({one.day}): a line before it was changed or taken out.")
        found.append(one)
        before = _sum(line)
    return found


def _taken_back() -> list[tuple[datetime, datetime, int]]:
    """(moment of the copy, moment of the restore, entries in the copy) of every restore that the log tells of."""
    rows = AuditEntry.objects.filter(verb=RESTORED).values_list("at", "details")
    return [
        (datetime.fromisoformat(told["taken_at"]), at, int(told["audit"]["seq"]))
        for at, told in rows
        if "taken_at" in told and "audit" in told
    ]


def _hashes(numbers: list[int]) -> Iterator[tuple[int, str]]:
    for k in range(0, len(numbers), BATCH):
        yield from AuditEntry.objects.filter(seq__in=numbers[k : k + BATCH]).values_list("seq", "hash")


def compare(digests: list[Digest]) -> Agreement:
    """Whether the log still holds, at each digest's number, the entry that it held on that day.

    A digest of the time that a restored copy did not know is left out of account: the restore stands in the log.
    """
    restores = _taken_back()
    asked = [
        one for one in digests if not any(taken <= one.at <= back and one.seq > seq for taken, back, seq in restores)
    ]
    here = {0: BEGIN} | dict(_hashes([one.seq for one in asked if one.seq]))
    agree, last_good = 0, ""
    for one in asked:
        if here.get(one.seq) != one.hash:
            reason = "changed" if one.seq in here else "missing"
            return Agreement(agree, len(digests) - len(asked), one.day, last_good, reason)
        agree, last_good = agree + 1, one.day
    return Agreement(agree, len(digests) - len(asked))


def last_digest() -> Digest | None:
    """The newest of this installation's own."""
    path = own_file()
    found = read_digests(path) if path.exists() else []
    return found[-1] if found else None


def own_agreement(latest: int = 0) -> Agreement:
    """This installation's own file compared with its log, only the `latest` lines where given; none yet = agrees."""
    path = own_file()
    return compare(read_digests(path)[-latest:]) if path.exists() else Agreement()
