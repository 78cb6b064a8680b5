"""Votes: quorum, majority, who may cast, once each, and what is kept of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import services as meeting_services
from nanglucso.govern.meetings import urn
from nanglucso.govern.meetings.models import Attendee, Choice, Participation, Vote
from nanglucso.govern.meetings.queries import votes as queries
from nanglucso.govern.meetings.services import votes as services
from nanglucso.govern.meetings.services.voting import Taken
from nanglucso.govern.meetings.voterules import elected, rules
from tests import make
from tests.meetings.voting import room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.BALLOTS_ROOT = tmp_path / "ballots"


@given(st.integers(0, 2000), st.sampled_from(sorted(rules().majorities)))
def test_a_majority_is_the_least_number_that_satisfies_the_share(base, key):
    told = rules().majorities[key]
    needed = told.needed(base)
    enough = (lambda n: n > told.share * base) if told.strict else (lambda n: n >= told.share * base)
    assert enough(needed) or base == 0
    assert needed == 1 or not enough(needed - 1)


def test_the_shipped_shares_are_half_and_two_thirds_with_their_sources():
    told = rules()
    assert told.majorities["half_of_members"].needed(10) == 6
    assert told.majorities["two_thirds_of_present"].needed(7) == 5
    assert told.quorums["two_thirds"].share == Fraction(2, 3)
    assert "171/2025/NĐ-CP" in told.quorums["two_thirds"].legal["vi"]
    assert all(one.legal["vi"] and one.legal["en"] for one in [*told.quorums.values(), *told.majorities.values()])


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8), st.integers(1, 9), st.data())
def test_nobody_is_elected_over_somebody_with_as_many_votes(counts, needed, data):
    places = data.draw(st.integers(1, len(counts)))
    won, tie = elected(counts, needed=needed, places=places)
    lost = [i for i in range(len(counts)) if i not in won]
    assert len(won) <= places
    assert all(counts[i] >= needed for i in won)
    assert all(counts[i] < min((counts[w] for w in won), default=99) for i in lost if counts[i] >= needed)
    assert tie == (len(won) < places and any(counts[i] >= needed for i in lost))


def test_without_a_quorum_a_vote_is_not_opened():
    here = room(6, present=3)
    with pytest.raises(Refused, match="3"):
        here.open()
    Attendee.objects.filter(pk=here.places[3].pk).update(checked_in_at=make.AT)
    assert services.queries.seats(here.meeting).present == {one.pk for one in here.places[:4]}
    here.open(title="Lần hai")


def test_an_open_vote_is_recorded_with_names_and_can_be_changed_until_it_closes():
    here = room(5)
    vote = here.open()
    assert here.cast(vote, here.places[0], 1) is Taken.COUNTED
    assert here.cast(vote, here.places[1], 2) is Taken.COUNTED
    assert here.cast(vote, here.places[1], 2) is Taken.BEFORE
    assert here.cast(vote, here.places[1], 1) is Taken.CHANGED
    assert here.cast(vote, here.places[2], 3) is Taken.COUNTED
    here.close(vote)
    (result,) = queries.results_of(here.meeting)
    assert [one.count for one in result.lines] == [2, 0, 1]
    assert set(result.lines[0].names) == {str(here.places[0].person), str(here.places[1].person)}
    assert (result.vote.members, result.vote.present, result.vote.took_part, result.vote.needed) == (5, 5, 3, 3)
    assert result.vote.outcome == Vote.Outcome.FAILED
    assert result.absent == 2
    told = result.told()
    assert told["lines"][2]["names"] == [str(here.places[2].person)]
    assert told["quorum"]["legal"]["vi"]
    with pytest.raises(Refused):
        here.cast(vote, here.places[3], 1)


def test_a_secret_vote_keeps_totals_who_took_part_and_one_line_each_in_the_log():
    here = room(5)
    vote = here.open(secret=True)
    for place, number in zip(here.places, (1, 1, 2, 1), strict=False):
        assert here.cast(vote, place, number) is Taken.COUNTED
    assert here.cast(vote, here.places[0], 2) is Taken.BEFORE  # the first ballot counts
    here.close(vote)
    (result,) = queries.results_of(here.meeting)
    assert [one.count for one in result.lines] == [3, 1, 0]
    assert result.vote.outcome == Vote.Outcome.PASSED
    assert all(one.names == () for one in result.lines)
    assert len(result.voters) == 4
    assert not Choice.objects.exists()
    rows = AuditEntry.objects.filter(verb="meetings.take_part")
    assert {row.person_id for row in rows} == {one.person_id for one in here.places[:4]}
    assert len(rows) == 4
    assert all(row.details == {} for row in rows)


def test_a_delegate_votes_in_place_of_the_member_and_never_both():
    here = room(4, present=3)
    away = here.places[3]
    person = make.person(unit=here.meeting.unit, login=True)
    Attendee.objects.filter(pk=away.pk).update(answer=Attendee.Answer.SENDS)
    stand_in = Attendee.objects.create(
        meeting=here.meeting, person=person, delegate_for=away, checked_in_at=make.AT, answer="yes"
    )
    assert queries.seats(here.meeting).members == {one.pk for one in here.places}
    for secret in (False, True):
        vote = here.open(secret=secret, title=f"Việc {secret}")
        with pytest.raises(Refused):
            here.cast(vote, away, 1)
        assert here.cast(vote, stand_in, 1) is Taken.COUNTED
        Attendee.objects.filter(pk=away.pk).update(answer="yes", checked_in_at=make.AT)  # comes after all
        with pytest.raises(Refused, match=str(person)):
            here.cast(vote, away, 2)
        Attendee.objects.filter(pk=away.pk).update(answer=Attendee.Answer.SENDS, checked_in_at=None)
        assert Participation.objects.get(vote=vote).seat_id == away.pk
        services.make_void(vote=vote, reason="thử", **here.lead)


def test_who_is_not_in_the_room_or_has_no_vote_is_refused():
    here = room(5, present=4)
    vote = here.open()
    Attendee.objects.filter(pk=here.places[1].pk).update(may_vote=False)
    for place in (here.places[1], here.places[4]):
        with pytest.raises(Refused):
            here.cast(vote, place, 1)
    with pytest.raises(Refused):
        services.close(vote=vote, actor=here.places[2].person.user, place=here.places[2], at=make.AT)


def test_candidates_are_chosen_up_to_the_maximum_and_blank_ballots_count_apart():
    here = room(5)
    vote = here.open(candidates=("An", "Bình", "Chi"), most=2, secret=True, majority="half_of_present")
    with pytest.raises(Refused, match="3"):
        here.cast(vote, here.places[0], 1, 2, 3)
    for place, numbers in zip(here.places, ((1, 2), (1,), (1, 2), (2, 3), ()), strict=True):
        here.cast(vote, place, *numbers)
    here.close(vote)
    (result,) = queries.results_of(here.meeting)
    assert [(one.text, one.count, one.elected) for one in result.lines] == [
        ("An", 3, True), ("Bình", 3, True), ("Chi", 1, False)
    ]  # fmt: skip
    assert (result.vote.took_part, result.vote.blank, result.valid) == (5, 1, 4)


def test_too_few_secret_ballots_are_never_counted():
    with pytest.raises(Refused):
        room(2).open(secret=True)
    here = room(5)
    vote = here.open(secret=True)
    here.cast(vote, here.places[0], 1)
    here.cast(vote, here.places[1], 1)
    here.close(vote)
    vote.refresh_from_db()
    assert vote.status == Vote.Status.VOID
    assert set(vote.options.values_list("count", flat=True)) == {None}


def test_a_lost_key_refuses_ballots_and_the_vote_can_only_be_made_void():
    here = room(5)
    vote = here.open(secret=True)
    for place in here.places[:3]:
        here.cast(vote, place, 1)
    urn.destroy(vote.pk)
    with pytest.raises(Refused):
        here.cast(vote, here.places[3], 1)
    assert queries.took_part(vote) == 3
    with pytest.raises(Refused):
        here.close(vote)
    services.make_void(vote=vote, reason="mất khóa", **here.lead)


def test_an_urn_with_other_ballots_than_people_is_not_counted():
    here = room(5)
    vote = here.open(secret=True)
    for place in here.places:
        here.cast(vote, place, 1)
    Participation.objects.filter(vote=vote, seat=here.places[0]).delete()
    with pytest.raises(Refused, match="5"):
        here.close(vote)


def test_a_meeting_does_not_end_while_a_vote_is_open():
    here = room(5)
    vote = here.open()
    told = {"actor": here.chair.person.user, "meeting": here.meeting, "sheets_printed": 0, "at": make.at(minutes=9)}
    with pytest.raises(Refused):
        meeting_services.close(**told)
    here.close(vote)
    meeting_services.close(**told)
