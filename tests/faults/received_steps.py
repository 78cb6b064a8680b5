"""Run as a script under a home's environment: writes in the write turn and says what came of it.

received_steps.py            commits once; reads a line; commits again, which somebody interrupts; prints each outcome
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def commit(name: str) -> str:
    from django.db import OperationalError, connection

    from nanglucso.core.db import write_turn

    try:
        with write_turn(), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS kept (name text)")
            cursor.execute("INSERT INTO kept VALUES (%s)", [name])
        return "acknowledged"
    except OperationalError as error:
        return type(error).__name__


def main() -> None:
    import django

    django.setup()
    for name in ("first", "second", "third"):
        print(commit(name), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
