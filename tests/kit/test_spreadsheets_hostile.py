"""Files that would hurt: each is refused with one sentence, in bounded time, and this process survives."""

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from nanglucso.kit import sheetchild, spreadsheets, ziplimits
from nanglucso.kit.spreadsheets import BadFile, read_sheets
from tests.kit.hostile import bomb, cell, far_corner, write_raw_xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path) -> BadFile:
    with pytest.raises(BadFile) as caught:
        read_sheets(path)
    error = caught.value
    assert path.name in str(error), "the sentence names the file"
    assert str(error) == error.template % error.params
    assert str(error).count(". ") == 0
    assert str(error).endswith(".")
    return error


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xlsx", b"", "empty"),
        ("blank.csv", b"\xef\xbb\xbf ;;\r\n;;\r\n", "no_cells"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not_spreadsheet"),
        ("nul.csv", b"a;b\n" + b"\0\1\2" * 500, "not_spreadsheet"),
        ("export.xls", b"<html><body><table><tr><td>x</td></tr></table>", "html_table"),
        ("xml2003.xls", b'<?xml version="1.0"?><Workbook></Workbook>', "html_table"),
        ("locked.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "encrypted"),
        ("letter.doc", OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600, "not_spreadsheet"),
        ("broken.xls", OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600, "damaged"),
        ("cut.xlsx", b"PK\x03\x04" + b"\x14\0" * 200, "damaged"),
        (
            "tcvn3.csv",
            "Hä vµ tªn;Lop\nNguyÔn V¨n;zµ\nNguyÔn V¨n;zµ\nNguyÔn V¨n;bµq\n".encode("cp1252") * 3,
            "legacy_letters",
        ),
        ("utf16.csv", b"\xff\xfea\0b\0\xd8", "bad_encoding"),
        ("long.csv", b"a;b\n" + b"x" * 40_000 + b";y\n", "cell_too_long"),
        ("huge.csv", b"a;b\n" + b"x" * 90_000 + b";y\n", "not_spreadsheet"),
    ],
)
def test_not_a_list_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path).code == code


def test_one_stray_control_character_is_only_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Họ tên;Đơn vị\nLê\0 An;Sở Y tế\n".encode())
    assert read_sheets(path)[0].rows[1] == ("Lê An", "Sở Y tế")


def test_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.xlsx").code == "missing"


def test_far_corner_kills_only_the_child(tmp_path: Path) -> None:
    began = time.monotonic()
    assert refusal(far_corner(tmp_path / "corner.xlsx")).code == "too_heavy"
    assert refusal(far_corner(tmp_path / "alone.xlsx", first_too=False)).code == "too_many_rows"
    assert time.monotonic() - began < 20


def test_wide_and_long_stray_cells_are_counted_before_they_are_read(tmp_path: Path) -> None:
    rows = f'<row r="1">{cell("A1", "x")}{cell("XFD1", "x")}</row><row r="900">{cell("A900", "x")}</row>'
    assert refusal(write_raw_xlsx(tmp_path / "wide.xlsx", rows)).code == "too_many_cells"
    rows = f'<row r="1">{cell("A1", "x")}</row><row r="200001">{cell("A200001", "x")}</row>'
    error = refusal(write_raw_xlsx(tmp_path / "long.xlsx", rows))
    assert error.code == "too_many_rows"
    assert error.params["rows"] == "200001"


def test_bomb_is_refused_from_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 2 * 2**20
    monkeypatch.setattr(ziplimits, "_scan", None)
    assert refusal(path).code == "zip_unpacked", "nothing was unpacked to find out"


def test_ratio_and_parts_are_limited(tmp_path: Path) -> None:
    assert refusal(bomb(tmp_path / "ratio.xlsx", megabytes=20)).code == "zip_ratio"
    many = {f"xl/media/{number}.bin": b"x" for number in range(250)}
    assert refusal(write_raw_xlsx(tmp_path / "parts.xlsx", "", many)).code == "zip_parts"


def test_lying_directory_is_caught_while_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_raw_xlsx(tmp_path / "lie.xlsx", f'<row r="1">{cell("A1", "x" * 30_000)}</row>')
    data = bytearray(path.read_bytes())
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    assert refusal(path).code == "damaged"
    honest = write_raw_xlsx(tmp_path / "honest.xlsx", f'<row r="1">{cell("A1", "x" * 30_000)}</row>')
    monkeypatch.setattr(ziplimits, "_check_directory", lambda *_: None)
    monkeypatch.setattr(ziplimits, "MOST_UNPACKED", 20_000)
    assert refusal(honest).code == "zip_unpacked"


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_doctype_in_any_part_is_refused(tmp_path: Path, code: str) -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    path = write_raw_xlsx(tmp_path / "a.xlsx", "", {"docProps/app.xml": entity.encode(code)})
    assert refusal(path).code == "doctype"
    assert refusal(write_raw_xlsx(tmp_path / "b.xlsx", "", prologue=entity)).code == "doctype"


def test_doctype_across_two_chunks_is_seen(tmp_path: Path) -> None:
    padding = b"0123456789abcdef" * 2**14
    part = padding[:-5] + b"<!DOCTYPE"
    assert refusal(write_raw_xlsx(tmp_path / "a.xlsx", "", {"x.xml": part})).code == "doctype"


def test_cut_short_workbook_is_damaged(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Họ và tên", "Đơn vị"])
    book.save(tmp_path / "a.xlsx")
    data = (tmp_path / "a.xlsx").read_bytes()
    for share in (0.3, 0.7, 0.97):
        (tmp_path / "cut.xlsx").write_bytes(data[: int(len(data) * share)])
        assert refusal(tmp_path / "cut.xlsx").code == "damaged"


def test_flipped_bytes_never_escape(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(30):
        book.active.append(["Lê An", number, "Sở Y tế"])
    book.save(tmp_path / "a.xlsx")
    data = (tmp_path / "a.xlsx").read_bytes()
    path = tmp_path / "flipped.xlsx"
    for at in range(30, len(data), len(data) // 12):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            told = read_sheets(path)[0].name
        except BadFile as error:
            told = str(error)
        assert told


def test_word_document_and_locked_part_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(tmp_path / "letter.docx").code == "not_spreadsheet"
    path = write_raw_xlsx(tmp_path / "a.xlsx", "")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert refusal(path).code == "encrypted"


def test_text_that_grows_from_shared_strings_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    for _ in range(50):
        book.active.append(["x" * 1000, "y"])
    book.save(tmp_path / "a.xlsx")
    monkeypatch.setitem(spreadsheets.LIMITS, "text", 20_000)
    assert refusal(tmp_path / "a.xlsx").code == "too_much_text"


def test_long_cell_many_sheets_and_big_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_raw_xlsx(tmp_path / "long.xlsx", f'<row r="1">{cell("A1", "ab" * 20_000)}</row>')
    assert refusal(path).code == "cell_too_long"
    monkeypatch.setitem(spreadsheets.LIMITS, "sheets", 0)
    assert refusal(path).code == "too_many_sheets"
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 100)
    assert refusal(path).code == "too_big"


def test_endless_parse_ends_at_the_wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(sheetchild, "__file__", str(slow))
    monkeypatch.setattr(spreadsheets, "_WALL_SECONDS", 0.5)
    began = time.monotonic()
    assert refusal(write_raw_xlsx(tmp_path / "a.xlsx", "")).code == "too_heavy"
    assert time.monotonic() - began < 10
