"""A sealed stream opens under its key alone, whole or not at all."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanglucso.kit import sealing
from nanglucso.kit.sealing import BadSeal, Opener, Sealer

KEY = bytes(range(32))


def sealed(data: bytes, key: bytes = KEY) -> bytes:
    below = io.BytesIO()
    sealer = Sealer(below, key)
    sealer.write(data)
    sealer.close()
    return below.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(data), key)).read()


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 64)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_what_was_sealed_comes_back(data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK", 64)
        assert opened(sealed(data)) == data


def test_two_seals_of_the_same_bytes_differ_and_show_nothing():
    data = b"Nguyen Van An " * 20
    first, second = sealed(data), sealed(data)
    assert first != second
    assert b"Nguyen" not in first


@pytest.mark.parametrize("cut", [1, 16, 80, 81, 160])
def test_a_stream_that_is_cut_off_is_noticed(cut):
    whole = sealed(bytes(200))
    with pytest.raises(BadSeal):
        opened(whole[:-cut])


def test_a_missing_last_chunk_is_noticed_at_its_very_border():
    whole = sealed(bytes(128))
    head = len(sealing.MAGIC) + sealing.SALT
    assert len(whole) == head + 2 * 80
    with pytest.raises(BadSeal):
        opened(whole[: head + 80])


@pytest.mark.parametrize("place", [3, 12, 30, 120])
def test_a_changed_byte_is_noticed(place):
    whole = bytearray(sealed(bytes(200)))
    whole[place] ^= 1
    with pytest.raises(BadSeal):
        opened(bytes(whole))


def test_chunks_cannot_change_places():
    whole = sealed(bytes(64) + bytes([1]) * 64 + b"x")
    head = len(sealing.MAGIC) + sealing.SALT
    first, second = whole[head : head + 80], whole[head + 80 : head + 160]
    with pytest.raises(BadSeal):
        opened(whole[:head] + second + first + whole[head + 160 :])


def test_another_key_opens_nothing():
    with pytest.raises(BadSeal):
        opened(sealed(b"abc"), bytes(32))


def test_a_key_file_is_its_owner_s_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "key"
    sealing.make_key(path)
    assert path.stat().st_mode & 0o777 == 0o400
    assert len(sealing.read_key(path)) == 32
    with pytest.raises(FileExistsError):
        sealing.make_key(path)
