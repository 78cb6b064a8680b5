"""The chain of timeouts, outer longer than inner, and the pools; `deploy write` and the settings read the same table.

Seconds. The browser gives up last, then the proxy; what is inside ends by itself before. A test walks the chain.
"""

from dataclasses import dataclass
from typing import Any

BROWSER = 8.0  # AbortSignal.timeout in ui/static/js/outbox.js


@dataclass(frozen=True)
class Chain:
    """`read`, `connect`: the proxy's; `pool`: wait for a connection; `statement`, `lock`, `idle`: PostgreSQL's."""

    read: float
    connect: float
    pool: float
    statement: float
    lock: float
    idle: float
    pool_min: int
    pool_max: int


SITTINGS = Chain(read=6, connect=1, pool=1, statement=3, lock=1, idle=5, pool_min=2, pool_max=4)
REST = Chain(read=60, connect=2, pool=5, statement=30, lock=5, idle=60, pool_min=1, pool_max=4)
# One group that serves everything: slow pages set the statement's limit, the tests' answers are short by themselves.
ALL = Chain(read=60, connect=2, pool=5, statement=30, lock=5, idle=60, pool_min=1, pool_max=8)
CHAINS = {"sittings": SITTINGS, "rest": REST, "all": ALL}


def postgres_options(serves: str, *, pool_max: int = 0) -> dict[str, Any]:
    """Django's OPTIONS for PostgreSQL. `serves`: a group of web processes; "" = commands, workers: no limits."""
    chain = CHAINS.get(serves)
    pool = chain or ALL
    most = pool_max or pool.pool_max
    sizes = {"min_size": min(pool.pool_min, most), "max_size": most, "timeout": pool.pool}
    options: dict[str, Any] = {"pool": sizes, "connect_timeout": 2}
    if chain:
        told = {
            "statement_timeout": chain.statement, "lock_timeout": chain.lock,
            "idle_in_transaction_session_timeout": chain.idle,
        }  # fmt: skip
        options["options"] = " ".join(f"-c {name}={1000 * seconds:.0f}" for name, seconds in told.items())
    return options
