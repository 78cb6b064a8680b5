"""A copy of the whole installation, on real processes: taken under load, restored elsewhere, compared; point in time."""

import json
import os
import queue
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from nanglucso.core.keeping import archives, bringing_back, pgserver
from nanglucso.core.keeping.taking import DATABASE, DUMP
from nanglucso.core.refusals import Refused
from tests import needs, postgres, serving
from tests.faults.home import Home, _dsn
from tests.faults.prepare import prepared
from tests.faults.sitters import Ledger, Sitter

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("keeping")]
SITTINGS, SITTERS = 30, 10
ANSWERS = "SELECT sitting_id, seq, key, choice, score, at FROM assessments_answer"


def nls(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nanglucso", *words], env=env, cwd=serving.ROOT, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    yield from needs.cluster()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.thorough])]
)
def home(request, tmp_path_factory) -> Iterator[Home]:
    """Sittings under way, some uploaded files, and a key for the copies."""
    folder, url = tmp_path_factory.mktemp("kept"), ""
    if request.param == "postgres":
        url = request.getfixturevalue("cluster").database(f"keep_{uuid.uuid4().hex[:8]}")
    env = serving.environment(folder, url)
    told = prepared(env, folder, SITTINGS)
    (folder / "media" / "uploads").mkdir(parents=True)
    (folder / "media" / "uploads" / "mot.xlsx").write_bytes(bytes(range(256)) * 9000)
    (folder / "media" / "uploads" / "hai.pdf").write_bytes(b"")
    assert nls(env, "backup", "--make-key", str(folder / "keep.key")).returncode == 0
    yield Home(folder, url, env | {"NLS_BACKUP_KEY_FILE": str(folder / "keep.key")}, told)
    shutil.rmtree(folder, ignore_errors=True)


def elsewhere(home: Home, request, folder: Path) -> Home:
    """An empty place of the same kind."""
    url = request.getfixturevalue("cluster").database(f"else_{uuid.uuid4().hex[:8]}") if home.url else ""
    env = serving.environment(folder, url, NLS_BACKUP_KEY_FILE=home.env["NLS_BACKUP_KEY_FILE"])
    return Home(folder, url, env, home.told)


def restore(copy: Path, place: Home) -> subprocess.CompletedProcess[str]:
    words = ["restore", str(copy), "--home", str(place.folder)]
    return nls(place.env, *words, *(["--database-url", place.url] if place.url else []))


def test_a_copy_taken_under_load_holds_what_was_acknowledged_before_and_nothing_torn(home, request, tmp_path):
    todo: queue.Queue[dict] = queue.Queue()
    for sitting in home.told["sittings"]:
        todo.put(sitting)
    ledger = Ledger()
    with serving.Served(home.env) as site:
        sitters = [Sitter(site.port, todo, home.told["choices"], ledger, 0.1) for _ in range(SITTERS)]
        for one in sitters:
            one.start()
        while ledger.acknowledged < 30:
            time.sleep(0.05)
        with ledger.lock:
            before = {(s, seq, key) for s, steps in ledger.kept.items() for seq, key in steps.items()}
        done = nls(home.env, "backup", "--to", str(tmp_path / "copies"))
        assert done.returncode == 0, done.stderr
        during = ledger.acknowledged - len(before)
        for one in sitters:
            one.ending.set()
        for one in sitters:
            one.join(20)
    assert "proven: restored" in done.stdout
    assert "encrypted" in done.stdout
    assert during > 0, "nothing was answered while the copy was taken"
    (copy,) = (tmp_path / "copies").glob("*.nlsbak")
    assert copy.stat().st_mode & 0o077 == 0
    assert [one for one in (tmp_path / "copies").iterdir() if one != copy] == []

    place = elsewhere(home, request, tmp_path / "home")
    brought = restore(copy, place)
    assert brought.returncode == 0, brought.stderr
    there, here = set(map(repr, place.rows(ANSWERS))), set(map(repr, home.rows(ANSWERS)))
    stored = {(str(uuid.UUID(str(s))), n, str(uuid.UUID(str(k)))) for s, n, k in place.answers()}
    assert before <= stored, "an answer acknowledged before the copy is not in it"
    assert there <= here, "a row of the copy is none of the original"
    assert len(here) > len(there)
    steps = place.steps()
    assert all(sum(s == sitting for s, _n, _k in stored) == n for sitting, n in steps.items()), "a torn transaction"
    for name in ("mot.xlsx", "hai.pdf"):
        assert (place.folder / "media/uploads" / name).read_bytes() == (
            home.folder / "media/uploads" / name
        ).read_bytes()
    assert place.rows("SELECT count(*) FROM django_session") == [(0,)]
    print(f"\n{len(before)} before, {during} during, {len(there)} in the copy: {done.stdout.splitlines()}")


def test_the_drill_restores_checks_and_opens_the_log_in_page(home):
    done = nls(home.env, "drill", "--to", str(home.folder))
    assert done.returncode == 0, done.stdout + done.stderr
    for step in ("backup", "restore", "rows", "check", "log-in", "whole"):
        assert f"\n{step}" in f"\n{done.stdout}"
    assert "may be lost if this disk dies now:" in done.stdout
    assert home.rows("SELECT name FROM core_pulse WHERE name = 'drill'") == [("drill",)]
    assert [one.name for one in home.folder.iterdir() if one.name.startswith("nls-drill")] == []
    print("\n" + done.stdout)


def spoiled(copy: Path, folder: Path) -> Path:
    """The copy with one byte changed in its middle."""
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "bad.nlsbak").write_bytes(data)
    return folder / "bad.nlsbak"


@pytest.fixture(scope="module")
def plain(home, tmp_path_factory) -> Path:
    """A copy that is not encrypted, not proven either."""
    folder = tmp_path_factory.mktemp("plain")
    done = nls(home.env | {"NLS_BACKUP_KEY_FILE": ""}, "backup", "--to", str(folder), "--no-prove")
    assert done.returncode == 0, done.stderr
    assert "not encrypted" in done.stdout
    return next(folder.glob("*.nlsbak"))


def test_a_damaged_copy_or_a_place_in_use_is_refused_in_one_sentence(home, plain, request, tmp_path):
    place = elsewhere(home, request, tmp_path / "home")
    done = restore(spoiled(plain, tmp_path), place)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "home" / "nanglucso.sqlite3").exists()
    done = restore(plain, home)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert home.rows("SELECT count(*) FROM assessments_sitting") == [(SITTINGS,)]


CHANGE = "UPDATE core_user SET full_name = full_name || 'x' WHERE id = (SELECT min(id) FROM core_user)"


def test_a_restored_row_that_differs_is_named(home, plain, request, tmp_path):
    """The comparison itself bites: one value of one row changed between unpacking and looking."""
    manifest = archives.unpack(plain, None, tmp_path)
    if home.url:
        host = str(request.getfixturevalue("cluster").folder)
        server = pgserver.Server(home.url.partition("?")[0].rpartition("/")[2], host=host, user="postgres")
        with pgserver.throw_away(server, "differs") as beside:
            pgserver.load(beside, tmp_path / DUMP)
            bringing_back.compare_postgres(beside, manifest)
            with beside.connect() as line:
                line.execute(CHANGE)
            with pytest.raises(Refused, match="core_user"):
                bringing_back.compare_postgres(beside, manifest)
        return
    bringing_back.compare_sqlite(tmp_path / DATABASE, manifest)
    with sqlite3.connect(tmp_path / DATABASE) as line:
        line.execute(CHANGE)
    with pytest.raises(Refused, match="core_user"):
        bringing_back.compare_sqlite(tmp_path / DATABASE, manifest)


@pytest.mark.postgres
def test_postgresql_goes_back_to_a_moment_and_loses_nothing_when_its_disk_is_gone(tmp_path):
    """A synchronous receiver of the log; the data folder is destroyed under writers; base copy + log bring all back."""
    if not postgres.available():
        needs.lacking("PostgreSQL")
    log = tmp_path / "received"
    log.mkdir()
    with postgres.Cluster() as cluster:
        env = serving.environment(tmp_path / "home", cluster.url)
        (tmp_path / "home").mkdir()
        serving.command(env, "manage", "migrate", "-v", "0")
        assert nls(env, "backup", "--base", str(tmp_path / "base")).returncode == 0
        dsn = _dsn(cluster.url)
        receiver = subprocess.Popen(
            [str(cluster.bin / "pg_receivewal"), "-D", str(log), "-h", str(cluster.folder), "-U", "postgres", "--synchronous"],
            env={**os.environ, "PGAPPNAME": "vault_a"},
        )  # fmt: skip
        try:
            acknowledged, moment = written_until_the_disk_is_gone(cluster, dsn)
        finally:
            receiver.terminate()
            receiver.wait()
        for name, until, wanted in (
            ("end", None, set(acknowledged)),
            ("point", moment, {n for n in acknowledged if n < 50}),
        ):
            found = brought_up(cluster, env, tmp_path, log, name, until)
            assert wanted <= found, f"{len(wanted - found)} acknowledged rows are lost"
            if until:
                assert found == wanted
        print(f"\n{len(acknowledged)} acknowledged with a synchronous receiver, 0 lost; {len(wanted)} as of the moment")


def written_until_the_disk_is_gone(cluster: postgres.Cluster, dsn: str) -> tuple[list[int], str]:
    acknowledged, moment = [], ""
    with psycopg.connect(dsn, autocommit=True) as line:
        line.execute("CREATE TABLE ledger (n int PRIMARY KEY)")
        line.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (vault_a)'")
        line.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + 20
        while line.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'").fetchone() != (1,):
            assert time.monotonic() < until, "the receiver is not taken as a synchronous one"
            time.sleep(0.1)
    ending = threading.Event()

    def write(line) -> None:
        try:
            for n in range(100_000):
                if n == 50:
                    time.sleep(0.3)
                    nonlocal moment
                    moment = line.execute("SELECT now()").fetchone()[0].isoformat()
                    time.sleep(0.3)
                line.execute("INSERT INTO ledger VALUES (%s)", [n])
                acknowledged.append(n)
        except psycopg.Error:
            ending.set()

    with psycopg.connect(dsn, autocommit=True) as line:
        writer = threading.Thread(target=write, args=(line,))
        writer.start()
        while len(acknowledged) < 300:
            time.sleep(0.01)
        cluster.run("pg_ctl", "-D", str(cluster.data), "-m", "immediate", "stop")
        writer.join(20)
        assert ending.is_set()
    shutil.rmtree(cluster.data)
    return acknowledged, moment


def brought_up(cluster, env, folder: Path, log: Path, name: str, until: str | None) -> set[int]:
    """Rows of the ledger in a server that was laid out by the command and started by PostgreSQL's user."""
    data = cluster.folder / name
    words = [
        "restore",
        str(folder / "base"),
        "--wal",
        str(log),
        "--data",
        str(data),
        *(["--until", until] if until else []),
    ]
    done = nls(env, *words)
    assert done.returncode == 0, done.stderr
    shutil.chown(data, "postgres")
    subprocess.run(["chown", "-R", "postgres", str(data)], check=True)
    kept, cluster.data = cluster.data, data
    try:
        cluster.start()
        with psycopg.connect(_dsn(cluster.url), autocommit=True) as line:
            until_open = time.monotonic() + 20
            while line.execute("SELECT pg_is_in_recovery()").fetchone()[0] and time.monotonic() < until_open:
                time.sleep(0.1)
            found = {n for (n,) in line.execute("SELECT n FROM ledger")}
    finally:
        if until is None:
            cluster.run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
            cluster.data = kept
    return found


def test_the_manifest_says_what_the_copy_is(plain, tmp_path):
    from nanglucso.core.keeping import archives

    manifest = archives.unpack(plain, None, tmp_path, keep_media=False)
    assert manifest.versions["Django"]
    assert manifest.migrations["core"] >= "0005"
    assert manifest.tables["assessments_sitting"][0] == SITTINGS
    assert manifest.files["media/uploads/mot.xlsx"][0] == 256 * 9000
    assert "secret.key" not in manifest.files
    assert json.dumps(manifest.audit)
    assert datetime.fromisoformat(manifest.taken_at).tzinfo
    assert not (tmp_path / "media").exists()
