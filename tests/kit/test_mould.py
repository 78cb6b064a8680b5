"""A mould gives the bytes of the long way, whatever the texts are."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.kit.integrity import canon
from nanglucso.kit.integrity.mould import Mould
from tests.kit.test_integrity import BADGE

PLACES = (
    ("id",), ("name",), ("validFrom",), ("validUntil",), ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "achievement", "name"), ("credentialStatus", "id"), ("credentialStatus", "statusListIndex"),
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\t\n\r"\\'), max_size=30)
NAME = st.text("abc123-/.#?=%", min_size=1, max_size=12).map(lambda end: f"https://x.example/{end}")


def badge(**told):
    made = copy.deepcopy(BADGE)
    subject = made["credentialSubject"]
    subject["identifier"] = [{"type": "IdentityObject", "hashed": False, "identityHash": told["who"]}]
    subject["achievement"]["name"] = told["gives"]
    made["credentialStatus"] = {
        "id": told["status"], "type": "BitstringStatusListEntry", "statusListIndex": told["index"],
        "statusPurpose": "revocation", "statusListCredential": "https://x.example/list",
    }  # fmt: skip
    return made | {"id": told["id"], "name": told["name"]}


def told():
    plain = {"who": TEXT, "gives": TEXT, "name": TEXT, "index": TEXT, "id": NAME, "status": NAME}
    return st.fixed_dictionaries(plain)


@given(told(), told())
@settings(deadline=None, max_examples=60)
def test_the_same_bytes_as_the_long_way(first, second):
    mould, document = Mould(badge(**first), PLACES), badge(**second)
    assert mould.fits(document)
    assert mould.canonical(document) == canon.rdfc(document)
    assert mould.canonical(badge(**first)) == canon.rdfc(badge(**first)), "used twice it is the same"


WORDS = {"who": "A", "gives": "B", "name": "C", "index": "1", "id": "urn:x:1", "status": "urn:x:2"}


def test_what_differs_elsewhere_does_not_fit():
    mould = Mould(badge(**WORDS), PLACES)
    other = badge(**WORDS)
    other["credentialSubject"]["achievement"]["alignment"].pop()
    assert not mould.fits(other)
    assert not mould.fits(badge(**WORDS) | {"validUntil": "2026-01-01T00:00:00Z"})
    assert not mould.fits({key: value for key, value in badge(**WORDS).items() if key != "name"})


@pytest.mark.parametrize(("field", "text"), [("id", "relative"), ("who", "bell\x07"), ("status", "a b")])
def test_what_the_long_way_refuses_is_refused(field, text):
    mould = Mould(badge(**WORDS), PLACES)
    with pytest.raises(canon.NotCanonical):
        mould.canonical(badge(**WORDS | {field: text}))
    with pytest.raises(canon.NotCanonical):
        canon.rdfc(badge(**WORDS | {field: text}))
