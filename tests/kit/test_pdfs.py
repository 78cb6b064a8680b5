"""A PDF from outside leaves everything behind that could act, and its pages look as before."""

import re
import zlib

import numpy as np
import pytest

from nanglucso.kit import pdfchild, pdfs
from tests.kit import hostile_pdfs as made

HOSTILE = made.hostile()
FORBIDDEN = [
    "JavaScript",
    "JS",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "EF",
    "Filespec",
    "OpenAction",
    "AA",
    "URI",
    "GoToR",
    "SubmitForm",
    "RichMedia",
    "XFA",
    "Annots",
    "AcroForm",
    "Names",
    "Ref",
    "AF",
    "PS",
    "FFilter",
    "PieceInfo",
    "Rendition",
]


def everything_in(data: bytes) -> bytes:
    """The file's bytes and what every stream of it unpacks to, read without any PDF library."""
    parts = [data]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue
    return re.sub(rb"#([0-9a-fA-F]{2})", lambda code: bytes([int(code[1], 16)]), b"\n".join(parts))


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_acts_is_left(name: str):
    data, kind = HOSTILE[name]
    before = everything_in(data)
    assert made.PAYLOAD.encode() in before, "the file would not show anything"
    with pdfs.harmless(data) as clean:
        after = everything_in(clean.file.read_bytes())
        assert made.PAYLOAD.encode() not in after
        assert [word for word in FORBIDDEN if re.search(rb"/%s[\s/<\[(]" % word.encode(), after)] == []
        assert clean.pages == 1
        if name != "contents in a file outside":
            assert "Trang mot" in clean.texts[0]
        assert kind == "" or clean.removed.get(kind)


def test_a_harmless_file_keeps_its_page_and_nothing_is_told():
    with pdfs.harmless(made.written(made.plain())) as clean:
        assert (clean.pages, clean.removed, clean.texts[0].strip()) == (1, {}, "Trang mot")
        head = clean.picture(1).read_bytes()[:24]
        assert head.startswith(b"\x89PNG")
        assert int.from_bytes(head[16:20], "big") == pdfchild.WIDE


def test_the_visible_seal_of_a_signature_stays_and_the_signature_is_told():
    import pypdfium2

    with pdfs.harmless(made.sealed()) as clean:
        assert clean.removed["signatures"] == 1
        picture = pypdfium2.PdfDocument(clean.file)[0].render(scale=1, rev_byteorder=True).to_numpy()
        assert tuple(picture[842 - 350, 350, :3]) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><script>alert(1)</script>", "not_pdf"),
        (b"%PDF-1.7\n" + b"rac " * 500, "damaged"),
        (made.locked(), "encrypted"),
        (made.written(made.plain() | {2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), "no_pages"),
    ],
    ids=["web page", "rubbish", "locked", "empty"],
)
def test_what_is_no_readable_pdf_is_refused(data: bytes, code: str):
    with pytest.raises(pdfs.BadPdf) as told, pdfs.harmless(data):
        pass
    assert told.value.code in (code, "damaged")


def _outcome(data: bytes) -> str:
    """How it ended: the code of a refusal, or "taken" with a small harmless copy."""
    try:
        with pdfs.harmless(data) as clean:
            assert clean.file.stat().st_size < 2**20
            return "taken"
    except pdfs.BadPdf as told:
        return told.code


def test_a_tree_of_pages_without_end_ends():
    assert _outcome(made.endless_tree()) in ("taken", "damaged")


def test_a_bomb_ends_its_own_process_only(monkeypatch):
    """Copied without being unpacked, or stopped by the limits of the child."""
    monkeypatch.setattr(pdfs, "LIMITS", {"memory": 2**29, "seconds": 3, "pages": 400})
    assert _outcome(made.bomb()) in ("taken", "too_heavy", "damaged")


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(pdfs, "LIMITS", pdfs.LIMITS | {"pages": 1})
    many = made.plain()
    many[2], many[6] = b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>", many[3]
    with pytest.raises(pdfs.BadPdf, match="too_many_pages"), pdfs.harmless(made.written(many)):
        pass


@pytest.mark.parametrize("kind", ["text", "grey", "colour"])
def test_a_picture_survives_its_few_tones(kind: str):
    """Read back by another decoder; the error of a tone is at most half a step."""
    rng = np.random.default_rng(1)
    picture = {
        "text": np.where(rng.random((40, 37, 1)) < 0.1, 0, 255).repeat(3, 2),
        "grey": rng.integers(0, 256, (40, 37, 1)).repeat(3, 2),
        "colour": rng.integers(0, 256, (40, 37, 3)),
    }[kind].astype(np.uint8)
    back = _decoded(pdfchild.png(picture))
    most = {"text": 0, "grey": 9, "colour": 26}[kind]
    assert np.abs(back.astype(int) - picture).max() <= most


def _decoded(data: bytes) -> np.ndarray:
    """A PNG without interlacing or filters, as the PNG standard says to read it."""
    place, parts = 8, {}
    while place < len(data):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        assert zlib.crc32(name + body) == int.from_bytes(data[place + 8 + size : place + 12 + size], "big")
        parts[name], place = body, place + 12 + size
    width, height, bits, kind = (
        *(int.from_bytes(parts[b"IHDR"][n : n + 4], "big") for n in (0, 4)),
        *parts[b"IHDR"][8:10],
    )
    row = (width * bits + 7) // 8
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, row + 1)
    assert not lines[:, 0].any()
    cells = np.unpackbits(lines[:, 1:], axis=1).reshape(height, -1, bits)[:, :width]
    values = cells @ (1 << np.arange(bits)[::-1])
    if kind == 3:
        return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[values]
    return np.rint(values * 255 / ((1 << bits) - 1)).astype(np.uint8)[:, :, None].repeat(3, 2)
