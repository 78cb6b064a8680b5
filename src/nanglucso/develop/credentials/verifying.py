"""Somebody's badge looked at: what it is, who signed it, whether it still counts. Nothing is fetched.

A verdict is `accepted` when every check is good, `rejected` when one is bad, `unsure` when one cannot be told here:
an issuer nobody vouches for, or a revocation list that was not handed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nanglucso.develop.credentials import queries
from nanglucso.develop.credentials.knownissuers import KnownKey, is_ours, known_key
from nanglucso.develop.credentials.models import Badge, StatusList
from nanglucso.kit.integrity import canon, multibase, proofs, statuslist
from nanglucso.kit.jsonread import BadJson, read_json

MOST_BYTES = 1_000_000
MOST_DEPTH = 40
GOOD, BAD, UNSURE = "good", "bad", "unsure"
KINDS = {"AchievementCredential": "badge", "OpenBadgeCredential": "badge", "VerifiableCredential": "credential"}


class Unreadable(ValueError):
    """Not a credential. `reason`: size, json, other (JSON, yet no credential), old (a badge before 3.0), jwt."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Finding:
    """One check. `about`: proof, issuer, dates or status; `state`: good, bad or unsure; `code`: which sentence."""

    about: str
    state: str
    code: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """`kind`: badge or credential; texts of the document as they stand there, trusted only when accepted."""

    kind: str
    title: str
    holder: str
    issuer: str
    findings: Sequence[Finding]

    @property
    def verdict(self) -> str:
        states = {one.state for one in self.findings}
        return "rejected" if BAD in states else "unsure" if UNSURE in states else "accepted"


def parse(data: bytes) -> dict[str, Any]:
    """The credential in an uploaded file. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable("size")
    if data.count(b".") == 2 and data.lstrip()[:2] == b"ey":
        raise Unreadable("jwt")
    try:
        found = read_json(data, most_depth=MOST_DEPTH, parse_constant=_no_constant, object_pairs_hook=_single)
    except BadJson as error:
        raise Unreadable("other" if error.reason == "deep" else "json") from error
    if not isinstance(found, dict):
        raise Unreadable("other")
    kinds = _many(found.get("type"))
    if "Assertion" in kinds or "BadgeClass" in kinds:
        raise Unreadable("old")
    if "VerifiableCredential" not in kinds:
        raise Unreadable("other")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of a key written twice may read two documents."""
    if len({key for key, _value in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _id_of(value: Any) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _moment(text: Any) -> datetime | None:
    """A moment with a zone; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _proof(document: Mapping[str, Any]) -> list[Finding]:
    """Signature and signer. The key must belong to the issuer that the document names."""
    try:
        method = str(proofs.proof_of(document)["verificationMethod"])
        known = known_key(method) or _carried(method)
        if known is None:
            return [Finding("proof", UNSURE, "key_unknown", {"method": method}), _issuer(document, None)]
        holds = proofs.holds(document, multibase.read_public(known.public))
    except proofs.BadProof as error:
        return [Finding("proof", BAD if error.reason == "missing" else UNSURE, f"proof_{error.reason}")]
    except canon.NotCanonical as error:
        state = UNSURE if error.reason == "context" else BAD
        return [Finding("proof", state, f"canon_{error.reason}", {"what": error.what})]
    if not holds:
        return [Finding("proof", BAD, "tampered")]
    made = _moment(proofs.proof_of(document).get("created")) or datetime.min.replace(tzinfo=UTC)
    if known.ours and not known.ours.signed_at(made):
        return [Finding("proof", BAD, "key_ended")]
    return [Finding("proof", GOOD, "signed"), _issuer(document, known)]


def _carried(method: str) -> KnownKey | None:
    """A key that stands in its own name (did:key)."""
    try:
        did, key = multibase.key_of_did(method)
    except multibase.BadText:
        return None
    return KnownKey(did, "", multibase.public_multikey(key))


def _issuer(document: Mapping[str, Any], known: KnownKey | None) -> Finding:
    issuer = _id_of(document.get("issuer"))
    told = {"issuer": issuer}
    if known is None:
        return Finding("issuer", UNSURE, "issuer_unknown", told)
    if issuer != known.issuer:
        return Finding("issuer", BAD, "issuer_other", told)
    if known.ours:
        return Finding("issuer", GOOD, "issuer_ours", told)
    if known.name:
        return Finding("issuer", GOOD, "issuer_listed", {**told, "name": known.name})
    return Finding("issuer", UNSURE, "issuer_unknown", told)


def _dates(document: Mapping[str, Any], at: datetime) -> Finding:
    start, end = (document.get(name) for name in ("validFrom", "validUntil"))
    first, last = _moment(start), _moment(end)
    if (start is not None and first is None) or (end is not None and last is None):
        return Finding("dates", BAD, "dates_unreadable")
    if first and at < first:
        return Finding("dates", BAD, "not_yet", {"day": first})
    if last and at > last:
        return Finding("dates", BAD, "expired", {"day": last})
    return Finding("dates", GOOD, "in_time", {"day": last}) if last else Finding("dates", GOOD, "no_end")


def _status(document: Mapping[str, Any], handed: Mapping[str, Any] | None, at: datetime) -> list[Finding]:
    entries = _many(document.get("credentialStatus"))
    if not entries:
        return [Finding("status", GOOD, "no_list")]
    return [_entry(document, one, handed, at) for one in entries]


def _entry(document: Mapping[str, Any], entry: Any, handed: Mapping[str, Any] | None, at: datetime) -> Finding:
    if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
        return Finding("status", UNSURE, "list_kind")
    where, index = str(entry.get("statusListCredential")), str(entry.get("statusListIndex"))
    if entry.get("statusPurpose") not in {"revocation", "suspension"} or not index.isdecimal() or len(index) > 9:
        return Finding("status", UNSURE, "list_kind")
    if is_ours(_id_of(document.get("issuer"))):
        return _own_entry(where, int(index))
    if handed is None:
        return Finding("status", UNSURE, "list_missing", {"where": where})
    return _listed(document, handed, where, int(index), str(entry["statusPurpose"]), at)


def _own_entry(where: str, index: int) -> Finding:
    """Our own list is read from the tables: it is never older than this moment."""
    number = where.rstrip("/").rsplit("/", 1)[-1].removesuffix(".json")
    row = StatusList.objects.filter(number=number).first() if number.isdecimal() and len(number) < 10 else None
    if row is None or not Badge.objects.filter(status_list=row, index=index).exists():
        return Finding("status", BAD, "list_no_entry")
    revoked = index in queries.revoked_bits(row)
    return Finding("status", BAD, "revoked") if revoked else Finding("status", GOOD, "not_revoked")


def _listed(
    document: Mapping[str, Any], handed: Mapping[str, Any], where: str, index: int, purpose: str, at: datetime
) -> Finding:
    """A list that was handed in: it must be the one named, of the same issuer, signed, in time."""
    subject = handed.get("credentialSubject")
    same = handed.get("id") == where and _id_of(handed.get("issuer")) == _id_of(document.get("issuer"))
    if not same or not isinstance(subject, dict) or purpose not in _many(subject.get("statusPurpose")):
        return Finding("status", UNSURE, "list_other", {"where": where})
    checks = [*_proof(handed), _dates(handed, at)]
    if any(one.state == BAD for one in checks) or checks[0].state != GOOD:
        return Finding("status", UNSURE, "list_unsound")
    try:
        is_set = statuslist.is_set(statuslist.unpack(subject.get("encodedList")), index)
    except statuslist.BadList:
        return Finding("status", UNSURE, "list_unsound")
    return Finding("status", BAD, "revoked") if is_set else Finding("status", GOOD, "not_revoked")


def _holder(document: Mapping[str, Any]) -> str:
    subject = next((one for one in _many(document.get("credentialSubject")) if isinstance(one, dict)), {})
    names = (one for one in _many(subject.get("identifier")) if isinstance(one, dict))
    told = next((one.get("identityHash") for one in names if one.get("hashed") is False), None)
    return str(told or subject.get("name") or "")[:200]


def examine(document: Mapping[str, Any], *, at: datetime, handed: Mapping[str, Any] | None = None) -> Report:
    """Every check of a credential; `handed`: the status list that came with it."""
    kinds = [KINDS[one] for one in _many(document.get("type")) if one in KINDS]
    issuer = document.get("issuer")
    named = issuer.get("name") if isinstance(issuer, dict) else ""
    findings = [*_proof(document), _dates(document, at), *_status(document, handed, at)]
    title = str(document.get("name") or "")[:200]
    return Report(min(kinds), title, _holder(document), str(named or _id_of(issuer))[:200], findings)
