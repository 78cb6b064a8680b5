"""When copies are taken and how long they are kept: `content/operate/backups.yaml` or the city's own file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from nanglucso.core.content import read_yaml, root

SPANS = {"hourly": "%Y-%m-%d %H %z", "daily": "%Y-%m-%d", "weekly": "%G-%V", "monthly": "%Y-%m"}


@dataclass(frozen=True)
class BackupRules:
    """Minutes by database vendor, hours, days; `keep`: how many hours, days, weeks and months keep their newest."""

    nightly_at: time
    while_testing: dict[str, timedelta]
    too_old: timedelta
    drill: timedelta
    keep: dict[str, int]


@lru_cache
def backup_rules() -> BackupRules:
    """The rules in force; read once a process. Raises OSError, KeyError or ValueError when the file is not right."""
    own = settings.BACKUP_RULES
    told: Any = read_yaml(Path(own) if own else root() / "operate" / "backups.yaml")
    return BackupRules(
        nightly_at=time.fromisoformat(told["nightly_at"]),
        while_testing={vendor: timedelta(minutes=n) for vendor, n in told["while_testing_minutes"].items()},
        too_old=timedelta(hours=told["too_old_hours"]),
        drill=timedelta(days=told["drill_days"]),
        keep={span: int(told["keep"][span]) for span in SPANS},
    )


def kept(moments: Iterable[datetime], keep: dict[str, int]) -> set[datetime]:
    """Those of `moments` that stay: the newest of each of the last `keep[span]` hours, days, weeks and months with any.

    The newest of all always stays.
    """
    newest = sorted(moments, reverse=True)
    stay = set(newest[:1])
    for span, form in SPANS.items():
        seen: dict[str, datetime] = {}
        for moment in newest:
            seen.setdefault(timezone.localtime(moment).strftime(form), moment)
        stay.update(list(seen.values())[: keep[span]])
    return stay


def is_due(last: datetime | None, *, at: datetime, testing: bool, vendor: str, rules: BackupRules) -> bool:
    """Whether a copy should be taken now, the last one having begun at `last`."""
    if last is None:
        return True
    here = timezone.localtime(at)
    night = here.replace(hour=rules.nightly_at.hour, minute=rules.nightly_at.minute, second=0, microsecond=0)
    if night > here:
        night -= timedelta(days=1)
    if last < night:
        return True
    return testing and at - last >= rules.while_testing[vendor]
