"""The archive of a meeting: a zip whose manifest names every file with its sha256 and is signed (docs/adr/0021)."""

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from nanglucso.develop.credentials.keys import Signer
from nanglucso.develop.credentials.models import SigningKey
from nanglucso.govern.meetings import record
from nanglucso.govern.meetings.models import Meeting
from nanglucso.govern.meetings.queries import papers
from nanglucso.govern.meetings.services.papers import file_of
from nanglucso.govern.reports.documents import to_pdf
from nanglucso.kit.integrity import canon, multibase

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig.json"
MOST_MB = 500
MOST_LIST = 5 * 2**20


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pack(meeting: Meeting, signer: Signer, *, at: datetime) -> tuple[bytes, dict[str, Any]]:
    """The zip and its manifest: approved minutes as words and as PDF, every paper that was handed out, votes, tasks."""
    minutes = record.live(meeting)
    files = {"bien-ban.json": canon.jcs(record.kept(minutes)).encode()} if minutes else {}
    if minutes:
        files["bien-ban.pdf"] = to_pdf(record.document(minutes, at=at))
    for paper in papers(meeting):
        files[f"tai-lieu/{paper.number:02d}.pdf"] = file_of(paper).read_bytes()
    manifest = {
        "meeting": meeting.pk, "title": meeting.title, "unit": meeting.unit.code, "made": at.isoformat(),
        "minutes_sha256": minutes.digest if minutes else "",
        "files": [{"name": name, "size": len(data), "sha256": _sha(data)} for name, data in files.items()],
    }  # fmt: skip
    text = canon.jcs(manifest).encode()
    signature = {
        "key": signer.row.name,
        "public": signer.row.public,
        "ed25519": multibase.encode(signer.private.sign(text)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {**files, MANIFEST: text, SIGNATURE: json.dumps(signature).encode()}.items():
            made.writestr(name, data)
    return out.getvalue(), manifest


@dataclass(frozen=True)
class Verdict:
    """`state`: whole, changed (names in `files`), forged (signature or key) or unreadable."""

    state: str
    files: tuple[str, ...] = ()
    title: str = ""
    made: str = ""


def _small(found: zipfile.ZipFile, name: str) -> bytes:
    """A part that is read before any signature is checked. Raises ValueError for one over 5 MB, or packed with LZMA."""
    told = found.getinfo(name)
    if told.file_size > MOST_LIST or told.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(name)
    return found.read(name)


def verify(stream: IO[bytes]) -> Verdict:
    """Judge an archive by its bytes and the keys known here; nothing in it is believed before its signature holds."""
    from cryptography.exceptions import InvalidSignature

    try:
        with zipfile.ZipFile(stream) as found:
            if sum(one.file_size for one in found.infolist()) > MOST_MB * 2**20:
                return Verdict("unreadable")
            names = found.namelist()
            text, signature = _small(found, MANIFEST), json.loads(_small(found, SIGNATURE))
            key = SigningKey.objects.filter(name=signature["key"]).first()
            if key is None:
                return Verdict("forged")
            multibase.read_public(key.public).verify(multibase.decode(signature["ed25519"]), text)
            told = json.loads(text)
            bad = {one["name"] for one in told["files"] if one["name"] not in names}
            bad |= {
                one["name"]
                for one in told["files"]
                if one["name"] in names and _sha(found.read(one["name"])) != one["sha256"]
            }
            bad |= set(names) - {one["name"] for one in told["files"]} - {MANIFEST, SIGNATURE}
            doubled = {name for name in names if names.count(name) > 1}
    except (InvalidSignature, multibase.BadText):
        return Verdict("forged")
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, OSError, RuntimeError):
        return Verdict("unreadable")
    bad |= doubled
    return Verdict("changed" if bad else "whole", tuple(sorted(bad)), told["title"], told["made"])
