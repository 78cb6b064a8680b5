"""The command line: broken files end with one sentence and status 2, and nothing is written."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from nanglucso.kit.faults import BadFile
from nanglucso.project.cli import main
from nanglucso.project.loop.order import BadInput, Order, check_out, check_seconds, check_year, read_budget
from nanglucso.project.loop.run import read_inputs
from nanglucso.project.loop.writing import write_all
from tests.loop.conftest import staff_rows, workbook

SOURCE = Path(__file__).resolve().parents[2] / "src"


def bomb(path: Path) -> Path:
    """A small workbook whose sheet unpacks to 300 MB."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("A").write(0, 0, "x")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name.endswith("sheet1.xml"):
                with new.open(name, "w") as part:
                    for _ in range(300):
                        part.write(b" " * 2**20)
            else:
                new.writestr(name, old.read(name))
    assert path.stat().st_size < 2**20
    return path


def far_cell(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Họ và tên")
        sheet.write(1_048_575, 16_383, "x")
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


BROKEN = {
    "not-a-spreadsheet.xlsx": lambda path: written(path, os.urandom(4000)),
    "empty.xlsx": lambda path: written(path, b""),
    "cut.xlsx": lambda path: written(path, workbook(path, staff_rows(20)).read_bytes()[:3000]),
    "no-names.xlsx": lambda path: workbook(path, [(1, 2), (3, 4)], ("Cột 1", "Cột 2")),
    "one-column.xlsx": lambda path: workbook(path, [("Lê A",), ("Lê B",)], ("Họ và tên",)),
    "heads-only.xlsx": lambda path: workbook(path, []),
    "bomb.xlsx": bomb,
    "far.xlsx": far_cell,
    "page.xls": lambda path: written(path, b"<html><table><tr><td>x</td></tr></table></html>"),
    "picture.csv": lambda path: written(path, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
    "missing.xlsx": lambda path: path,
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_staff_file_is_refused_in_one_sentence(tmp_path, name):
    path = BROKEN[name](tmp_path / name)
    with pytest.raises((BadFile, BadInput)) as refusal:
        read_inputs(Order(staff=path, out=tmp_path / "out", budget=10_000_000))
    sentence = str(refusal.value)
    assert name in sentence
    assert "\n" not in sentence
    assert len(sentence) < 250


@pytest.mark.parametrize(
    ("text", "lang", "amount"),
    [
        ("1200000000", "vi", 1_200_000_000),
        ("1.200.000.000", "vi", 1_200_000_000),
        ("1,200,000,000", "en", 1_200_000_000),
        ("1,2 tỷ", "vi", 1_200_000_000),
        ("500 triệu", "vi", 500_000_000),
    ],
)
def test_budget_is_read_as_people_write_it(text, lang, amount):
    assert read_budget(text, lang) == amount


@pytest.mark.parametrize(
    ("text", "said"),
    [("1200", "1200 triệu đồng?"), ("0", "lớn hơn 0"), ("-5", "lớn hơn 0"), ("nhiều", "nhiều"), ("", "“”")],
)
def test_doubtful_budget_is_asked_back(text, said):
    with pytest.raises(BadInput) as refusal:
        read_budget(text, "vi")
    assert said in str(refusal.value)


def test_seconds_year_and_folder_are_checked(tmp_path):
    from datetime import date

    today = date(2026, 11, 23)
    assert check_year(None, today) == 2027
    assert check_year(None, date(2026, 7, 31)) == 2026
    assert check_year(2026, today) == 2026
    (tmp_path / "file").write_text("x")
    for fault in (
        lambda: check_year(2030, today),
        lambda: check_seconds(0),
        lambda: check_out(tmp_path / "file"),
        lambda: check_out(tmp_path / "no" / "such"),
    ):
        with pytest.raises(BadInput):
            fault()
    check_out(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_files_are_written_together_or_not_at_all(tmp_path):
    out = tmp_path / "out"
    write_all(out, {"a": b"1", "b": b"2"})
    assert sorted(path.name for path in out.iterdir()) == ["a", "b"]
    with pytest.raises(OSError, match="none"):
        write_all(out, {"a": b"new", "c": tmp_path / "none"})
    assert (out / "a").read_bytes() == b"1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert sorted(path.name for path in out.iterdir()) == ["a", "b"]
    write_all(out, {"a": b"new"})
    assert (out / "a").read_bytes() == b"new"
    assert (out / "b").read_bytes() == b"2"


def command(folder: Path, *words: str) -> subprocess.CompletedProcess:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NLS_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "nanglucso", "loop", *words],
        cwd=folder, env={**env, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--staff", "a.xlsx", "--budget", "1200", "--out", "o"), "triệu đồng?"),
        (("--staff", "a.xlsx", "--budget", "1200", "--out", "o", "--lang", "en"), "did you mean"),
        (("--budget", "90000000", "--out", "o"), "--staff"),
        (("--staff", "far.xlsx", "--budget", "90000000", "--out", "o"), "far.xlsx"),
        (("--staff", "khong-co.xlsx", "--budget", "90000000", "--out", "o"), "khong-co.xlsx"),
    ],
)
def test_bad_command_says_one_sentence_and_leaves_nothing(tmp_path, monkeypatch, capsys, words, said):
    workbook(tmp_path / "a.xlsx", staff_rows(8))
    if "far.xlsx" in words:
        far_cell(tmp_path / "far.xlsx")
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    assert main(["loop", *words]) == 2
    told = capsys.readouterr()
    lines = [line for line in told.err.splitlines() if not line.startswith("[")]
    assert len(lines) == 1
    assert said in lines[0]
    assert told.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_refusal_ends_the_process_with_two(tmp_path):
    done = command(tmp_path, "--staff", "khong-co.xlsx", "--budget", "90000000", "--out", "o")
    assert done.returncode == 2
    assert "khong-co.xlsx" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_whole_command_writes_the_files_and_a_database_for_the_web(tmp_path):
    workbook(tmp_path / "a.xlsx", staff_rows(60))
    done = command(
        tmp_path, "--staff", "a.xlsx", "--budget", "60 triệu", "--out", "o", "--time-limit", "2", "--keep-db"
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "o").iterdir()}
    assert names == {"plan.docx", "plan.pdf", "gaps.xlsx", "report.json", "nanglucso.sqlite3"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "o"]
    import sqlite3

    with sqlite3.connect(tmp_path / "o" / "nanglucso.sqlite3") as base:
        assert base.execute("select count(*) from people_person").fetchone() == (60,)
        assert base.execute("select status from plans_scenario").fetchone() == ("solved",)


def test_old_excel_file_is_read(tmp_path):
    old = Path(__file__).parent.parent / "fixtures" / "can_bo_excel_2003.xls"
    read = read_inputs(Order(staff=old, out=tmp_path / "out", budget=10_000_000))
    assert len(read.staff.records) == 8
