"""The power is cut under people who answer: what was acknowledged is on the disk, and would not be with less flushing."""

import subprocess
from pathlib import Path

import pytest

from tests import postgres, serving
from tests.faults.conftest import copied
from tests.faults.home import Home
from tests.faults.ordeal import disk as disks
from tests.faults.ordeal.server import Server, hand_over
from tests.faults.ordeal.site import Crowd
from tests.faults.prepare import prepared
from tests.faults.sitters import Ledger, Verdict, compare

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.thorough]
# Fewer than fill the log of SQLite to where it is flushed whatever the setting.
ANSWERS, SITTERS, SITTINGS = 60, 12, 40


@pytest.fixture(scope="module", autouse=True)
def _root() -> None:
    if not disks.available():
        pytest.skip("only root can mount a disk of its own, and not in every container")


def answered(home: Home, disk: disks.Disk, server: Server | None = None) -> Ledger:
    """People answer, then everything that writes is dead at once."""
    with serving.Served(home.env, words=("--no-worker",)) as site:
        disk.settle()
        crowd = Crowd(home, site, count=SITTERS, pause=0.02)
        assert crowd.grows(ANSWERS, 120)
        if server:
            server.kill()
        site.kill_everything()
    return crowd.stop()


def on_sqlite(model: Path, synchronous: str) -> Verdict:
    weak = {"PYTHONPATH": f"{serving.ROOT / 'src'}:{serving.ROOT}", "NLS_TEST_SYNCHRONOUS": synchronous}
    if synchronous != "FULL":
        weak["DJANGO_SETTINGS_MODULE"] = "tests.faults.weak_settings"
    with disks.Disk(700) as disk:
        home = copied(model, disk.top / "home", **weak)
        ledger = answered(home, disk)
        with disk.after_power_cut() as found:
            after = Home(found.top / "home", "", home.env, home.told)
            return compare(ledger, after.answers(), after.steps())


def test_sqlite_keeps_every_acknowledged_answer(sqlite_home):
    assert on_sqlite(sqlite_home, "FULL") == Verdict(0, 0, 0, 0)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_same_check_fails_on_sqlite_with_less_flushing(sqlite_home, synchronous):
    assert on_sqlite(sqlite_home, synchronous).lost > 0


def on_postgres(folder: Path, *, durable: bool) -> Verdict | None:
    """None where the server does not even start on what was found."""
    with disks.Disk(700) as disk:
        hand_over(disk.top)
        with postgres.Cluster(durable=durable, data=disk.top / "data") as cluster:
            env = serving.environment(folder, cluster.url)
            home = Home(folder, cluster.url, env, prepared(env, folder, SITTINGS))
            ledger = answered(home, disk, Server(cluster))
            with disk.after_power_cut() as found:
                try:
                    with postgres.Cluster(data=found.top / "data") as again:
                        after = Home(folder, again.url, env, home.told)
                        return compare(ledger, after.answers(), after.steps())
                except subprocess.CalledProcessError:
                    return None


@pytest.mark.postgres
def test_postgresql_keeps_every_acknowledged_answer(tmp_path):
    assert on_postgres(tmp_path, durable=True) == Verdict(0, 0, 0, 0)


@pytest.mark.postgres
def test_the_same_check_fails_on_postgresql_without_fsync(tmp_path):
    verdict = on_postgres(tmp_path, durable=False)
    assert verdict is None or verdict.lost > 0
