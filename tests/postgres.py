"""A throw-away PostgreSQL cluster on a Unix socket."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType


def _programs() -> Path | None:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    on_path = shutil.which("initdb")
    return Path(found[-1]).parent if found else Path(on_path).parent if on_path else None


def available() -> bool:
    """Whether server programs are installed."""
    return _programs() is not None


class Cluster:
    """`with Cluster() as cluster: cluster.url` — initdb, start, and remove everything at the end.

    `durable=False` where nothing is killed: what was committed then need not outlive a failure of the machine.

    `data`: the folder of its files, where they are to lie on another disk; one that is filled already is taken as it is.

    PostgreSQL refuses to run as root, so under root its programs run as the `postgres` user.
    """

    def __init__(self, *, durable: bool = True, data: Path | None = None) -> None:
        self.durable = durable
        self.bin = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="nlspg"))
        self.data = data or self.folder / "data"
        self.url = f"postgres://postgres@/nls?host={self.folder}"

    def run(self, program: str, *args: str) -> None:
        """Run one of PostgreSQL's programs; raises CalledProcessError with its output."""
        prefix = []
        if os.geteuid() == 0:
            prefix = ["setpriv", f"--reuid={pwd.getpwnam('postgres').pw_uid}", "--regid=postgres", "--clear-groups"]
        command = [*prefix, str(self.bin / program), *args]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def database(self, name: str) -> str:
        """Make an empty database and return its address."""
        self.run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return f"postgres://postgres@/{name}?host={self.folder}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=60 -c unix_socket_permissions=0777"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def __enter__(self) -> "Cluster":
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        if (self.data / "PG_VERSION").exists():
            self.start()
            return self
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.database("nls")
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(subprocess.CalledProcessError):  # a test may have killed it, or taken its files away
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
