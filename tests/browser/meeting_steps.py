"""Run as a script under a home's environment: a called meeting with a paper and a log-in for one member; writes JSON."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def main(out: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from nanglucso.core.acts import act
    from tests import make
    from tests.faults.prepare import log_in
    from tests.meetings import held

    with act(None, "test.hire", at=make.AT):
        row = held.called()
        seat = held.seat(row)
        session = log_in(seat.person)
    told = {"meeting": row.pk, "paper": row.papers.get().pk, "session": session}
    Path(out).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
