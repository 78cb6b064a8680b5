"""The staff list and its search at 60,000 people: server time and SQL statements of each way to ask.

    python benchmarks/people_lists.py [--people 60000] [--runs 5] [--seed 1]

Makes a temporary database with the shipped units and positions and made-up people; asks the list as the training
officer of the city and as the head of one ward: plain, by parts of names without marks, initials, staff number, unit
words, filters, sorted by unit, a page far down; the search box; the doubles; the export. Prints one JSON line a part.
Ends with 1 when one of them takes over 200 ms (median of processor time) or over 12 statements (the menu's counters
apart), the page of doubles over 500 ms or 20 statements, or the export over 20 s. The database works inside the
process, so its time is counted in.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
MOST_MS, MOST_STATEMENTS, MOST_SECONDS = 200.0, 12, 20.0
FAMILIES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Thạch Danh Sơn".split()  # noqa: SIM905
MIDDLES = "Văn;Thị;Hữu;Minh;Thị Kim;Ngọc;Quốc;Thanh;Thị Mỹ;Đức".split(";")  # noqa: SIM905
GIVEN = "An Ánh Bình Cường Dung Đăng Đức Hòa Hạnh Khánh Linh Mai Ngân Nghĩa Phúc Quỳnh Sang Thảo Yến".split()  # noqa: SIM905
QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("plain", {}),
    ("one word", {"q": "hoa"}),
    ("whole name without marks", {"q": "le thi kim ngan"}),
    ("letter đ", {"q": "dang duc"}),
    ("initials", {"q": "LTKN"}),
    ("staff number", {"q": "L0123"}),
    ("name and unit", {"q": "ngan so noi vu"}),
    ("nobody", {"q": "xyzw khong co"}),
    ("left", {"status": "left"}),
    ("by unit", {"sort": "don-vi"}),
    ("by position, last page", {"sort": "-vi-tri", "page": "last"}),
)


def build(people: int, seed: int) -> dict[str, Any]:
    """Fill the database through the bulk writer of imports."""
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.core.db import write_turn
    from nanglucso.core.models import RoleGrant, User
    from nanglucso.workforce.framework.services import load_framework
    from nanglucso.workforce.people.models import Person, Position, Unit
    from nanglucso.workforce.people.services import bulk, load_positions, load_units
    from nanglucso.workforce.people.services.staff import name_fields

    call_command("migrate", verbosity=0)
    at = now()
    load_framework(at=at)
    load_units(at=at)
    load_positions(at=at)
    dice = random.Random(seed)
    units = list(Unit.objects.filter(depth__gte=2).values_list("pk", flat=True))
    positions = list(Position.objects.values_list("pk", flat=True))
    rows = []
    for number in range(people):
        name = f"{dice.choice(FAMILIES)} {dice.choice(MIDDLES)} {dice.choice(GIVEN)}"
        place = {"unit_id": dice.choice(units), "position_id": dice.choice(positions)}
        told = {"staff_code": f"L{number:06}", "email": f"nguoi{number}@vidu.gov.vn", "active": dice.random() > 0.05}
        rows.append(bulk.values_of(Person(**name_fields(name), **place, **told, made_up=True)))
    with write_turn():
        bulk.insert(Person, rows)
    ward = Unit.objects.filter(kind="phuong").first()
    for role, unit in (("training", None), ("head", ward)):
        user = User.objects.create(username=role, full_name=f"Made up {role}", made_up=True)
        RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=at)
    return {"part": "build", "people": people}


def client(role: str) -> Any:
    from django.test import Client

    from nanglucso.core.models import User

    made = Client()
    made.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")
    return made


def median(work: Callable[[], Any], runs: int) -> float:
    """Milliseconds of processor, median."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - began))
    return round(statistics.median(taken), 1)


def ask(role: str, name: str, asked: dict[str, str], runs: int) -> dict[str, Any]:
    """One question to the list."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    browser, address = client(role), reverse("people:list")
    reply = browser.get(address, asked)
    assert reply.status_code == 200, reply.status_code
    with CaptureQueriesContext(connection) as own, mock.patch("nanglucso.ui.badges.waiting", return_value={}):
        browser.get(address, asked)
    statements = len(own)  # the log is emptied by the next request
    return {
        "part": f"{role}: {name}",
        "found": re.findall(r"<strong>([\d.,]+)</strong>", reply.content.decode())[0],
        "ms": median(lambda: browser.get(address, asked), runs),
        "statements": statements,
    }


def search(runs: int) -> dict[str, Any]:
    """The search box of every page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    browser, address = client("training"), reverse("ui:search")
    browser.get(address, {"q": "hoa"})
    with CaptureQueriesContext(connection) as own, mock.patch("nanglucso.ui.badges.waiting", return_value={}):
        browser.get(address, {"q": "le thi kim ngan"})
    statements = len(own)
    taken = median(lambda: browser.get(address, {"q": "le thi kim ngan"}), runs)
    return {"part": "search box", "ms": taken, "statements": statements}


def doubles(runs: int) -> dict[str, Any]:
    """The page of records that may be one person."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    browser, address = client("training"), reverse("people:doubles")
    reply = browser.get(address)
    assert reply.status_code == 200, reply.status_code
    with CaptureQueriesContext(connection) as own, mock.patch("nanglucso.ui.badges.waiting", return_value={}):
        browser.get(address)
    statements = len(own)
    return {"part": "doubles", "ms": median(lambda: browser.get(address), runs), "statements": statements}


def export() -> dict[str, Any]:
    """The workbook of everybody."""
    from django.urls import reverse

    browser, began = client("training"), time.process_time()
    reply = browser.get(reverse("people:export"))
    return {
        "part": "export",
        "seconds": round(time.process_time() - began, 1),
        "file_mb": round(len(reply.content) / 1e6, 1),
    }


def parts(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Everything, in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    settings.MFA_REQUIRED = False
    told = [build(args.people, args.seed)]
    for role in ("training", "head"):
        told += [ask(role, name, asked, args.runs) for name, asked in QUESTIONS]
    return [*told, search(args.runs), doubles(args.runs), export()]


def fine(told: dict[str, Any]) -> bool:
    """Whether a question kept its promise."""
    if "ms" in told:
        most_ms, most = (500.0, 20) if told["part"] == "doubles" else (MOST_MS, MOST_STATEMENTS)
        return bool(told["ms"] <= most_ms and told["statements"] <= most)
    return bool(told.get("seconds", 0) <= MOST_SECONDS)


def main() -> int:
    """Parse the command line, run, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60_000, help="default %(default)s")
    parser.add_argument("--runs", type=int, default=5, help="runs of each question (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        for one in parts(args):
            print(json.dumps(one, ensure_ascii=False), flush=True)
        return 0
    with tempfile.TemporaryDirectory() as place:
        words = [sys.executable, __file__, *sys.argv[1:], "--inside"]
        env = {**os.environ, "NLS_HOME": place}
        out = subprocess.run(words, check=True, env=env, stdout=subprocess.PIPE).stdout.decode()
    told = [json.loads(line) for line in out.splitlines()]
    print(out, end="")
    slow = [one["part"] for one in told if not fine(one)]
    print(json.dumps({"part": "verdict", "slow": slow, "ok": not slow}, ensure_ascii=False))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
