"""Test vectors of the W3C byte for byte, and what a proof must not let through."""

import copy
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.kit.integrity import canon, multibase, proofs, statuslist

VECTORS = Path(__file__).parents[1] / "fixtures" / "w3c" / "TestVectors"
RDFC, JCS = VECTORS / "eddsa-rdfc-2022", VECTORS / "eddsa-jcs-2022"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
CITIZEN = "https://w3id.org/citizenship"
XSD = "http://www.w3.org/2001/XMLSchema#"
# Written for this test, with the terms that the vectors use; the vectors' own contexts are not shipped.
MORE = {
    EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
    f"{CITIZEN}/v4rc1": {
        "@context": {
            **{name: f"https://schema.org/{name}" for name in ("Person", "additionalName", "familyName", "gender")},
            **{name: f"https://schema.org/{name}" for name in ("givenName", "identifier")},
            "image": {"@id": "https://schema.org/image", "@type": "@id"},
            **{name: f"{CITIZEN}#{name}" for name in ("birthCountry", "lprCategory", "lprNumber", "EmployablePerson")},
            "EmploymentAuthorizationDocument": f"{CITIZEN}#EmploymentAuthorizationDocument",
            "EmploymentAuthorizationDocumentCredential": f"{CITIZEN}#EmploymentAuthorizationDocumentCredential",
            "employmentAuthorizationDocument": {"@id": f"{CITIZEN}#employmentAuthorizationDocument", "@type": "@id"},
            "residentSince": {"@id": f"{CITIZEN}#residentSince", "@type": f"{XSD}dateTime"},
            "birthDate": {"@id": "https://schema.org/birthDate", "@type": f"{XSD}dateTime"},
        }
    },
}
LOAD = canon.loader(MORE)
CASES = {
    "alumni-rdfc": (VECTORS / "unsigned.json", RDFC, "DataInt"),
    "employment-rdfc": (VECTORS / "employmentAuth.json", RDFC / "employ", "DataInt"),
    "alumni-jcs": (VECTORS / "unsigned.json", JCS, "JCS"),
}


def read(path):
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def key():
    pair = read(VECTORS / "keyPair.json")
    private = multibase.read_private(pair["privateKeyMultibase"])
    assert multibase.private_multikey(private) == pair["privateKeyMultibase"]
    assert multibase.public_multikey(private.public_key()) == pair["publicKeyMultibase"]
    return private


@pytest.mark.parametrize("case", CASES)
def test_vectors_are_reproduced_byte_for_byte(case, key):
    source, folder, tail = CASES[case]
    document, config = read(source), read(folder / f"proofConfig{tail}.json")
    found = proofs.hashed(document, config, LOAD)
    assert found.document == (folder / f"canonDoc{tail}.txt").read_text()
    assert found.proof == (folder / f"proofCanon{tail}.txt").read_text()
    assert found.document_hash.hex() == (folder / f"docHash{tail}.txt").read_text()
    assert found.proof_hash.hex() == (folder / f"proofHash{tail}.txt").read_text()
    assert found.signed.hex() == (folder / f"combinedHash{tail}.txt").read_text()
    value = key.sign(found.signed)
    signed = read(folder / f"signed{tail}.json")
    if (folder / f"sigHex{tail}.txt").exists():
        assert value.hex() == (folder / f"sigHex{tail}.txt").read_text()
    assert multibase.encode(value) == (folder / f"sigBTC58{tail}.txt").read_text() == signed["proof"]["proofValue"]
    assert proofs.holds(signed, key.public_key(), LOAD)
    did, named = multibase.key_of_did(signed["proof"]["verificationMethod"])
    assert (did, named) == (config["verificationMethod"].split("#")[0], key.public_key())


@pytest.mark.parametrize("case", CASES)
def test_any_changed_word_breaks_the_proof(case, key):
    _source, folder, tail = CASES[case]
    signed = read(folder / f"signed{tail}.json")
    for spot, value in (
        (("name",), "Other"),
        (("validFrom",), "2020-01-01T00:00:00Z"),
        (("proof", "created"), "2023-02-24T23:36:39Z"),
        (("proof", "proofPurpose"), "authentication"),
        (("proof", "proofValue"), signed["proof"]["proofValue"][:-1] + "1"),
        (("proof", "proofValue"), None),
    ):
        changed = copy.deepcopy(signed)
        place = changed
        for step in spot[:-1]:
            place = place[step]
        place[spot[-1]] = value
        assert not proofs.holds(changed, key.public_key(), LOAD), spot
    assert not proofs.holds(signed, Ed25519PrivateKey.generate().public_key(), LOAD)


BADGE = {
    "@context": [canon.VC2, canon.OPEN_BADGES],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://cantho.example/", "type": ["Profile"], "name": "Sở Nội vụ"},
    "validFrom": "2026-03-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://cantho.example/a",
            "type": ["Achievement"],
            "name": "Lớp",
            "alignment": [{"type": ["Alignment"], "targetName": f"1.{n}"} for n in range(5)],
        },
    },
}


def signed_badge(key):
    return proofs.sign(BADGE, key, method="https://cantho.example/#k1", created="2026-03-01T00:00:00Z")


def test_own_signature_holds_and_is_the_same_each_time(key):
    assert proofs.holds(signed_badge(key), key.public_key())
    assert signed_badge(key) == signed_badge(key)
    proof = signed_badge(key)["proof"]
    whole = proofs.hashed(BADGE, proof)
    assert multibase.decode(proof["proofValue"]) == key.sign(whole.signed), "the kept hash of the options is theirs"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"grade": "10"}, "undefined"),
        ({"type": ["VerifiableCredential", "Master"]}, "undefined"),
        ({"id": "not-absolute"}, "undefined"),
        ({"name": "bell\x07"}, "control"),
        ({"@context": [canon.VC2, "https://evil.example/context"]}, "context"),
        ({"@context": 5}, "broken"),
    ],
)
def test_what_would_be_left_out_of_the_signature_is_refused(key, more, reason):
    with pytest.raises(canon.NotCanonical) as told:
        proofs.holds(signed_badge(key) | more, key.public_key())
    assert told.value.reason == reason


def test_a_word_added_deep_inside_is_refused(key):
    changed = signed_badge(key)
    changed["credentialSubject"] = {**changed["credentialSubject"], "salary": "x"}
    with pytest.raises(canon.NotCanonical):
        proofs.holds(changed, key.public_key())


def test_a_graph_made_to_take_for_ever_is_given_up():
    names = [f"_:n{i}" for i in range(9)]
    graph = [{"id": one, "evidence": [{"id": two} for two in names if two != one]} for one in names]
    term = {"evidence": {"@id": "https://x.example/e", "@type": "@id"}, "id": "@id"}
    with pytest.raises(canon.NotCanonical) as told:
        canon.rdfc({"@context": term, "@graph": graph})
    assert told.value.reason == "tangled"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("proof"), "missing"),
        (lambda d: d.update(proof=[d["proof"], d["proof"]]), "several"),
        (lambda d: d.update(proof="x"), "shape"),
        (lambda d: d["proof"].update(cryptosuite="bbs-2023"), "suite"),
    ],
)
def test_a_proof_that_cannot_be_judged_says_why(key, change, reason):
    document = copy.deepcopy(signed_badge(key))
    change(document)
    with pytest.raises(proofs.BadProof) as told:
        proofs.holds(document, key.public_key())
    assert told.value.reason == reason


def test_no_socket_is_opened(key, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "socket", lambda *_a, **_k: pytest.fail("the network was asked"))
    with pytest.raises(canon.NotCanonical):
        canon.rdfc(BADGE | {"@context": "https://schema.org/"})
    assert proofs.holds(signed_badge(key), key.public_key())


@given(st.binary(max_size=80))
def test_multibase_round_trip(data):
    assert multibase.decode(multibase.encode(data)) == data
    assert multibase.decode(multibase.encode(data, "u")) == data


@pytest.mark.parametrize("text", ["", "x12", "z0OIl", "u***", None, "z" + "1" * 5000, "did:key:zABC"])
def test_texts_that_are_no_keys(text):
    with pytest.raises(multibase.BadText):
        multibase.read_public(text)


@given(st.sets(st.integers(0, statuslist.BITS - 1), max_size=40))
def test_a_status_list_says_exactly_what_was_put_in(revoked):
    field = statuslist.unpack(statuslist.pack(revoked))
    assert len(field) == statuslist.BITS // 8
    assert {n for n in range(statuslist.BITS) if field[n >> 3] and statuslist.is_set(field, n)} == revoked


def test_the_first_bit_is_the_leftmost():
    assert statuslist.unpack(statuslist.pack([0]))[0] == 0x80


@pytest.mark.parametrize("text", ["u", "uAAAA", "zAbc", 7, multibase.encode(b"\x1f\x8b\x08" + b"\0" * 20, "u")])
def test_lists_that_cannot_be_read(text):
    with pytest.raises(statuslist.BadList):
        statuslist.unpack(text)


def test_short_lists_and_bombs_are_refused():
    import gzip

    for size in (100, statuslist.MOST_BYTES + 1):
        with pytest.raises(statuslist.BadList):
            statuslist.unpack(multibase.encode(gzip.compress(b"\0" * size), "u"))
    with pytest.raises(statuslist.BadList):
        statuslist.is_set(bytes(statuslist.BITS // 8), statuslist.BITS)
    with pytest.raises(ValueError, match="not in a list"):
        statuslist.pack([statuslist.BITS])
