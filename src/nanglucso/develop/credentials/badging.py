"""A certificate as an Open Badges 3.0 AchievementCredential, a status list as a credential, the issuer's profile."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from nanglucso.develop.credentials.keys import Signer, issuer_id
from nanglucso.develop.credentials.models import Badge, SigningKey, StatusList
from nanglucso.develop.plans.models import Course, CourseCover
from nanglucso.kit.integrity import canon, proofs, statuslist
from nanglucso.kit.integrity.mould import Place

LIST_DAYS = 7
LIST_SECONDS = 3600
# Where the badges of one course differ; everything else is the same in each.
OWN_TEXTS: tuple[Place, ...] = (
    ("id",), ("name",), ("validFrom",), ("validUntil",), ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "licenseNumber"), ("credentialStatus", "id"), ("credentialStatus", "statusListIndex"),
    ("credentialStatus", "statusListCredential"),
)  # fmt: skip
ZONE = ZoneInfo(settings.TIME_ZONE)


def stamp(moment: datetime) -> str:
    """A moment as credentials write it, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def end_of(day: date) -> datetime:
    """The last second of a day of the city."""
    return datetime.combine(day, time(23, 59, 59), ZONE)


def address(name: str, *args: Any) -> str:
    """The public address of a page, the same in every language and on every host."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def profile() -> dict[str, Any]:
    """The issuer inside a credential."""
    place = settings.ORGANISATION
    return {"id": issuer_id(), "type": ["Profile"], "name": f"{place['issuer']} - {place['city']}"}


def _alignment(cover: CourseCover) -> dict[str, Any]:
    competence, framework = cover.competence, cover.competence.framework
    level = next(one for one in framework.levels.all() if one.number == cover.to_level)
    return {
        "type": ["Alignment"], "targetCode": f"{competence.code}.{level.code}", "targetFramework": framework.name_vi,
        "targetName": f"{competence.code} {competence.name_vi}: {level.name_vi}",
        "targetUrl": address("framework:competence", competence.code),
    }  # fmt: skip


def achievement(course: Course) -> dict[str, Any]:
    """What a class of the course gives; it says that the class was attended, not which level was reached."""
    covers = course.covers.select_related("competence__framework").prefetch_related("competence__framework__levels")
    made = {
        "id": f"{issuer_id()}#{course.code}", "type": ["Achievement"], "achievementType": "Course",
        "name": course.name_vi, "inLanguage": "vi",
        "description": course.outcome or f"Lớp bồi dưỡng {course.name_vi}, {course.tiet} tiết.",
        "criteria": {"narrative": "Tham dự từ 80% số tiết của lớp trở lên; không phải chứng nhận mức năng lực."},
    }  # fmt: skip
    alignment = [_alignment(one) for one in covers.order_by("competence__index")]
    return made | ({"alignment": alignment} if alignment else {})


def unsigned(badge: Badge, gives: dict[str, Any]) -> dict[str, Any]:
    """The credential of a certificate before it is signed; every word comes from `Certificate.content`."""
    certificate, told = badge.certificate, badge.certificate.content
    where = address("credentials:status_list", badge.status_list.number)
    made: dict[str, Any] = {
        "@context": [canon.VC2, canon.OPEN_BADGES],
        "id": f"urn:uuid:{certificate.pk}",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": told["course"],
        "issuer": profile(),
        "validFrom": stamp(certificate.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": told["name"], "identityType": "name"}
            ],
            "licenseNumber": told["number"],
            "achievement": gives,
        },
        "credentialStatus": {
            "id": f"{where}#{badge.index}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(badge.index), "statusListCredential": where,
        },
    }  # fmt: skip
    return made | ({"validUntil": stamp(end_of(certificate.valid_until))} if certificate.valid_until else {})


def status_credential(row: StatusList, revoked: Iterable[int], signer: Signer, *, at: datetime) -> dict[str, Any]:
    """The signed list of revoked badges as of now; it counts for a week and should be asked for again every hour."""
    where = address("credentials:status_list", row.number)
    made = {
        "@context": [canon.VC2],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(),
        "validFrom": stamp(at),
        "validUntil": stamp(at + timedelta(days=LIST_DAYS)),
        "credentialSubject": {
            "id": f"{where}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": statuslist.pack(revoked),
        },
    }  # fmt: skip
    return proofs.sign(made, signer.private, method=signer.row.method, created=stamp(at))


def controller(keys: Iterable[SigningKey]) -> dict[str, Any]:
    """The issuer's profile with every key that ever signed: a controlled identifier document (W3C CID 1.0)."""
    methods = [
        {"id": key.method, "type": "Multikey", "controller": key.issuer, "publicKeyMultibase": key.public}
        for key in keys
    ]
    context = ["https://www.w3.org/ns/cid/v1", canon.OPEN_BADGES]
    return {
        "@context": context, **profile(), "url": settings.PUBLIC_URL + "/", "verificationMethod": methods,
        "assertionMethod": [one["id"] for one in methods],
    }  # fmt: skip
