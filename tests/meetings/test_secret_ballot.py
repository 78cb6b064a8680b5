"""Somebody with every copy of the database, of every file and of every reply tries to learn who voted what.

The same searcher finds the answers of an open vote at once, so that finding nothing means something.
"""

import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.urls import reverse

from nanglucso.govern.meetings import urn
from nanglucso.govern.meetings.models import Box, Vote
from tests.meetings.voting import room

ANSWERS = (1, 2, 1, 1, 2, 3, 2, 1, 3, 2)


def _tables() -> dict[str, tuple[list[str], set[tuple]]]:
    """Every table of the database with all its rows, as its owner reads them; on PostgreSQL with xmin and ctid."""
    more = "" if connection.vendor == "sqlite" else "xmin::text, ctid::text, "
    if connection.vendor == "sqlite":
        more = "rowid, "
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT {more}t.* FROM "{name}" t')
            columns = [one[0] for one in cursor.description]
            found[name] = (columns, {tuple(map(_plain, row)) for row in cursor.fetchall()})
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else repr(value) if isinstance(value, (dict, list)) else value


def _changes(before: dict, after: dict) -> dict[tuple, set]:
    """(table, column, new or old, value or length) → what changed with one ballot."""
    found: dict[tuple, set] = defaultdict(set)
    for name, (columns, rows) in after.items():
        for side, changed in (("new", rows - before[name][1]), ("old", before[name][1] - rows)):
            found[name, "", side, "rows"].add(len(changed))
            for row in changed:
                for column, value in zip(columns, row, strict=True):
                    found[name, column, side, "value"].add(value)
                    found[name, column, side, "length"].add(len(value if isinstance(value, bytes) else str(value)))
    return found


def leaks(steps: list[dict[tuple, set]], answers: tuple[int, ...]) -> list[tuple]:
    """Columns that tell the answer: equal values stand for equal answers, and some value comes twice."""
    found = []
    for key in set().union(*steps):
        seen = [frozenset(step.get(key, ())) for step in steps]
        said = dict(zip(seen, answers, strict=True))
        if (
            len(set(seen)) < len(seen)
            and len(said) > 1
            and all(said[v] == a for v, a in zip(seen, answers, strict=True))
        ):
            found.append(key)
    return found


def _watched(here, vote, clients) -> tuple[list, list, list, list]:
    """Ballots sent over HTTP one after another; tables, replies, encrypted totals and key files after each."""
    steps, replies, boxes, keys = [], [], [], []
    before = _tables()
    for client, answer in zip(clients, ANSWERS, strict=True):
        reply = client.post(reverse("meetings:vote_cast", args=[vote.pk]), {"choice": f"{answer:02d}"})
        assert reply.status_code == 302
        page = client.get(reply.url)
        cookies = {name: len(one.value) for name, one in client.cookies.items()}
        replies.append((reply.url, len(reply.content), str(page.context["messages"]), cookies, page.status_code))
        after = _tables()
        steps.append(_changes(before, after))
        before = after
        boxes += [(one.turn, bytes(one.sealed)) for one in Box.objects.filter(vote=vote)]
        keys += [path.read_bytes() for path in Path(project.BALLOTS_ROOT).glob("*")]
    return steps, replies, boxes, keys


def _log_ins(here) -> list[Client]:
    made = []
    for place in here.places:
        client = Client()
        client.force_login(place.person.user, backend="django.contrib.auth.backends.ModelBackend")
        made.append(client)
    return made


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.BALLOTS_ROOT = tmp_path / "ballots"


@pytest.mark.django_db(transaction=True)
def test_no_table_reply_backup_or_key_file_links_voter_and_vote(tmp_path):
    here = room(len(ANSWERS))
    clients = _log_ins(here)
    for client in clients:  # pages opened once, so that log-ins leave nothing between the ballots
        client.get(reverse("meetings:votes", args=[here.meeting.pk]))
    open_ = here.open(title="Công khai")
    steps, *_ = _watched(here, open_, clients)
    assert any(key[0] == "meetings_choice" for key in leaks(steps, ANSWERS)), "the searcher sees nothing at all"
    here.close(open_)

    vote = here.open(title="Kín", secret=True)
    steps, replies, boxes, keys = _watched(here, vote, clients)
    assert leaks(steps, ANSWERS) == []
    assert len({str(one) for one in replies}) == 1
    assert len({len(sealed) for _, sealed in boxes}) == 1
    assert len({sealed for _, sealed in boxes}) == len(ANSWERS)
    _the_key_file_opens_the_present_and_not_the_past(vote, boxes, keys)
    here.close(vote)
    _nothing_is_left(vote, keys, tmp_path)
    assert list(Vote.objects.get(pk=vote.pk).options.values_list("count", flat=True)) == [4, 4, 2]


def _opens(key: bytes, vote: Vote, turn: int, sealed: bytes) -> bool:
    try:
        ChaCha20Poly1305(key).decrypt(sealed[: urn.NONCE], sealed[urn.NONCE :], f"vote {vote.pk} turn {turn}".encode())
    except InvalidTag:
        return False
    return True


def _the_key_file_opens_the_present_and_not_the_past(vote: Vote, boxes: list, keys: list) -> None:
    """A copy of the key file taken after ballot i, against the totals after every ballot: it opens its own alone, so
    with one such copy no log of the database gives a difference that one voter made."""
    for i, file in enumerate(keys):
        halves = (file[: urn.HALF], file[urn.HALF :])
        opened = [
            j for j, (turn, sealed) in enumerate(boxes) if any(_opens(half, vote, turn, sealed) for half in halves)
        ]
        assert opened == [i]


def _nothing_is_left(vote: Vote, keys: list, folder: Path) -> None:
    """After closing no file of the home and no page of the database holds any key there ever was."""
    assert not list(Path(project.BALLOTS_ROOT).glob("*"))
    assert not Box.objects.exists()
    ever = [half for file in keys for half in (file[: urn.HALF], file[urn.HALF :])]
    files = [path for path in Path(project.HOME).rglob("*") if path.is_file() and "static" not in path.parts]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        copy = sqlite3.connect(folder / "copy.sqlite3")
        connection.connection.backup(copy)
        copy.close()
        files += [folder / "copy.sqlite3", *(Path(name + end) for end in ("", "-wal") if Path(name + end).is_file())]
    for path in files:
        data = path.read_bytes()
        assert not any(half in data or half.hex().encode() in data for half in ever), path


@pytest.mark.django_db
def test_a_refused_secret_ballot_is_not_kept_and_requests_of_all_answers_are_as_long(as_user):
    here = room(5)
    vote = here.open(secret=True)
    assert len({one.value for one in vote.options.all()}) == 3
    assert {len(o.value) for o in vote.options.all()} == {2}
    client = as_user(here.places[1].person.user)
    reply = client.post(reverse("meetings:vote_cast", args=[vote.pk]), {"choice": "09"})
    assert reply.status_code == 422
    assert reply.headers["Cache-Control"] == "no-store"
    assert vote.participations.count() == 0
    assert "choice" not in str(dict(client.session.items()))
