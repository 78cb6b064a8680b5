"""The child process that takes a PDF apart: run by path, with its own memory and processor limits.

It imports nothing of this project. The file's pages are drawn flat by PDFium (a build without a script engine), then
copied into a new document object by object: only what a page needs to be drawn is taken along, never an action, a
script, a form, an annotation or an embedded file. From that copy every page becomes a picture and a text.

``out`` gets ``clean.pdf``, ``1.png`` …; standard output one JSON line ``{"pages", "removed", "texts"}`` or
``{"error": code}``. A hostile file can at worst end this process.
"""

from __future__ import annotations

import contextlib
import json
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

WIDE = 1240
"""Pixels across a page: 150 to the inch on A4."""
MOST_HIGH = 6 * WIDE
MOST_HALFTONES = 0.08
"""Share of pixels between black and white up to which a page counts as text."""
LONGEST_TEXT = 20_000
DEEPEST = 60
PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
DROPPED = frozenset((
    "/A", "/AA", "/AF", "/AcroForm", "/Action", "/Annots", "/B", "/Collection", "/Dest", "/Dests", "/EF",
    "/EmbeddedFiles", "/F", "/FDecodeParms", "/FFilter", "/FS", "/JS", "/JavaScript", "/Launch", "/LastModified",
    "/Metadata", "/Names", "/OPI", "/OpenAction", "/Outlines", "/P", "/Parent", "/Parents", "/Perms", "/PS",
    "/PieceInfo", "/RF", "/Ref", "/Rendition", "/RichMediaContent", "/SeparationInfo", "/StructParent",
    "/StructParents", "/Thumb", "/Threads", "/Trans", "/URI", "/URL", "/Win", "/XFA",
))  # fmt: skip
"""Names that lead to an action, a file, a form or out of the page, wherever they stand; none is needed to draw it."""
ACTIONS = {
    "/JavaScript": "scripts", "/Launch": "launches", "/URI": "links", "/GoToR": "links", "/GoToE": "links",
    "/SubmitForm": "forms", "/ImportData": "forms", "/ResetForm": "forms", "/Hide": "forms", "/Rendition": "media",
    "/Movie": "media", "/Sound": "media", "/RichMediaExecute": "media", "/GoTo3DView": "media", "/Named": "forms",
    "/SetOCGState": "forms", "/Thread": "links", "/Trans": "forms",
}  # fmt: skip
TYPES = {
    "/EmbeddedFile": "files", "/Filespec": "files", "/F": "files", "/Sig": "signatures", "/Rendition": "media",
    "/RichMediaContent": "media", "/3D": "media",
}  # fmt: skip
SUBTYPES = {
    "/FileAttachment": "files", "/Screen": "media", "/Movie": "media", "/Sound": "media", "/RichMedia": "media",
    "/3D": "media", "/PS": "scripts",
}  # fmt: skip


class Refused(Exception):
    """Carries the code that ends the run."""


def limit(memory: int, seconds: int) -> None:
    """Bound this process for good: address space in bytes, processor time in seconds, no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(value: Any) -> str:
    """What a dictionary is when it is something that must not be copied, "" for the rest."""
    kind, subtype, act = (str(value.get(name, "")) for name in ("/Type", "/Subtype", "/S"))
    if kind in TYPES or subtype in SUBTYPES or subtype == "/EmbeddedFile":
        return TYPES.get(kind) or SUBTYPES.get(subtype) or "files"
    if act in ACTIONS and kind in ("", "/Action"):
        return ACTIONS[act]
    return "scripts" if "/JS" in value else "files" if "/EF" in value else "forms" if "/XFA" in value else ""


def count(reader: Any) -> dict[str, int]:
    """What the file holds that will not be copied, by kind: for the person who sent it."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    waiting = [reader.trailer]
    while waiting:
        value = waiting.pop()
        with contextlib.suppress(Exception):
            value = value.get_object()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            kind = kind_of(value)
            if kind:
                found[kind] = found.get(kind, 0) + 1
            waiting += [value.raw_get(name) for name in value]  # type: ignore[attr-defined]
        elif isinstance(value, list):
            waiting += [list.__getitem__(value, place) for place in range(len(value))]
    return found


class Copier:
    """Copies objects into a new document, each once, without anything of `DROPPED` or of a forbidden kind."""

    def __init__(self, writer: Any) -> None:
        self.writer = writer
        self.made: dict[tuple[int, int], Any] = {}

    def copy(self, value: Any, depth: int = 0) -> Any:
        from pypdf import generic

        if depth > DEEPEST:
            raise Refused("damaged")
        if isinstance(value, generic.IndirectObject):
            return self._reference(value, depth)
        if isinstance(value, dict):
            return self._dictionary(value, depth)
        if isinstance(value, list):
            raw = [list.__getitem__(value, place) for place in range(len(value))]
            return generic.ArrayObject([self.copy(one, depth + 1) for one in raw])
        return value

    def _reference(self, value: Any, depth: int) -> Any:
        from pypdf import generic

        key = (value.idnum, value.generation)
        if key not in self.made:
            self.made[key] = self.writer._add_object(generic.NullObject())
            target = value.get_object()
            copied = generic.NullObject() if target is None else self.copy(target, depth + 1)
            self.writer._objects[self.made[key].idnum - 1] = copied
        return self.made[key]

    def _dictionary(self, value: Any, depth: int) -> Any:
        from pypdf import generic

        if kind_of(value) or str(value.get("/Type", "")) in ("/Page", "/Pages", "/Catalog", "/Annot"):
            return generic.NullObject()
        stream = isinstance(value, generic.StreamObject)
        made = generic.StreamObject() if stream else generic.DictionaryObject()
        for name in value:
            if name not in DROPPED and not (stream and name == "/Length"):
                made[generic.NameObject(name)] = self.copy(value.raw_get(name), depth + 1)
        if stream:
            made._data = value._data  # type: ignore[attr-defined]
        return made


def flat(path: str, most_pages: int) -> bytes:
    """The file with what annotations and filled fields show drawn into its pages. Raises Refused."""
    import io

    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from error
    if not 0 < len(document) <= most_pages:
        raise Refused("too_many_pages" if len(document) else "no_pages")
    for place in range(len(document)):
        page = document[place]
        if pdfium.raw.FPDFPage_Flatten(page, pdfium.raw.FLAT_NORMALDISPLAY) == pdfium.raw.FLATTEN_FAIL:
            raise Refused("damaged")
        page.close()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def rebuilt(data: bytes) -> Any:
    """A new document with the pages of a flat one, and nothing else of it."""
    import io

    from pypdf import PdfReader, PdfWriter, generic

    reader, writer = PdfReader(io.BytesIO(data), strict=False), PdfWriter()
    copier = Copier(writer)
    for page in reader.pages:
        size = page.mediabox
        made = writer.add_blank_page(float(size.width) or 1, float(size.height) or 1)
        for name in PAGE_KEYS:
            found = _inherited(page, name)
            if found is not None:
                made[generic.NameObject(name)] = copier.copy(found)
    layers = reader.root_object.get("/OCProperties")
    if layers is not None:
        writer._root_object[generic.NameObject("/OCProperties")] = copier.copy(layers)
    writer.metadata = {"/Producer": "Nang Luc So"}
    return writer


def _inherited(page: Any, name: str) -> Any:
    """A value of a page, its own or that of the tree above it, as it stands there."""
    for _step in range(DEEPEST):
        if name in page:
            return page.raw_get(name)
        if name not in ("/MediaBox", "/CropBox", "/Rotate", "/Resources") or "/Parent" not in page:
            return None
        page = page["/Parent"]
    raise Refused("damaged")


def drawn(path: Path, out: Path) -> Iterator[str]:
    """Draw every page into ``out`` and give its text."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(path)
    for place in range(len(document)):
        page = document[place]
        width, height = page.get_size()
        scale = min(WIDE / max(width, 1), MOST_HIGH / max(height, 1))
        picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_numpy()[:, :, :3]
        (out / f"{place + 1}.png").write_bytes(png(picture))
        textpage = page.get_textpage()
        yield textpage.get_text_bounded()[:LONGEST_TEXT].replace("\x00", "")
        textpage.close()
        page.close()


def png(picture: np.ndarray) -> bytes:
    """A picture (height, width, 3) uint8 as PNG: 4 greys for a page of text, 16 for other grey ones, else 252 colours.

    Fewer tones make the file of a page of text half as large, which counts where the network is poor.
    """
    colour = picture.astype(np.int16)
    if max(np.abs(colour[:, :, 0] - colour[:, :, 1]).max(), np.abs(colour[:, :, 1] - colour[:, :, 2]).max()) >= 8:
        steps = np.array([5, 6, 5])
        levels = np.rint(colour * steps / 255).astype(np.uint8)
        index = (levels[:, :, 0] * 42 + levels[:, :, 1] * 6 + levels[:, :, 2]).astype(np.uint8)
        tones = [(r * 255 // 5, g * 255 // 6, b * 255 // 5) for r in range(6) for g in range(7) for b in range(6)]
        return _packed(picture.shape[1], index, bits=8, kind=3, palette=bytes(sum(tones, ())))
    tone = colour[:, :, 1]
    bits = 2 if np.mean((tone > 32) & (tone < 224)) < MOST_HALFTONES else 4
    grey = np.rint(tone * ((1 << bits) - 1) / 255).astype(np.uint8)
    each = 8 // bits
    grey = np.pad(grey, ((0, 0), (0, -grey.shape[1] % each)))
    rows = sum(
        (grey[:, place::each] << (8 - bits * (place + 1)) for place in range(1, each)), grey[:, ::each] << (8 - bits)
    )
    return _packed(picture.shape[1], rows.astype(np.uint8), bits=bits, kind=0)


def _packed(width: int, rows: np.ndarray, *, bits: int, kind: int, palette: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, rows.shape[0], bits, kind, 0, 0, 0)
    lines = np.pad(rows, ((0, 0), (1, 0))).astype(np.uint8).tobytes()
    parts = [(b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 7)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
        if data or name == b"IEND"
    )


def run(path: str, out: Path, most_pages: int) -> dict[str, Any]:
    """Everything, in order; the answer that goes to standard output."""
    from pypdf import PdfReader

    reader = PdfReader(path, strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    removed = count(reader)
    rebuilt(flat(path, most_pages)).write(str(out / "clean.pdf"))
    texts = list(drawn(out / "clean.pdf", out))
    return {"pages": len(texts), "removed": removed, "texts": texts}


def main() -> None:
    path, out, limits = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    limit(limits["memory"], limits["seconds"])
    try:
        answer = run(path, out, limits["pages"])
    except Refused as refused:
        answer = {"error": str(refused)}
    except MemoryError:
        answer = {"error": "too_heavy"}
    except Exception:
        answer = {"error": "damaged"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
