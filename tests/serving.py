"""A real `nanglucso serve` over its own home and database, for tests that kill processes or open a browser."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
SECRET = "only-for-tests-" + "y" * 50
LIVE = "/he-thong/health/live"


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """What a process of this home runs under; settings of the test suite are left out."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NLS_", "DJANGO_"))}
    wanted = {"NLS_HOME": str(home), "NLS_SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    wanted["NLS_BACKUPS"] = "0"  # a copy is taken only where a test asks for one
    if database_url:
        wanted["NLS_DATABASE_URL"] = database_url
    return kept | wanted | more


def command(env: dict[str, str], *words: str, timeout: float = 300) -> str:
    """Run `nanglucso …` or, when the first word ends in .py, a script; returns what it printed."""
    start = [words[0]] if words[0].endswith(".py") else ["-m", "nanglucso", words[0]]
    done = subprocess.run(
        [sys.executable, *start, *words[1:]], env=env, cwd=ROOT, timeout=timeout, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Every process below `pid`."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(one) for one in task.read_text().split()]
        except OSError:
            continue
        for one in direct:
            found += [one, *children(one)]
    return found


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    stat = _proc(pid, "stat")
    return bool(stat) and stat.rpartition(")")[2].split()[0] != "Z"


class Served:
    """`with Served(env) as site: site.url` — started as a session of its own, ended whole."""

    def __init__(
        self, env: dict[str, str], *, port: int = 0, log: Path | None = None, words: tuple[str, ...] = ()
    ) -> None:
        self.words = words
        self.env, self.port = env, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log or Path(env["NLS_HOME"]) / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, wait: float = 180) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nanglucso", "serve", "--port", str(self.port), *self.words],
                env=self.env, cwd=ROOT, start_new_session=True, stdout=out, stderr=out,
            )  # fmt: skip
        self.wait_until_up(wait)

    def is_up(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            line.request("GET", LIVE)
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_until_up(self, wait: float) -> float:
        """Seconds until the site answers. Raises AssertionError with the end of the log."""
        began = time.monotonic()
        while time.monotonic() - began < wait:
            if self.is_up():
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"not up within {wait} s:\n{self.log.read_text(errors='replace')[-3000:]}")

    def named(self, word: str) -> list[int]:
        """Processes below the supervisor whose command line holds `word`, parents first."""
        return [pid for pid in children(self.process.pid) if word in _proc(pid, "cmdline")]

    def web(self) -> list[int]:
        """granian's main process, then its workers."""
        main = self.named("granian")
        return main + [pid for one in main for pid in children(one) if pid not in main]

    def background(self) -> int:
        """The background worker. Waits for it to be there."""
        for _ in range(100):
            found = self.named("nanglucso worker")
            if found:
                return found[0]
            time.sleep(0.1)
        raise AssertionError("no background worker")

    def kill_everything(self) -> None:
        """SIGKILL to every process at once, as when the power of a container is cut."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill_everything()

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
