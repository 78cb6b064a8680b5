"""A vote of 500 delegates over HTTP against the real server: how fast, how late the last reply, none lost or doubled.

    python benchmarks/meeting_votes.py [--people 500] [--at-once 40] [--open] [--postgres]

Makes a home of its own with a meeting in session and everybody in the room, starts `nanglucso serve`, and lets every
delegate open the page of the vote and send the ballot, `--at-once` of them at any moment; every tenth one sends it
twice, as after a lost reply. Then the vote is closed and the totals are compared with what was sent.
"""

import argparse
import http.client
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests import postgres, serving  # noqa: E402

STEPS = str(ROOT / "tests" / "faults" / "vote_steps.py")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def _ask(line: http.client.HTTPConnection, method: str, path: str, cookies: dict[str, str], body: str = "") -> str:
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded", "Host": f"127.0.0.1:{line.port}"}
    line.request(method, path, body or None, headers)
    reply = line.getresponse()
    for cookie in reply.headers.get_all("Set-Cookie") or []:
        name, _, value = cookie.partition(";")[0].partition("=")
        cookies[name] = value
    text = reply.read().decode()
    if reply.status not in (200, 302):
        raise SystemExit(f"{method} {path}: {reply.status}\n{text[:500]}")
    return text


def vote(port: int, pk: int, session: str, answer: int, times: int) -> list[float]:
    """One delegate: the page, then the ballot; returns the seconds that each sending took."""
    line, cookies, path = (
        http.client.HTTPConnection("127.0.0.1", port, timeout=60),
        {"nls": session},
        f"/hop/bieu-quyet/{pk}/",
    )
    token = TOKEN.search(_ask(line, "GET", path, cookies))
    if token is None:
        raise SystemExit("the page has no ballot")
    body, took = urlencode({"csrfmiddlewaretoken": token[1], "choice": f"{answer:02d}"}), []
    for _ in range(times):
        began = time.perf_counter()
        _ask(line, "POST", f"{path}bo-phieu/", cookies, body)
        took.append(time.perf_counter() - began)
    line.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=40)
    parser.add_argument("--open", action="store_true", help="an open vote instead of a secret one")
    parser.add_argument("--postgres", action="store_true", help="on a throw-away PostgreSQL instead of SQLite")
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres.Cluster() if o.postgres else nullcontext() as cluster:
        env = serving.environment(Path(folder), cluster.url if cluster else "")
        out, kind = f"{folder}/told.json", "open" if o.open else "secret"
        serving.command(env, STEPS, "prepare", out, str(o.people), kind, timeout=600)
        told, dice = json.loads(Path(out).read_text()), random.Random(1)
        answers = [dice.choice((1, 1, 1, 2, 3)) for _ in range(o.people)]
        with serving.Served(env) as site, ThreadPoolExecutor(o.at_once) as pool:
            began = time.perf_counter()
            jobs = [
                pool.submit(vote, site.port, told["vote"], session, answer, 2 if i % 10 == 0 else 1)
                for i, (session, answer) in enumerate(zip(told["sessions"], answers, strict=True))
            ]
            took = sorted(one for job in jobs for one in job.result())
            spent = time.perf_counter() - began
        counted = json.loads(serving.command(env, STEPS, "close", out))
    sent = [Counter(answers)[n] for n in (1, 2, 3)]
    right = counted["counts"] == sent and counted["took_part"] == o.people
    where, late = (
        "PostgreSQL" if o.postgres else "SQLite",
        [1000 * took[int(q * (len(took) - 1))] for q in (0.5, 0.99, 1)],
    )
    print(f"meeting_votes: {kind}, {o.people} delegates, {o.at_once} at once, {where}, cores {os.cpu_count()}")
    rate = f"{o.people / spent:.0f} votes/s, a minute is {60 / spent:.1f} times that long"
    print(f"all voted in {spent:.1f} s (page and ballot): {rate}")
    print("reply to a ballot: median {:.0f} ms, p99 {:.0f} ms, worst {:.0f} ms".format(*late))
    verdict = "none lost or doubled" if right else "WRONG"
    print(f"sent {sent}, counted {counted['counts']}, sent twice {len(took) - o.people}: {verdict}")
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
