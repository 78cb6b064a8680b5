"""`nanglucso people import`: statuses, dry run, matching by hand, bad input."""

import json

import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.project.cli import main
from nanglucso.workforce.people.models import Person, StaffImport
from tests import make
from tests.people.workbooks import AN, HEADS, NGAN, book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    make.city()


def figures(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_import_applies_and_prints_the_figures(tmp_path, capsys):
    make.user("training", username="canbo")
    path = book(tmp_path / "a.xlsx", [NGAN, AN])
    assert main(["people", "import", str(path), "--user", "canbo"]) == 0
    told = figures(capsys)
    assert (told["created"], told["errors"]) == (2, 0)
    assert Person.objects.count() == 2
    assert AuditEntry.objects.filter(verb="people.apply_import").get().actor.username == "canbo"


def test_dry_run_changes_nothing(tmp_path, capsys):
    assert main(["people", "import", str(book(tmp_path / "a.xlsx", [NGAN])), "--dry-run"]) == 0
    assert figures(capsys)["new"] == 1
    assert not Person.objects.exists()
    assert not StaffImport.objects.exists()


def test_faulty_rows_are_left_out_named_and_give_status_one(tmp_path, capsys):
    path = book(tmp_path / "a.xlsx", [NGAN, (AN[0], "31/02/1990", *AN[2:])])
    assert main(["people", "import", str(path)]) == 1
    out = capsys.readouterr().out
    assert "row 3, column C" in out
    assert Person.objects.count() == 1


def test_column_is_matched_by_hand(tmp_path, capsys):
    path = book(tmp_path / "a.xlsx", [NGAN], (*HEADS[:-1], "Cột lạ"))
    assert main(["people", "import", str(path), "--map", "email=G"]) == 0
    assert Person.objects.get().email == NGAN[-1]


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--map", "email"], "FIELD=COLUMN"), (["--map", "luck=G"], "luck"), (["--user", "nobody"], "nobody")],
)
def test_bad_words_give_status_two_and_one_sentence(tmp_path, capsys, more, said):
    path = book(tmp_path / "a.xlsx", [NGAN])
    assert main(["people", "import", str(path), *more]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert not Person.objects.exists()


def test_missing_or_wrong_file_gives_status_two(tmp_path, capsys):
    assert main(["people", "import", str(tmp_path / "none.xlsx")]) == 2
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"\x00\x01\x02 not a workbook")
    assert main(["people", "import", str(wrong)]) == 2
    assert "wrong.xlsx" in capsys.readouterr().err
