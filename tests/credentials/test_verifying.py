"""Anybody's badge uploaded: accepted only when every check is good, and the page says why not."""

import copy
import json
import socket
from base64 import urlsafe_b64encode

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.develop.credentials import knownissuers, services, signing, verifying
from nanglucso.develop.credentials.models import Badge, SigningKey
from nanglucso.kit.integrity import canon, multibase, proofs, statuslist
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
THEM = "https://truong.example/issuer"
LIST = "https://truong.example/status/3"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


@pytest.fixture(autouse=True)
def _quiet(tmp_path, settings, monkeypatch):
    settings.KEYS_ROOT = tmp_path / "keys"
    cache.clear()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("the network was asked"))
    with time_machine.travel(make.at(30), tick=False):
        yield
    cache.clear()


@pytest.fixture
def known(monkeypatch):
    """The other issuer's key as the file of known issuers would tell it."""
    public = multibase.public_multikey(KEY.public_key())
    row = knownissuers.KnownKey(THEM, "Trường Chính trị", public)
    monkeypatch.setattr(knownissuers, "_listed", lambda: {f"{THEM}#1": row})


@pytest.fixture
def own():
    services.issue(actor=None, training_class=plan.finished([make.person("Lê Văn An")]), at=make.at(20))
    signing.sign_all(actor=None, at=make.at(21))
    return Badge.objects.get()


def other(key=KEY, method=f"{THEM}#1", **more):
    document = {
        "@context": [canon.VC2, canon.OPEN_BADGES], "id": "urn:uuid:7",
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Kỹ năng số", "validFrom": "2026-01-01T00:00:00Z",
        "issuer": {"id": THEM, "type": ["Profile"], "name": "Trường Chính trị"},
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://truong.example/a", "type": ["Achievement"], "name": "Kỹ năng số",
                "description": "x", "criteria": {"narrative": "y"},
            },
        },
    }  # fmt: skip
    return proofs.sign(document | more, key, method=method, created="2026-01-01T00:00:00Z")


def entry(index=5):
    return {
        "credentialStatus": {
            "id": f"{LIST}#{index}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(index), "statusListCredential": LIST,
        }
    }  # fmt: skip


def status(revoked=(), issuer=THEM, where=LIST, until="2026-12-01T00:00:00Z"):
    document = {
        "@context": [canon.VC2], "id": where, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer, "validFrom": "2026-01-01T00:00:00Z", "validUntil": until,
        "credentialSubject": {
            "id": f"{where}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": statuslist.pack(revoked),
        },
    }  # fmt: skip
    return proofs.sign(document, KEY, method=f"{THEM}#1", created="2026-01-01T00:00:00Z")


def looked(document, handed=None, day=30):
    report = verifying.examine(document, at=make.at(day), handed=handed)
    return report.verdict, {one.code for one in report.findings}


def test_own_badge_is_accepted_until_it_is_revoked_or_ends(own):
    assert looked(own.document) == ("accepted", {"signed", "issuer_ours", "in_time", "not_revoked"})
    assert looked(own.document, day=20 + 5 * 365 + 3)[1] >= {"expired", "signed"}
    assert looked(own.document, day=20 + 5 * 365 + 3)[0] == "rejected"
    assert looked(own.document, day=19)[1] >= {"not_yet"}
    services.revoke(actor=make.user("training"), certificate=own.certificate, reason="x", at=make.at(25))
    assert looked(own.document) == ("rejected", {"signed", "issuer_ours", "in_time", "revoked"})


def test_a_badge_signed_in_the_second_in_which_its_key_began_is_accepted():
    services.issue(actor=None, training_class=plan.finished([make.person()]), at=make.at(20))
    signing.sign_all(actor=None, at=make.at(21, microseconds=654_321))
    assert looked(Badge.objects.get().document)[0] == "accepted"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(name="Khóa khác"),
        lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
        lambda d: d.pop("validUntil"),
        lambda d: d.pop("credentialStatus"),
        lambda d: d["credentialSubject"]["identifier"][0].update(identityHash="Người Khác"),
        lambda d: d["credentialStatus"].update(statusListIndex="1"),
        lambda d: d["credentialSubject"]["achievement"]["alignment"].pop(),
        lambda d: d["proof"].update(created="2026-03-22T02:00:00Z"),
    ],
)
def test_a_change_anywhere_is_found(own, change):
    document = copy.deepcopy(own.document)
    change(document)
    verdict, codes = looked(document)
    assert verdict == "rejected"
    assert "tampered" in codes


def test_our_name_over_another_key_is_rejected(own):
    forged = {key: value for key, value in own.document.items() if key != "proof"}
    did = f"did:key:{multibase.public_multikey(KEY.public_key())}"
    forged = proofs.sign(forged, KEY, method=f"{did}#{did[8:]}", created="2026-03-23T00:00:00Z")
    assert looked(forged)[0] == "rejected"
    assert "issuer_other" in looked(forged)[1]
    stolen = proofs.sign(
        {key: value for key, value in own.document.items() if key != "proof"}, KEY, method=own.key.method,
        created="2026-03-23T00:00:00Z",
    )  # fmt: skip
    assert "tampered" in looked(stolen)[1]


def test_a_signature_dated_outside_the_life_of_its_key_is_rejected(own):
    SigningKey.objects.update(valid_from=make.at(22))
    assert looked(own.document)[0] == "rejected"
    assert "key_ended" in looked(own.document)[1]


def test_a_listed_issuer_is_accepted_and_an_unknown_one_never(known, monkeypatch):
    assert looked(other()) == ("accepted", {"signed", "issuer_listed", "no_end", "no_list"})
    did = f"did:key:{multibase.public_multikey(KEY.public_key())}"
    carried = other(method=f"{did}#{did[8:]}", issuer={"id": did, "type": ["Profile"]})
    assert looked(carried) == ("unsure", {"signed", "issuer_unknown", "no_end", "no_list"})
    monkeypatch.setattr(knownissuers, "_listed", dict)
    assert looked(other()) == ("unsure", {"key_unknown", "issuer_unknown", "no_end", "no_list"})


def test_revocation_elsewhere_is_told_only_from_a_sound_list_that_was_handed_in(known):
    document = other(**entry())
    assert looked(document)[0] == "unsure"
    assert "list_missing" in looked(document)[1]
    assert looked(document, status())[0] == "accepted"
    assert looked(document, status([5]))[1] >= {"revoked"}
    assert looked(document, status([5]))[0] == "rejected"
    assert "list_other" in looked(document, status(where="https://truong.example/status/4"))[1]
    assert "list_unsound" in looked(document, status(until="2026-02-01T00:00:00Z"))[1]
    forged = status([5])
    forged["credentialSubject"] = {**forged["credentialSubject"], "encodedList": statuslist.pack([])}
    assert looked(document, forged)[0] == "unsure"
    assert "list_unsound" in looked(document, forged)[1]
    assert "list_other" in looked(document, status(issuer="https://evil.example/"))[1]


def test_an_expired_or_unreadable_date_is_rejected(known):
    assert "expired" in looked(other(validUntil="2026-02-01T00:00:00Z"))[1]
    assert "dates_unreadable" in looked(other(validUntil="tháng sau"))[1]


def upload(client, data, handed=None):
    sent = {"badge": SimpleUploadedFile("b.json", data if isinstance(data, bytes) else json.dumps(data).encode())}
    if handed:
        sent["status"] = SimpleUploadedFile("s.json", json.dumps(handed).encode())
    return client.post(reverse("credentials:verify"), sent)


def test_the_page_says_it_in_words(client, own, known):
    good = upload(client, own.document).content.decode()
    assert "Thật và còn hiệu lực" in good
    assert "Lê Văn An" in good
    bad = upload(client, own.document | {"name": "Khác"}).content.decode()
    assert "Không chấp nhận được" in bad
    assert "Chữ ký không khớp" in bad
    assert "đã thu hồi" in upload(client, other(**entry()), status([5])).content.decode()
    unsigned = {key: value for key, value in own.document.items() if key != "proof"}
    assert "không có chữ ký" in upload(client, unsigned).content.decode()
    strange = other() | {"@context": [canon.VC2, "https://evil.example/c"]}
    assert "https://evil.example/c" in upload(client, strange).content.decode()
    marked = upload(client, other(name="<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in marked


JWT = b"eyJhbGciOiJFZERTQSJ9." + urlsafe_b64encode(b"{}") + b".abc"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "rỗng"),
        (b"not json", "không phải JSON"),
        (b"\xff\xfe", "không phải JSON"),
        (b"[1]", "không phải huy hiệu"),
        (b'{"a": NaN}', "không phải JSON"),
        (b'{"type": "VerifiableCredential", "type": "x"}', "không phải JSON"),
        (b"[" * 100_000, "không phải huy hiệu"),
        (b'{"type": ["VerifiableCredential"], "name": "\\ud800"}', "không phải JSON"),
        (b'{"type": "VerifiableCredential", "a": ' + b"[" * 60 + b"]" * 60 + b"}", "không phải huy hiệu"),
        (b'{"type": "Assertion"}', "chuẩn cũ"),
        (JWT, "JWT"),
        (b" " * 1_000_002, "1 MB"),
    ],
)
def test_files_that_are_no_badges_are_named(client, data, words):
    reply = upload(client, data)
    assert reply.status_code == 422
    assert words in reply.content.decode()


def test_hostile_shapes_never_break_the_page(client, own):
    for value in (None, 5, [], {}, "x", [[]], [None], True):
        for name in own.document:
            for document in (own.document | {name: value},):
                assert upload(client, document).status_code in (200, 422), (name, value)
                cache.clear()


def test_the_page_brakes_after_thirty_tries(client):
    replies = [upload(client, b"{}").status_code for _ in range(32)]
    assert replies[0] == 422
    assert replies[31] == 429
