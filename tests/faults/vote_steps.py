"""Run as a script under a home's environment: a vote that is open, processes that cast at once, and its count.

vote_steps.py prepare OUT PEOPLE SECRET | work OUT SEED | close OUT
"""

import json
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def prepare(out: str, people: str, secret: str) -> None:
    """A meeting in session with everybody in the room, log-ins, and a vote that was just opened."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from nanglucso.core.acts import act
    from tests import make
    from tests.faults.prepare import log_in
    from tests.meetings.voting import room

    with act(None, "test.hire", at=make.AT):
        here = room(int(people))
        sessions = [log_in(one.person) for one in here.places]
    vote = here.open(secret=secret == "secret")
    told = {"vote": vote.pk, "places": [one.pk for one in here.places], "sessions": sessions}
    Path(out).write_text(json.dumps(told))


def _told(out: str) -> dict:
    return json.loads(Path(out).read_text())


def work(out: str, seed: str) -> None:
    """Cast the vote of every place, each one three times, in an order of one's own; prints how many were counted."""
    from nanglucso.govern.meetings.models import Attendee, Vote
    from nanglucso.govern.meetings.services.voting import Taken, cast
    from tests import make

    told, dice, counted = _told(out), random.Random(int(seed)), 0
    vote = Vote.objects.get(pk=told["vote"])
    places = list(Attendee.objects.filter(pk__in=told["places"]).select_related("person__user")) * 3
    dice.shuffle(places)
    print("ready", flush=True)
    sys.stdin.readline()
    for place in places:
        taken = cast(
            actor=place.person.user, vote=vote, place=place, numbers=[dice.randint(1, 3)], at=make.at(minutes=6)
        )
        counted += taken is Taken.COUNTED
    print(counted)


def close(out: str) -> None:
    """Close the vote; prints what was counted as JSON."""
    from nanglucso.govern.meetings.models import Attendee, Vote
    from nanglucso.govern.meetings.services import votes
    from tests import make

    told = _told(out)
    place = Attendee.objects.select_related("person__user").get(pk=told["places"][0])
    vote = Vote.objects.get(pk=told["vote"])
    vote = votes.close(actor=place.person.user, vote=vote, place=place, at=make.at(minutes=9))
    counts = list(vote.options.values_list("count", flat=True))
    print(json.dumps({"status": vote.status, "took_part": vote.took_part, "counts": counts}))


def main(step: str, *words: str) -> None:
    import django

    django.setup()
    {"prepare": prepare, "work": work, "close": close}[step](*words)


if __name__ == "__main__":
    main(*sys.argv[1:])
