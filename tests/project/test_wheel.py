"""The wheel carries all that it needs: built here, unpacked elsewhere, run in an empty folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import serving

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The wheel's files in a folder of their own: what an installation would put there."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out / "dist"), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with zipfile.ZipFile(next((out / "dist").glob("*.whl"))) as wheel:
        wheel.extractall(out / "site")
    lend_compiled_loops(out / "site" / "nanglucso" / "engines")
    return out / "site"


def lend_compiled_loops(engines: Path) -> None:
    """Compiling the planner's loops takes a minute; the checkout holds them compiled from the very same bytes.

    numba knows a source by its time and size, so a file gets the time of the checkout's only where no byte differs.
    """
    for source in (ROOT / "src" / "nanglucso" / "engines").glob("*.py"):
        copy = engines / source.name
        assert copy.read_bytes() == source.read_bytes(), source.name
        kept = [
            *source.parent.glob(f"__pycache__/{source.stem}.*.nbi"),
            *source.parent.glob(f"__pycache__/{source.stem}.*.nbc"),
        ]
        for compiled in kept:
            (engines / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(compiled, engines / "__pycache__")
        if kept:
            stat = source.stat()
            os.utime(copy, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_content_documents_and_catalogue_are_inside(unpacked: Path):
    inside = unpacked / "nanglucso"
    assert (inside / "shipped" / "content" / "courses" / "catalogue.yaml").is_file()
    assert (inside / "shipped" / "docs" / "start.vi.md").is_file()
    assert (inside / "locale" / "vi" / "LC_MESSAGES" / "django.mo").is_file()
    assert list(inside.glob("ui/static/font/*.woff2"))
    assert not list(unpacked.rglob("*.sqlite3"))
    assert not list(unpacked.glob("tests"))


def test_it_depends_on_what_the_requirements_say(unpacked: Path):
    told = next(unpacked.glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    wanted = [
        line.strip() for line in (ROOT / "requirements.in").read_text().splitlines() if line.strip() and line[0] != "#"
    ]
    needed = [line for line in told.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert len(needed) == len(wanted)


@pytest.mark.thorough
def test_the_demo_city_is_made_in_an_empty_folder(unpacked: Path, tmp_path: Path):
    """`-P` and the empty folder see to it that nothing of the checkout is found."""
    env = serving.environment(tmp_path / "data", PYTHONPATH=str(unpacked))
    script = (
        "import nanglucso, sys; from nanglucso.project.cli import main; print(nanglucso.__file__); sys.exit(main())"
    )
    words = ["demo", "--people", "30", "--seconds", "1", "--no-serve"]
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *words], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=400,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert str(unpacked) in done.stdout
    assert "training" not in done.stderr
    assert (tmp_path / "data" / "nanglucso.sqlite3").is_file()
