"""Point-in-time restore of PostgreSQL: a base copy of the whole server and the log received since, up to a moment."""

import shutil
from datetime import datetime
from pathlib import Path

from nanglucso.core.keeping import pgserver
from nanglucso.core.refusals import Refused


def take_base(server: pgserver.Server, folder: Path) -> None:
    """A base copy of the whole server into a new folder, checked against its own manifest. Raises Refused."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty: a base copy needs a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pgserver.call(server, "pg_basebackup", "-D", str(folder), "-Fp", "-X", "stream", "--checkpoint=fast")
    pgserver.call(server, "pg_verifybackup", "-q", str(folder))


def _whole_log(source: Path, target: Path) -> None:
    """The received files; the last one is still marked as partial, and holds the newest commits."""
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()):
        if path.suffix == ".partial":
            name = path.with_suffix("").name
            if not (source / name).exists():
                shutil.copy2(path, target / name)
        elif path.is_file():
            shutil.copy2(path, target / path.name)


def prepare(base: Path, log: Path, data: Path, *, until: datetime | None) -> None:
    """Lay out a data folder that PostgreSQL, once started, takes from `base` along `log` up to `until` (or the end).

    The server opens for writing when it is there. Raises Refused when a part is missing or `data` is not empty.
    """
    if not (base / "PG_VERSION").exists():
        raise Refused(f"{base} is no base copy (nanglucso backup --base).")
    if not log.is_dir() or not any(log.iterdir()):
        raise Refused(f"{log} holds no received log: without it only the moment of the base copy could be restored.")
    if data.exists() and any(data.iterdir()):
        raise Refused(f"{data} is not empty: nothing there is overwritten.")
    shutil.copytree(base, data, dirs_exist_ok=True)
    data.chmod(0o700)
    _whole_log(log, data / "received_log")
    lines = ["restore_command = 'cp received_log/%f %p'", "recovery_target_action = 'promote'"]
    if until:
        lines += [f"recovery_target_time = '{until.isoformat()}'", "recovery_target_inclusive = on"]
    # The new server must not wait for the receivers of the old one.
    lines += ["synchronous_standby_names = ''", "archive_mode = off", "primary_conninfo = ''"]
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "# point-in-time restore", *lines, ""]))
    (data / "recovery.signal").touch(mode=0o600)
    (data / "standby.signal").unlink(missing_ok=True)
