"""Every URL × every role × own unit, other unit, stranger, nobody: one table, and a new URL without a row fails."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nanglucso.core.models import User
from nanglucso.core.permissions import PERMISSIONS
from nanglucso.project import urls
from tests.access.table import PUBLIC, TABLE, Row
from tests.access.world import ROLES, SESSIONS, World, fresh_session

pytestmark = pytest.mark.django_db
FOREIGN = ("allauth",)
FINE = {200, 302, 400, 401, 409, 410, 422}


@pytest.fixture(autouse=True)
def _refusals_without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals are asked for by their status; the page that says so is looked at in `tests/ui`."""
    for status in (403, 404):
        monkeypatch.setattr(
            urls, f"handler{status}", lambda *_, status=status, **__: HttpResponse(status=status), raising=False
        )


def named(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, object]]:
    """(name with its space, view) of every address; one without a name under its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield (f"{space}:{entry.name}" if space else str(entry.name)), entry.callback
        else:
            yield from named(entry, entry.namespace or space)


OWN = {name: view for name, view in named(get_resolver()) if not view.__module__.startswith(FOREIGN)}
BY_NAME = {row.name: row for row in TABLE}
BARE = ("ui:None",)


def login(user: User, role: str = "") -> Client:
    """A new client in the session that the world keeps for this account and role."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = SESSIONS.get((user.pk, role)) or fresh_session(user, role)
    return client


def ask(client: Client, row: Row, verb: str, filled: list) -> int:
    address = reverse(row.name, args=filled) + (f"?{row.query}" if row.query else "")
    return getattr(client, verb.lower())(address, row.data).status_code


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(OWN) - set(BARE) == set(BY_NAME)
    assert len(BY_NAME) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_table_names_the_permission_and_the_roles_that_the_page_has(row):
    assert OWN[row.name].need == row.permission
    if row.permission != PUBLIC:
        assert set(row.roles) == set(PERMISSIONS[row.permission])


def test_what_is_not_ours_is_the_log_in_library_and_nothing_else():
    others = {view.__module__.split(".")[0] for name, view in named(get_resolver()) if name not in OWN}
    assert others == {"allauth"}


@pytest.mark.parametrize("row", [r for r in TABLE if r.permission != PUBLIC], ids=lambda row: row.name)
class TestClosed:
    """Pages that need a permission."""

    def test_nobody_is_sent_to_the_log_in(self, row: Row, world: World):
        filled = row.mine(world, world.users["official"])
        for verb in row.verbs:
            answer = getattr(Client(), verb.lower())(reverse(row.name, args=filled))
            assert answer.status_code == 302, verb
            assert answer.headers["Location"].startswith(reverse("account_login")), verb

    def test_an_account_without_a_role_is_refused(self, row: Row, world: World):
        client = login(world.stranger)
        filled = row.mine(world, world.users["official"])
        assert [ask(client, row, verb, filled) for verb in row.verbs] == [403] * len(row.verbs)

    def test_a_role_without_the_permission_is_refused(self, row: Row, world: World):
        for role in sorted(set(ROLES) - set(row.roles)):
            user = world.users[role]
            client = login(user, role)
            filled = row.mine(world, user)
            assert [ask(client, row, verb, filled) for verb in row.verbs] == [403] * len(row.verbs), role

    def test_a_role_with_the_permission_gets_in(self, row: Row, world: World):
        users = world.chiefs if row.cut == "city" else world.users
        for role in row.roles:
            for verb in row.verbs:
                got = ask(login(users[role], role), row, verb, row.mine(world, users[role]))
                own_choice = {404} if row.name == "ui:switch_role" else set()
                assert got in FINE | own_choice, f"{role} {verb}: {got}"

    def test_a_page_for_posting_is_not_opened_by_a_link(self, row: Row, world: World):
        if "GET" in row.verbs:
            return
        users = world.chiefs if row.cut == "city" else world.users
        role = row.roles[0]
        assert ask(login(users[role], role), row, "GET", row.mine(world, users[role])) == 405


@pytest.mark.parametrize("row", [r for r in TABLE if r.cut in ("unit", "own") and r.theirs], ids=lambda row: row.name)
def test_an_object_of_another_unit_is_not_found(row: Row, world: World):
    for role in set(row.roles) - set(row.sees_all):
        user = world.users[role]
        client = login(user, role)
        for verb in row.verbs:
            assert ask(client, row, verb, row.theirs(world, user)) == 404, f"{role} {verb}"


@pytest.mark.parametrize("row", [r for r in TABLE if r.cut == "city"], ids=lambda row: row.name)
def test_what_belongs_to_the_city_is_closed_to_a_grant_over_one_unit(row: Row, world: World):
    for role in row.roles:
        user = world.users[role]
        for verb in row.verbs:
            got = ask(login(user, role), row, verb, row.mine(world, user))
            polite = {302} if row.name == "assessments:campaign_change" else set()
            assert got in {403, 404} | polite, f"{role} {verb}: {got}"
    world.campaign.refresh_from_db()
    assert world.campaign.status == "open"


@pytest.mark.parametrize("row", [r for r in TABLE if r.permission == PUBLIC], ids=lambda row: row.name)
def test_a_public_page_answers_everybody_without_a_fault(row: Row, world: World):
    for client in (Client(), login(world.stranger), login(world.users["head"], "head")):
        for verb in row.verbs:
            assert ask(client, row, verb, row.mine(world, world.users["head"])) in FINE | {404}
