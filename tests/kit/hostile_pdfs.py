"""PDF files written by hand, byte for byte: a harmless one, and one for every way in which a PDF can act."""

import io
import zipfile
import zlib

PAYLOAD = "TAITRONG"
"""Stands in every script, file name, address and attachment: none of it may be left anywhere."""
Objects = dict[int, bytes]


def stream(told: str, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (told.encode(), len(data), data)


def plain() -> Objects:
    """One page with one line of text: catalog 1, pages 2, page 3, contents 4, font 5."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream("", b"BT /F1 24 Tf 72 720 Td (Trang mot) Tj ET"),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }


def written(objects: Objects, trailer: str = "") -> bytes:
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n")
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer.encode(), start))
    return out.getvalue()


def _with(catalog: str = "", page: str = "", **more: bytes) -> bytes:
    """The plain file with words added to its catalog or page and objects `o10` … beside."""
    made = plain()
    made[1] = made[1].replace(b">>", f" {catalog} >>".encode())
    made[3] = made[3].removesuffix(b">>") + f" {page} >>".encode()
    return written(made | {int(name[1:]): body for name, body in more.items()})


def _annotated(annotation: str, **more: bytes) -> bytes:
    return _with(
        page="/Annots [10 0 R]", o10=f"<< /Type /Annot /Rect [72 600 200 640] {annotation} >>".encode(), **more
    )


_JS = f"<< /S /JavaScript /JS (app.alert\\('{PAYLOAD}'\\)) >>"
_FILE = f"<< /Type /Filespec /F ({PAYLOAD}.exe) /UF ({PAYLOAD}.exe) /EF << /F 12 0 R >> >>"
_EMBEDDED = stream("/Type /EmbeddedFile", f"MZ {PAYLOAD}".encode())


def hidden_in_object_stream() -> bytes:
    """The catalog and its script packed in a compressed object stream, found through a compressed table."""
    inner = {1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 11 0 R >>", 11: _JS.encode()}
    heads, bodies, at = [], b"", 0
    for number, body in inner.items():
        heads.append(f"{number} {at}")
        bodies += body + b" "
        at = len(bodies)
    first = " ".join(heads).encode() + b" "
    made = {number: body for number, body in plain().items() if number not in inner}
    packed = zlib.compress(first + bodies)
    made[12] = stream(f"/Type /ObjStm /N {len(inner)} /First {len(first)} /Filter /FlateDecode", packed)
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in sorted(made.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, rows = out.tell(), b""
    for number in range(14):
        if number in inner:
            rows += b"\x02" + (12).to_bytes(4, "big") + bytes([list(inner).index(number)])
        else:
            place = start if number == 13 else places.get(number, 0)
            rows += (b"\x01" if place else b"\x00") + place.to_bytes(4, "big") + b"\x00"
    table = stream("/Type /XRef /Size 14 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode", zlib.compress(rows))
    out.write(b"13 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start))
    return out.getvalue()


def with_zip_behind() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{PAYLOAD}.html", f"<script>{PAYLOAD}</script>")
    return written(plain()) + packed.getvalue()


def added_later() -> bytes:
    """A second revision that puts a script on a file that looked harmless."""
    first = written(plain())
    place = len(first)
    body = f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction {_JS} >>\nendobj\n".encode()
    start, before = place + len(body), first.rindex(b"startxref\n") + 10
    old = int(first[before:].split()[0])
    tail = (
        f"xref\n1 1\n{place:010d} 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev {old} >>\nstartxref\n{start}\n%%EOF\n"
    )
    return first + body + tail.encode()


def hostile() -> dict[str, tuple[bytes, str]]:
    """Name → file, and the kind under which it must be told that something was left behind ("" = nothing to tell)."""
    name_tree = "/Names << /EmbeddedFiles << /Names [(a) 11 0 R] >> >>"
    page_resource = b"<< /Font << /F1 5 0 R >> /XObject << /X 12 0 R /Y 13 0 R >> >>"
    drawn = plain()
    drawn[3] = drawn[3].replace(b"<< /Font << /F1 5 0 R >> >>", page_resource)
    drawn[12] = stream("/Type /XObject /Subtype /PS", f"({PAYLOAD}) run".encode())
    drawn[13] = stream(
        f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F ({PAYLOAD}.pdf) /Page 0 >> /AF [{_FILE}]", b"q Q"
    )
    drawn[12], embedded = drawn[12], _EMBEDDED
    outside = plain()
    outside[4] = outside[4].replace(b"<< ", f"<< /Junk {_JS} /PieceInfo << /X ({PAYLOAD}) >> ".encode(), 1)
    return {
        "script when opened": (_with(f"/OpenAction {_JS}"), "scripts"),
        "script by name": (_with(f"/Names << /JavaScript << /Names [(a) {_JS}] >> >>"), "scripts"),
        "script when closed": (_with(f"/AA << /WC {_JS} /WS {_JS} >>"), "scripts"),
        "script of a page": (_with(page=f"/AA << /O {_JS} >>"), "scripts"),
        "script in an escaped name": (
            _with(f"/#4fpenAction << /S /J#61vaScript /J#53 ({PAYLOAD}) >>"), "scripts",
        ),
        "script in a stream": (
            _with("/OpenAction << /S /JavaScript /JS 11 0 R >>", o11=stream("", PAYLOAD.encode())), "scripts",
        ),
        "script chained behind": (
            _with(f"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next {_JS} >>"), "scripts",
        ),
        "script hidden in an object stream": (hidden_in_object_stream(), "scripts"),
        "script in a later revision": (added_later(), "scripts"),
        "script where none belongs": (written(outside), "scripts"),
        "program started": (_annotated(f"/Subtype /Link /A << /S /Launch /F ({PAYLOAD}.exe) >>"), "launches"),
        "program started when opened": (
            _with(f"/OpenAction << /S /Launch /Win << /F (cmd.exe) /P ({PAYLOAD}) >> >>"), "launches",
        ),
        "file embedded": (_with(name_tree, o11=_FILE.encode(), o12=embedded), "files"),
        "file pinned to a page": (
            _annotated("/Subtype /FileAttachment /FS 11 0 R", o11=_FILE.encode(), o12=embedded), "files",
        ),
        "file of a page": (_with(page="/AF [11 0 R]", o11=_FILE.encode(), o12=embedded), "files"),
        "another file's page drawn": (written(drawn | {14: embedded}), "scripts"),
        "form that is sent": (
            _annotated(
                f"/Subtype /Widget /FT /Btn /T (a) /A << /S /SubmitForm /F << /FS /URL /F (http://{PAYLOAD}) >> >>"
            ), "forms",
        ),
        "form with a script": (
            _with("/AcroForm << /Fields [10 0 R] /XFA 11 0 R >>", page="/Annots [10 0 R]",
                  o10=f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [0 0 9 9] /AA << /K {_JS} >> >>".encode(),
                  o11=stream("", f"<xdp>{PAYLOAD}</xdp>".encode())), "scripts",
        ),
        "film with a file": (
            _annotated("/Subtype /RichMedia /RichMediaContent << /Assets << /Names [(a) 11 0 R] >> >>",
                       o11=_FILE.encode(), o12=embedded), "media",
        ),
        "screen that plays": (
            _annotated(f"/Subtype /Screen /A << /S /Rendition /JS ({PAYLOAD}) >>"), "media",
        ),
        "address on the net": (_annotated(f"/Subtype /Link /A << /S /URI /URI (http://{PAYLOAD}) >>"), "links"),
        "page of another file": (
            _annotated(f"/Subtype /Link /A << /S /GoToR /F (//{PAYLOAD}/share) /D [0 /Fit] >>"), "links",
        ),
        "zip behind the end": (with_zip_behind(), ""),
        "contents in a file outside": (
            written(plain() | {4: stream(f"/F ({PAYLOAD}.bin) /FFilter /FlateDecode", b"BT /F1 24 Tf 72 720 Td (Trang mot) Tj ET")}), "",
        ),
        "words about its author": (written(plain() | {9: f"<< /Author ({PAYLOAD}) >>".encode()}, "/Info 9 0 R"), ""),
    }  # fmt: skip


def endless_tree() -> bytes:
    made = plain()
    made[2] = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    return written(made)


def bomb() -> bytes:
    """A page whose contents unpack to four gigabytes."""
    once = zlib.compress(b"0 0 m " * (2**29 // 6), 9)
    return written(plain() | {4: stream("/Filter [/FlateDecode /FlateDecode]", zlib.compress(once * 8, 9))})


def locked() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written(plain()))))
    writer.encrypt("mat-khau", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sealed() -> bytes:
    """A signature field whose visible seal, a red square, stands only in the annotation's own picture."""
    seal = stream("/Type /XObject /Subtype /Form /BBox [0 0 100 100]", b"1 0 0 rg 0 0 100 100 re f")
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /F 4 /T (a) /Rect [300 300 400 400] /AP << /N 11 0 R >> /V 12 0 R >>"
    return _with(
        "/AcroForm << /Fields [10 0 R] /SigFlags 3 >>", page="/Annots [10 0 R]", o10=field, o11=seal,
        o12=b"<< /Type /Sig /Filter /Adobe.PPKLite /Contents <00> >>",
    )  # fmt: skip
