"""A meeting in session with people in the room, for tests of votes."""

from dataclasses import dataclass
from datetime import timedelta

from nanglucso.govern.meetings.models import Attendee, Meeting, Vote
from nanglucso.govern.meetings.services import votes as services
from nanglucso.govern.meetings.services.voting import Taken, cast
from tests import make

Role = Attendee.Role


@dataclass
class Room:
    """`places[0]` is the chair; all of them have a vote."""

    meeting: Meeting
    places: list[Attendee]

    @property
    def chair(self) -> Attendee:
        return self.places[0]

    @property
    def lead(self) -> dict:
        return {"actor": self.chair.person.user, "place": self.chair, "at": make.at(minutes=5)}

    def open(self, **told: object) -> Vote:
        wanted = {
            "title": "Thông qua kế hoạch",
            "secret": False,
            "quorum": "more_than_half",
            "majority": "half_of_members",
        }
        vote = services.prepare(meeting=self.meeting, asked=services.Asked(**(wanted | told)), **self.lead)
        services.open_(vote=vote, **self.lead)
        vote.refresh_from_db()
        return vote

    def cast(self, vote: Vote, place: Attendee, *numbers: int) -> Taken:
        return cast(actor=place.person.user, vote=vote, place=place, numbers=numbers, at=make.at(minutes=6))

    def close(self, vote: Vote) -> Vote:
        return services.close(vote=vote, **self.lead)


def room(people: int = 5, present: int | None = None) -> Room:
    """A running meeting; the first `present` have checked in, everybody when not told."""
    unit = make.unit()
    persons = [make.person(unit=unit, login=True) for _ in range(people)]
    meeting = Meeting.objects.create(
        title="Họp thử", unit=unit, place="Phòng A", starts_at=make.AT, ends_at=make.AT + timedelta(hours=2),
        status=Meeting.Status.RUNNING, created_at=make.AT, called_at=make.AT, opened_at=make.AT,
    )  # fmt: skip
    places = [
        Attendee.objects.create(
            meeting=meeting, person=person, role=Role.DELEGATE if i else Role.CHAIR,
            checked_in_at=make.AT if present is None or i < present else None,
        )
        for i, person in enumerate(persons)
    ]  # fmt: skip
    return Room(meeting, places)
