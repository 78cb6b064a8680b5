"""The rules of the house that a linter cannot see: sizes, names, what the files may say."""

import ast
import re
import statistics
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from tests import serving

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nanglucso"
HARD_FILE = 400
SERVICE_LINES, OTHER_LINES, VIEW_LINES = 40, 50, 30
# One worker reads the code once for all of them.
pytestmark = pytest.mark.xdist_group("house")
BANNED_NAMES = {"utils.py", "helpers.py", "common.py", "base.py"}


def code() -> list[Path]:
    """Our modules without migrations."""
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


@lru_cache
def functions(path: Path) -> list[tuple[str, int]]:
    """(name, lines without the docstring) of every function of a module."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node, clean=False) is not None:
                said = node.body[0]
                lines -= said.end_lineno - said.lineno + 1
            found.append((node.name, lines))
    return found


def tracked() -> list[Path]:
    """Files that the repository would carry: known to git, and new ones that are not ignored."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in told.split("\0") if name and (path := ROOT / name).is_file()]


def test_files_are_small():
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code()}
    assert [str(path.relative_to(ROOT)) for path, lines in sizes.items() if lines > HARD_FILE] == []
    assert statistics.median([lines for lines in sizes.values() if lines]) < 120


def test_functions_are_short():
    lengths = [lines for path in code() for _name, lines in functions(path)]
    assert statistics.quantiles(lengths, n=10)[8] < 30


@pytest.mark.parametrize(
    ("part", "most"),
    [("services", SERVICE_LINES), ("views", VIEW_LINES), ("", OTHER_LINES)],
    ids=["services", "views", "all"],
)
def test_no_function_is_longer_than_the_house_allows(part: str, most: int):
    chosen = [path for path in code() if not part or part in (path.stem, path.parent.name)]
    long = [(str(p.relative_to(SOURCE)), name, n) for p in chosen for name, n in functions(p) if n > most]
    assert long == []


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path) for path in code() if path.name in BANNED_NAMES] == []


def test_templates_carry_no_inline_style_or_script():
    bad = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son(?!e=)[a-z]+=", re.IGNORECASE)
    found = [
        str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.html") if bad.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_work_is_left_for_later_in_the_code():
    left = re.compile(r"\b(TODO|FIXME|HACK)\b|raise NotImplementedError")
    found = [str(p.relative_to(ROOT)) for p in code() if left.search(p.read_text(encoding="utf-8"))]
    assert found == []


def _texts() -> list[tuple[Path, str]]:
    kept = []
    for path in tracked():
        try:
            kept.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return kept


def test_no_file_names_a_machine_or_a_package_server():
    """A cloner has neither: paths of somebody's machine and host names of package indexes."""
    own = re.compile(
        "|".join(("/work" + "/", "/ho" + "me/[a-z]", "/ro" + "ot/", "/Us" + "ers/", "pypi" + r"\.org", "--index" + "-url",
                  "--extra-index" + "-url", "files.python" + "hosted", r"local" + r"host:\d{4}/simple"))
    )  # fmt: skip
    found = [f"{p.relative_to(ROOT)}: {m.group()}" for p, text in _texts() if (m := own.search(text))]
    assert found == []


def test_every_requirement_is_pinned_with_a_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert lines
        assert [line[:60] for line in lines if not re.match(r"^[A-Za-z0-9_.\[\]-]+==\S+.*--hash=sha256:", line)] == []


def test_the_pages_are_ready_without_what_only_a_plan_a_badge_or_a_document_needs(tmp_path):
    """Every command, every web process and every worker starts like this; these took a third of the time."""
    slow = (
        "numba",
        "highspy",
        "pyld",
        "docx",
        "docxtpl",
        "openpyxl",
        "scipy.optimize",
        "scipy.sparse",
        "scipy.special",
    )
    started = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns; "
        f"print([name for name in {slow} if name in sys.modules])"
    )
    env = serving.environment(tmp_path, DJANGO_SETTINGS_MODULE="nanglucso.project.settings")
    told = subprocess.run([sys.executable, "-c", started], env=env, capture_output=True, check=True).stdout.decode()
    assert told.strip() == "[]"


def test_the_tests_mirror_the_rooms():
    from django.conf import settings

    rooms = {room.rpartition(".")[2] for room in settings.ROOMS}
    assert {room for room in rooms if not list((ROOT / "tests" / room).glob("test_*.py"))} == set()
