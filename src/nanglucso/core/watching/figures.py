"""What is counted while requests are served; `serve` names the folder through which processes add up.

No label carries a person, a unit or an address: only names of routes, groups and kinds.
"""

from typing import Any

from prometheus_client import Counter, Histogram

REQUESTS = Counter("nls_requests", "Requests answered", ["route", "status"])
SECONDS = Histogram(
    "nls_request_seconds", "Time from the first middleware to the reply", ["group"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1, 2, 5, 10),
)  # fmt: skip
ANSWERS = Counter("nls_answers", "Answers of tests by what became of them", ["kind"])
SLOW = Counter("nls_slow_statements", "SQL statements over the limit of NLS_SLOW_SQL_MS")
FAILURES = Counter("nls_failures", "Replies with an incident number", ["kind"])
SHED = Counter("nls_shed", "Requests answered 503 because there were too many", ["kind"])
LOG_INS = Counter("nls_log_ins", "Log-ins by result", ["result"])

# Addresses that people use while they sit a test: a group of processes of their own (`nanglucso serve --only`).
SITTING_ROUTES = frozenset(
    f"assessments:{name}"
    for name in (
        "sit", "begin", "wait", "again", "answer", "state", "finished", "control", "upload",
        "lab_sitting", "lab_sitting_begin", "lab_sitting_finished", "lab_sitting_control",
    )
)  # fmt: skip


def group_of(route: str) -> str:
    """`sittings` or `rest`."""
    return "sittings" if route in SITTING_ROUTES else "rest"


def count_answer(kind: str) -> None:
    """One answer came in: saved, replay, out_of_step, closed, paused, taken_over."""
    ANSWERS.labels(kind).inc()


def count_request(route: str, status: int, seconds: float) -> None:
    """One reply went out."""
    REQUESTS.labels(route, status).inc()
    SECONDS.labels(group_of(route)).observe(seconds)


def listen() -> None:
    """Count log-ins from now on."""
    from django.contrib.auth.signals import user_logged_in, user_login_failed

    def done(**_told: Any) -> None:
        LOG_INS.labels("done").inc()

    def failed(**_told: Any) -> None:
        LOG_INS.labels("failed").inc()

    user_logged_in.connect(done, weak=False, dispatch_uid="nls-log-in-done")
    user_login_failed.connect(failed, weak=False, dispatch_uid="nls-log-in-failed")
