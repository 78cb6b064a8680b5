"""The steps of the restore drill; each returns one line for the screen and raises Refused with the reason."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from nanglucso.core.keeping import digests, pgserver
from nanglucso.core.keeping.losses import ALL, ARCHIVE, BEHIND, COPY, Loss
from nanglucso.core.refusals import Refused

LOG_IN = "/tai-khoan/login/"
UP_SECONDS = 120


def copied(folder: Path, key: bytes | None, made: dict[str, Any]) -> str:
    """Take a copy into `folder`; `made` gets its path and manifest."""
    from nanglucso.core.clock import now
    from nanglucso.core.keeping.taking import take

    taken = take(folder=folder / "copy", key=key, at=now())
    made.update(path=taken.path, manifest=taken.manifest)
    sealed = "encrypted" if key else "not encrypted"
    return f"{taken.manifest.rows} rows, {len(taken.manifest.files)} files, {taken.size / 2**20:.1f} MB, {sealed}"


def _command(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "nanglucso", *words], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"nanglucso {words[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")
    return done.stdout


def restored(path: Path, home: Path, env: dict[str, str]) -> str:
    """By the command that would be used in the emergency, in a process of its own."""
    words = ["restore", str(path), "--home", str(home)]
    url = env.get("NLS_DATABASE_URL", "")
    return _command(env, *words, *(["--database-url", url] if url else [])).splitlines()[0]


def same_rows(path: Path, manifest: Any, home: Path, server: pgserver.Server | None) -> str:
    """The restored database once more, from outside: only what the restore itself writes may differ."""
    if server:
        with server.connect() as line:
            found = digests.of_postgres(line)
    else:
        import sqlite3

        with closing(sqlite3.connect(home / "nanglucso.sqlite3")) as line:
            found = digests.of_sqlite(line)
    written = {"core_auditentry", "core_audithead", "django_session"}
    faults = [one for one in digests.differences(manifest.tables, found) if one.split(":")[0] not in written]
    if faults:
        raise Refused("; ".join(faults))
    entries = found["core_auditentry"][0] - manifest.tables["core_auditentry"][0]
    if entries != 1 or found["django_session"][0]:
        raise Refused(
            f"{entries} new entries in the log (1 expected), {found['django_session'][0]} sessions (0 expected)"
        )
    same = len(manifest.tables) - len(written)
    return f"{same} tables the same row by row; one entry added to the log, no session left"


def check_deep(env: dict[str, str]) -> str:
    """The whole of `nanglucso check --deep` on what was restored."""
    return _command(env, "check", "--deep").splitlines()[0]


def served(env: dict[str, str]) -> str:
    """Start the restored home on a free port and fetch the log-in page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "nanglucso", "serve", "--no-worker", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, env=env, start_new_session=True, stdout=quiet, stderr=quiet) as site:  # noqa: S603
        try:
            size = _fetched(port, site)
        finally:
            site.send_signal(signal.SIGTERM)
            try:
                site.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(site.pid, signal.SIGKILL)
    return f"page of {size} bytes"


def _fetched(port: int, site: "subprocess.Popen[bytes]") -> int:
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until and site.poll() is None:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", LOG_IN)
            reply = line.getresponse()
            if reply.status == 200:
                return len(reply.read())
            raise Refused(f"the log-in page of the restored home answers {reply.status}")
        except OSError:
            time.sleep(0.1)
    raise Refused("the restored home does not serve its log-in page")


def said_loss(loss: Loss) -> str:
    """In numbers."""
    minutes = loss.age.total_seconds() / 60
    if loss.way == BEHIND:
        return f"{loss.size} bytes of log, {loss.age.total_seconds():.1f} s (no receiver is waited for)"
    if loss.way == ARCHIVE:
        return f"{minutes:.0f} min (the log is kept file by file)"
    if loss.way == COPY:
        return f"{minutes:.0f} min since the last proven copy, with {loss.answers} answers of tests"
    if loss.way == ALL:
        return f"everything, with {loss.answers} answers of tests: no proven copy is kept"
    return "nothing acknowledged (a receiver has every commit)"
