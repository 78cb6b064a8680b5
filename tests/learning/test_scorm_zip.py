"""Zips and manifests: what real tools write is taken, what is hostile or broken is refused by one sentence and leaves nothing."""

import io
import stat
import zipfile
from pathlib import Path
from unicodedata import normalize

import pytest
from django.conf import settings
from django.utils import translation

from nanglucso.core.refusals import Refused
from nanglucso.develop.learning.scorm import archive, keeping
from tests.learning import scorm


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with translation.override("en"):
        yield


def keep(data: bytes) -> keeping.Kept:
    return keeping.keep(io.BytesIO(data), len(data))


def on_disk() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return [str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()] if root.exists() else []


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as no:
        keep(data)
    assert on_disk() == []
    assert no.value.field == "file"
    said = str(no.value.message)
    assert "%(" not in said
    return said


def test_a_package_is_kept_in_a_folder_of_a_random_name():
    one, two = keep(scorm.one_unit()), keep(scorm.one_unit())
    assert one.folder != two.folder
    assert len(one.folder) == 32
    assert (keeping.place(one.folder) / "index.html").stat().st_mode & 0o777 == 0o600
    assert keeping.place(one.folder).stat().st_mode & 0o777 == 0o700
    assert [unit.launch for unit in one.manifest.units] == ["index.html"]
    assert one.manifest.title == "Gói thử"


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("../../../etc/cron.d/x", "leaves its folder"),
        ("a/../../x.html", "leaves its folder"),
        ("..\\..\\x.html", "leaves its folder"),
        ("/etc/passwd", "absolute path"),
        ("C:\\Windows\\x.html", "absolute path"),
        ("\\\\host\\share\\x.html", "absolute path"),
        ("a\x01b.html", "control characters"),
        ("d/" * 150 + "x.html", "too long"),
    ],
)
def test_a_name_that_reaches_out_of_the_package_is_named(name, mark, tmp_path):
    said = refused(scorm.one_unit(extra={name: "x"}))
    assert mark in said
    assert not list(tmp_path.rglob("x.html"))


def test_a_link_in_the_zip_is_named():
    out = io.BytesIO(scorm.one_unit())
    with zipfile.ZipFile(out, "a") as archive_:
        info = zipfile.ZipInfo("secret.html")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive_.writestr(info, "/etc/passwd")
    assert "link" in refused(out.getvalue())
    assert "secret.html" in refused(out.getvalue())


def test_a_zip_bomb_is_named_before_it_is_unpacked():
    bomb = scorm.one_unit(extra={"bomb.js": b"\0" * (40 * 2**20)})
    assert len(bomb) < 100_000
    assert "zip bomb" in refused(bomb)


def test_a_bomb_whose_directory_lies_about_its_size_is_named():
    data = bytearray(scorm.one_unit(extra={"bomb.js": b"\0" * (30 * 2**20)}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place, start = -1, 0
        while (start := data.find(mark, start)) >= 0:
            place, start = start, start + 1
        data[place + at : place + at + 4] = (1000).to_bytes(4, "little")
    said = refused(bytes(data))
    assert "wrong size" in said or "damaged" in said


def test_too_many_files_and_too_large_a_file_are_named(settings):
    many = {f"f{n}.txt": "" for n in range(archive.MOST_FILES + 1)}
    assert str(archive.MOST_FILES) in refused(scorm.one_unit(extra=many))
    settings.SCORM_MB = 0
    assert "larger than 0 MB" in refused(scorm.one_unit())


def test_what_is_no_package_is_named():
    assert "no zip" in refused(b"%PDF-1.7 nothing")
    assert "empty" in refused(b"")
    assert "damaged" in refused(scorm.one_unit()[:-40])
    assert "no imsmanifest.xml" in refused(scorm.packed({"index.html": scorm.page()}))
    assert "xAPI" in refused(scorm.packed({"tincan.xml": "<tincan/>", "index.html": ""}))
    nested = {"khoa-hoc/imsmanifest.xml": scorm.manifest(), "khoa-hoc/index.html": scorm.page()}
    assert "khoa-hoc" in refused(scorm.packed(nested))


def test_a_damaged_part_is_named():
    data = bytearray(scorm.one_unit(extra={"big.txt": bytes(range(256)) * 400}))
    start = data.find(b"big.txt") + len("big.txt") + 20
    data[start : start + 30] = b"\xff" * 30
    assert "damaged" in refused(bytes(data))


def test_a_password_is_named():
    data = bytearray(scorm.one_unit())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(mark) + at] |= 1
    assert "password" in refused(bytes(data))


ENTITY = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("doctype", [ENTITY, LAUGHS, "<!DOCTYPE manifest>"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_doctype_is_named_and_no_entity_is_read(doctype, code):
    text = scorm.manifest(title="&x;").replace('"UTF-8"?>', f'"{code}"?>{doctype}')
    said = refused(scorm.packed({"imsmanifest.xml": text.encode(code), "index.html": scorm.page()}))
    assert "DOCTYPE" in said
    assert "root:" not in said


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("<manifest><metadata>", "line 1"),
        ("", "line 1"),
        ("<course/>", "manifest"),
        (scorm.manifest(version="2004 3rd Edition"), "SCORM 2004"),
        (scorm.manifest(version="CAM 1.3"), "SCORM 2004"),
        (scorm.manifest(version="0.9"), "0.9"),
        (scorm.manifest(items=[]), "nothing to start"),
        (scorm.manifest(items=[("I", "Bài", "gone.html", "")]), "gone.html"),
        (scorm.manifest(items=[("I", "Bài", "../index.html", "")]), "outside"),
        (scorm.manifest(items=[("I", "Bài", "https://example.org/x.html", "")]), "another address"),
        (scorm.manifest(items=[("I", "Bài", "javascript:alert(1)", "")]), "another address"),
        (scorm.manifest(items=[("I", "Bài", "start.swf", "")]), "not handed out"),
        (scorm.manifest().replace('identifierref="R0"', 'identifierref="R9"'), "R9"),
    ],
)
def test_a_manifest_that_cannot_be_played_is_named(text, mark):
    assert mark in refused(scorm.packed({"imsmanifest.xml": text, "index.html": scorm.page(), "start.swf": "FWS"}))


def units(text: str | bytes, *names: str) -> list:
    files = dict.fromkeys(names or ["index.html"], "<p>x</p>")
    return keep(scorm.packed({"imsmanifest.xml": text, **files})).manifest.units


def test_marks_encodings_and_namespaces_of_real_tools_are_read():
    assert units(b"\xef\xbb\xbf" + scorm.manifest().encode())[0].title == "Bài một"
    assert units(scorm.manifest().replace('"UTF-8"', '"utf-16"').encode("utf-16"))[0].title == "Bài một"
    bare = scorm.manifest().replace(' xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"', "")
    assert units(bare)[0].launch == "index.html"
    prefixed = scorm.manifest().replace("<manifest", "<ims:manifest").replace("</manifest", "</ims:manifest")
    assert units(prefixed.replace(' xmlns="', ' xmlns:ims="'))[0].launch == "index.html"
    silent = scorm.manifest().replace(scorm.METADATA.format(version="1.2"), "")
    assert units(silent)[0].launch == "index.html"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("marked", [True, False])
def test_vietnamese_names_are_found_however_the_zip_spells_them(form, marked):
    name = "bài học/mở đầu.html"
    data = bytearray(
        scorm.packed({"imsmanifest.xml": scorm.manifest([("I", "B", name, "")]), normalize(form, name): "x"})
    )
    if not marked:  # UTF-8 without the flag that says so
        for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            start = data.rfind(mark)
            data[start + at + 1] &= ~0x08
    kept = keep(bytes(data))
    assert kept.manifest.units[0].launch == name
    assert keeping.find(kept.folder, normalize(form, name)).name == "mở đầu.html"


def test_bases_parameters_and_spellings_are_followed():
    inside = "<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>a=1</adlcp:datafromlms>"
    text = scorm.manifest(
        items=[("I", "Bài", "trang%201.html?x=1", inside)], more=' xml:base="khoa/"', base=' xml:base="noi dung/"',
        parameters=' parameters="?y=2&amp;z=3"',
    )  # fmt: skip
    one = units(text, "khoa/noi dung/trang 1.html")[0]
    assert (one.launch, one.query) == ("khoa/noi dung/trang 1.html", "?x=1&y=2&z=3")
    assert (one.mastery, one.data, one.sco) == ("80", "a=1", True)
    assert (
        units(scorm.manifest(items=[("I", "B", "Folder\\Start.HTML", "")]), "folder\\start.html")[0].launch
        == "folder/start.html"
    )
    assert units(scorm.manifest(parameters=' parameters="#trang2"'))[0].query == "#trang2"


def test_folders_of_items_hidden_items_and_plain_pages():
    text = scorm.manifest(items=[("A", "Một", "a.html", ""), ("B", "Hai", "b.html", "")])
    folder = '<item identifier="F"><title>Chương</title>'
    text = text.replace('<item identifier="B"', f'{folder}<item identifier="B"').replace(
        "</organization>", "</item></organization>"
    )
    assert [one.key for one in units(text, "a.html", "b.html")] == ["A", "B"]
    hidden = text.replace(
        'identifier="A" identifierref="R0" isvisible="true"', 'identifier="A" identifierref="R0" isvisible="false"'
    )
    assert [one.key for one in units(hidden, "a.html", "b.html")] == ["B"]
    assert units(scorm.manifest(kind="asset"))[0].sco is False
    empty = (
        scorm.manifest().partition("<item")[0]
        + "</organization></organizations>"
        + scorm.manifest().partition("</organizations>")[2]
    )
    assert [one.launch for one in units(empty)] == ["index.html"]


def test_files_that_are_never_handed_out_are_not_unpacked():
    kept = keep(scorm.one_unit(extra={"run.exe": b"MZ", "x.php": "<?php", "__MACOSX/._a": b"x", "a/b.css": "p{}"}))
    assert kept.left_out == ["run.exe", "x.php"]
    assert sorted(Path(one).name for one in on_disk()) == ["b.css", "imsmanifest.xml", "index.html"]
    assert keeping.find(kept.folder, "A/B.CSS").name == "b.css"
    for path in ("../x", "a/../index.html", "/etc/passwd", "a", "", "a//b.css", "x\x00.html"):
        assert keeping.find(kept.folder, path) is None
