"""What should have happened lately: a worker's sign of life, a copy, a drill."""

from django.conf import settings
from django.db import connection

from nanglucso.core.clock import now
from nanglucso.core.keeping.losses import last_proven
from nanglucso.core.keeping.receivers import receivers
from nanglucso.core.keeping.rules import backup_rules
from nanglucso.core.watching.pulses import SILENT, last


def worker() -> list[str]:
    """Without one no import, plan, report or copy is ever done."""
    found = last("worker")
    if found and now() - found.at < SILENT:
        return []
    since = f"since {found.at:%Y-%m-%d %H:%M} UTC" if found else "yet"
    return [f"No worker was heard of {since}: start `nanglucso worker` (or serve without --no-worker)."]


def copies() -> list[str]:
    """No proven copy, an old one, an open one."""
    faults, rules = [], backup_rules()
    proven = last_proven()
    if proven is None:
        faults.append("No copy has ever been taken and proven: run `nanglucso backup`.")
    elif now() - proven.began_at > rules.too_old:
        hours = (now() - proven.began_at).total_seconds() / 3600
        faults.append(
            f"The last proven copy is {hours:.0f} hours old: look at Background work, run `nanglucso backup`."
        )
    if not settings.BACKUP_KEY_FILE:
        faults.append("Copies are not encrypted: `nanglucso backup --make-key FILE`, then set NLS_BACKUP_KEY_FILE.")
    drill = last("drill")
    if drill is None or now() - drill.at > rules.drill:
        faults.append(f"No restore was practised in {rules.drill.days} days: run `nanglucso drill`.")
    return faults


def receivers_there() -> list[str]:
    """Receivers of the log that commits wait for and that are gone, and slots that keep no whole log any more."""
    found = receivers()
    if found is None:
        return []
    faults = []
    if found.stopped:
        faults.append(
            f"No receiver is there ({', '.join(found.missing)}): every commit waits for one. Start them, or go on"
            " without: ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();"
        )
    elif found.missing:
        faults.append(f"The receiver {', '.join(found.missing)} is gone: start its unit before another one goes too.")
    elif not found.wanted:
        faults.append(
            "Commits wait for no receiver of the log: what came after the last copy is lost with this disk."
            " Name receivers in the site's file (nanglucso deploy write)."
        )
    if found.lost:
        faults.append(
            f"The log for {', '.join(found.lost)} is no longer kept whole: take a base copy there anew"
            " (nanglucso backup --base), then drop the slot and start the receiver."
        )
    return faults


def processes() -> list[str]:
    """SQLite under another server's sitting load than it is made for."""
    if connection.vendor == "sqlite" and not settings.DEMO and _accounts() > MANY:
        return [f"SQLite serves {_accounts()} accounts; from {MANY} on use PostgreSQL (NLS_DATABASE_URL)."]
    return []


MANY = 20_000


def _accounts() -> int:
    from nanglucso.core.models import User

    return User.objects.filter(is_active=True).count()
