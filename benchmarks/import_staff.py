"""A messy workbook of 60,000 people: read, matched, previewed, applied, undone, on SQLite and on PostgreSQL.

    python benchmarks/import_staff.py [--people 60000] [--seed 5] [--databases sqlite postgres]

Makes an office's list with the tests' generator on the real unit tree (everyone in it is made up), then on each
database, every part in a fresh process: the first import into an empty staff list (all are new), undone, applied
again; a second list of the same people in which one in ten has moved and one in five has another telephone, applied
and undone. Prints one JSON line a part: seconds of wall and of processor (the reading child's counted in), peak
memory of the process (the child that parses may take 1 GiB and is not counted). Ends with 1 when reading to preview
takes over 20 s, applying over 60 s (processor), when an undo leaves any table with another checksum, or when the
second reading of the same file finds anything to change.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.path.insert(0, str(ROOT))
MOST_PREVIEW, MOST_APPLY = 20.0, 60.0
PARTS = ("build", "first", "write", "second")


def processor() -> float:
    """Seconds of processor of this process and of its children that have ended."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives, and its seconds."""
    wall, cpu = time.perf_counter(), processor()
    made = work()
    return made, {"wall": round(time.perf_counter() - wall, 1), "cpu": round(processor() - cpu, 1)}


def memory() -> dict[str, int]:
    """Peak memory of this process in MB."""
    return {"memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def build(folder: Path, people: int, seed: int) -> dict[str, Any]:
    """The tables, the city, and the first workbook unless another database's part has made it."""
    from django.core.management import call_command
    from tests.messy import CITY, write_messy_staff

    from nanglucso.core.clock import now
    from nanglucso.workforce.framework.services import load_framework
    from nanglucso.workforce.people import queries
    from nanglucso.workforce.people.models import Unit
    from nanglucso.workforce.people.services import load_positions, load_units

    call_command("migrate", verbosity=0)
    at = now()
    load_framework(at=at)
    load_units(at=at)
    load_positions(at=at)
    told: dict[str, Any] = {}
    if not (folder / "first.xlsx").exists():
        units = list(Unit.objects.filter(depth__gt=1).exclude(kind=Unit.Kind.SERVICE))
        chains = queries.unit_chain(units)
        known = [
            (unit.pk, unit.name, tuple(unit.aliases), (CITY, *(one.name for one in chains[unit.pk][:-1])))
            for unit in units
        ]
        truth = write_messy_staff(folder / "first.xlsx", people, seed, known, layout=0)
        told = {"rows": truth.rows_read, "people": len(truth.people), "doubles": len(truth.duplicates)}
        (folder / "truth.json").write_text(json.dumps(told))
    return told


def look(path: Path) -> tuple[Any, dict[str, float]]:
    """Read, match and preview a file as the page's worker does; the import's row and the seconds."""
    from nanglucso.core.clock import now
    from nanglucso.workforce.people import importing, services, uploads

    with path.open("rb") as stream:
        file = uploads.store(actor=None, stream=stream, name=path.name, content_type="", at=now())
    row = services.start_import(actor=None, file=file, at=now())
    return timed(lambda: importing.read_import(actor=None, row=row, at=now()))


def applied(row: Any) -> tuple[Any, dict[str, float]]:
    """The import applied, and its seconds; `writing`: of wall, while nobody else can write on SQLite."""
    from nanglucso.core.clock import now
    from nanglucso.workforce.people import services

    ready = [time.perf_counter()]

    def tell(share: float) -> None:
        if share <= 0.5:
            ready[0] = time.perf_counter()

    row, seconds = timed(lambda: services.apply_import(actor=None, row=row, at=now(), tell=tell))
    return row, {**seconds, "writing": round(time.perf_counter() - ready[0], 1)}


def undone(row: Any, before: dict[str, str]) -> dict[str, Any]:
    """Undo and compare every table with what it was."""
    from tests.people.tables import checksums

    from nanglucso.core.clock import now
    from nanglucso.workforce.people import services

    _, seconds = timed(lambda: services.undo_import(actor=None, row=row, at=now()))
    after = checksums()
    return {"undo": seconds, "tables": len(after), "differ": [name for name in after if after[name] != before[name]]}


def figures(row: Any) -> dict[str, Any]:
    kinds = ("rows", "new", "changed", "moved", "unchanged", "duplicates", "errors", "created", "updated")
    return {name: row.summary.get(name) for name in kinds}


def first(folder: Path) -> dict[str, Any]:
    """Everybody is new; undone; applied again; the same file then changes nothing."""
    from tests.people.tables import checksums

    before = checksums()
    row, preview = look(folder / "first.xlsx")
    row, apply = applied(row)
    told = {"preview": preview, "apply": apply, **figures(row), **undone(row, before)}
    row, _ = look(folder / "first.xlsx")
    applied(row)
    again, same = look(folder / "first.xlsx")
    truth = json.loads((folder / "truth.json").read_text())
    left = [again.summary[kind] for kind in ("new", "changed", "moved")]
    return {**told, "people_in_file": truth["people"], "same_file_again": same, "left_to_change": sum(left)}


def second(folder: Path) -> dict[str, Any]:
    """The list that is held, with one in ten moved and one in five with another telephone."""
    from tests.people.tables import checksums

    before = checksums()
    row, preview = look(folder / "second.xlsx")
    row, apply = applied(row)
    return {"preview": preview, "apply": apply, **figures(row), **undone(row, before)}


def write_second(path: Path) -> dict[str, Any]:
    """The second list, out of what the first one has left in the database; its own process, for memory's sake."""
    from nanglucso.kit.spreadsheets import Column, OutSheet, write_xlsx
    from nanglucso.workforce.people import queries
    from nanglucso.workforce.people.models import Person, Unit

    heads = ("STT", "Họ và tên", "Ngày sinh", "Số hiệu CBCCVC", "Đơn vị", "Chức vụ", "Điện thoại")
    places = [queries.place(chain) for chain in queries.unit_chain(Unit.objects.filter(depth=2)).values()]
    where = {pk: queries.place(chain) for pk, chain in queries.unit_chain(Unit.objects.all()).items()}
    held = Person.objects.exclude(staff_code=None).order_by("pk")
    columns_read = ("ho_dem", "ten", "birth_date", "staff_code", "unit_id", "title", "phone")
    rows = []
    for at, (ho_dem, ten, birth, code, unit, title, phone) in enumerate(held.values_list(*columns_read)):
        place = places[at % len(places)] if at % 10 == 0 else where[unit]
        rows.append(
            (at + 1, f"{ho_dem} {ten}".strip(), birth, code, place, title, f"08{at:08}" if at % 5 == 1 else phone)
        )
    kinds = {"Ngày sinh": "date", "STT": "int"}
    columns = [Column(head, 20, kinds.get(head, "text")) for head in heads]  # type: ignore[arg-type]
    write_xlsx(path, [OutSheet("Danh sách", columns, rows)])
    return {}


@contextmanager
def addresses(wanted: list[str], folder: Path) -> Iterator[dict[str, dict[str, str]]]:
    """What each database's processes run under; PostgreSQL is a throw-away cluster."""
    from tests.postgres import Cluster, available

    found = {"sqlite": {"NLS_HOME": str(folder / "sqlite")}}
    if "postgres" not in wanted or not available():
        if "postgres" in wanted:
            print("PostgreSQL is left out: no server programs on this machine.", file=sys.stderr)
        yield {name: env for name, env in found.items() if name in wanted}
        return
    with Cluster() as cluster:
        found["postgres"] = {"NLS_HOME": str(folder / "postgres"), "NLS_DATABASE_URL": cluster.url}
        yield {name: env for name, env in found.items() if name in wanted}


def part(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """One part, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django

    django.setup()
    folder = Path(args.folder)
    parts = {
        "build": lambda: build(folder, args.people, args.seed), "first": lambda: first(folder),
        "write": lambda: write_second(folder / "second.xlsx"), "second": lambda: second(folder),
    }  # fmt: skip
    return {**parts[name](), **memory()}


def fine(name: str, told: dict[str, Any]) -> bool:
    """Whether a part kept its promises."""
    if name in ("build", "write"):
        return True
    quick = told["preview"]["cpu"] <= MOST_PREVIEW and told["apply"]["cpu"] <= MOST_APPLY
    return quick and not told["differ"] and not told.get("left_to_change")


def main() -> int:
    """Parse the command line, run the parts, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60_000, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=5, help="default %(default)s")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        print(json.dumps(part(args.part, args)))
        return 0
    good = True
    with tempfile.TemporaryDirectory() as place, addresses(args.databases, Path(place)) as found:
        for database, env in found.items():
            for name in PARTS:
                words = [sys.executable, __file__, *sys.argv[1:], "--part", name, "--folder", place]
                out = subprocess.run(words, check=True, env={**os.environ, **env}, stdout=subprocess.PIPE).stdout
                told = json.loads(out.decode().splitlines()[-1])
                good = good and fine(name, told)
                print(json.dumps({"database": database, "part": name, **told}), flush=True)
    print(json.dumps({"part": "verdict", "ok": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
