"""The shell: first pages, menus, roles, theme, language."""

import re

import pytest
from django.db.models import Count
from django.urls import reverse

from nanglucso.core.access import ROLE_KEY
from nanglucso.core.models import Role, RoleGrant
from nanglucso.ui import badges, nav
from tests import make

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_log_in_page(client):
    assert client.get(reverse("ui:home")).headers["Location"] == reverse("account_login")


@pytest.mark.parametrize("role", Role.values)
def test_home_leads_to_the_roles_first_screen(as_user, role):
    first = nav.first_page(role)
    answer = as_user(make.user(role)).get(reverse("ui:home"))
    if first:
        assert answer.headers["Location"] == first
    else:
        assert answer.status_code == 200


def test_the_administrators_first_screen_is_the_status_page(as_user):
    assert as_user(make.user("admin")).get("/").headers["Location"] == reverse("core:status")


@pytest.mark.parametrize("role", Role.values)
def test_every_entry_of_a_menu_is_open_to_its_role(role):
    for _title, entries in nav.MENU[role]:
        for entry in entries:
            page = nav._page(entry.name)
            assert page is None or nav.address_for(entry.name, role), f"{role} may not open {entry.name}"


@pytest.mark.parametrize("role", Role.values)
def test_a_menu_gives_one_to_four_short_cuts_with_short_names(role):
    groups = [{"entries": [{"tab": entry.tab} for entry in entries]} for _title, entries in nav.MENU[role]]
    tabs = nav.tabs_of(groups)
    assert 1 <= len(tabs) <= 4
    assert all(len(str(line["tab"])) <= 12 for line in tabs)


def test_the_entry_of_the_page_is_marked_and_a_sub_page_keeps_its_mark(as_user):
    client = as_user(make.user("admin"))
    other = make.user("official")
    page = client.get(reverse("core:roles")).content.decode()
    below = client.get(reverse("core:role_user", args=[other.pk])).content.decode()
    assert f'href="{reverse("core:roles")}" aria-current="page"' in page
    assert f'href="{reverse("core:roles")}" aria-current="true"' in below


def test_a_badge_shows_what_waits_and_nothing_when_nothing_does(as_user, monkeypatch):
    user = make.user("admin")
    client = as_user(user)
    monkeypatch.setattr(badges, "_COUNTERS", {})
    assert "<b>" not in client.get(reverse("core:status")).content.decode()
    badges.badge("core:jobs", lambda request: (user.grants.all(), user.grants.all()))
    assert "<b>2<span" in client.get(reverse("core:status")).content.decode()


def test_rows_that_wait_are_counted_in_one_statement_for_all_entries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(badges, "_COUNTERS", {})
    for role in ("admin", "admin", "author"):
        make.user(role)
    grants = RoleGrant.objects.select_related("unit").order_by("-pk")
    badges.badge("a", lambda request: grants.filter(role="admin"))
    badges.badge("b", lambda request: (grants.filter(role="admin"), grants.none(), grants.filter(role="author")))
    badges.badge("c", lambda request: grants.filter(pk__in=[]))
    badges.badge("d", lambda request: grants.annotate(n=Count("user__grants")).filter(role="author", n=1))
    with django_assert_num_queries(1):
        assert badges.waiting(None, ["a", "b", "c", "d", "e"]) == {"a": 2, "b": 3, "c": 0, "d": 1}
    with django_assert_num_queries(0):
        assert badges.waiting(None, ["c", "e"]) == {"c": 0}


def test_switching_to_another_own_role_opens_its_pages(as_user):
    user = make.user("official")
    grant = RoleGrant.objects.create(user=user, role="admin", granted_at=make.AT)
    official = user.grants.get(role="official")
    client = as_user(user, "official")
    assert client.get(reverse("core:status")).status_code == 403
    client.post(reverse("ui:switch_role"), {"grant": grant.pk})
    assert client.session[ROLE_KEY] == grant.pk
    assert client.get(reverse("core:status")).status_code == 200
    client.post(reverse("ui:switch_role"), {"grant": official.pk})
    assert client.get(reverse("core:status")).status_code == 403


def test_a_grant_of_someone_else_cannot_be_taken(as_user):
    foreign = make.user("admin").grants.get()
    client = as_user(make.user("official"))
    assert client.post(reverse("ui:switch_role"), {"grant": foreign.pk}).status_code == 404
    assert ROLE_KEY not in client.session


def test_an_ended_role_opens_nothing(as_user):
    user = make.user("admin")
    user.grants.update(ended_at=make.AT)
    client = as_user(user)
    assert client.get(reverse("core:status")).status_code == 403
    assert "chưa có vai trò" in client.get("/").content.decode()


def test_the_theme_is_kept_in_a_cookie_without_script(client):
    answer = client.post(reverse("ui:theme"), {"theme": "dark", "next": "/tai-khoan/login/"})
    assert answer.headers["Location"] == "/tai-khoan/login/"
    assert 'data-theme="dark"' in client.get("/tai-khoan/login/").content.decode()
    client.post(reverse("ui:theme"), {"theme": ""})
    assert "data-theme=" not in client.get("/tai-khoan/login/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_theme_switch_never_leaves_the_site(client, back):
    answer = client.post(reverse("ui:theme"), {"theme": "dark", "next": back})
    assert answer.headers["Location"] == "/"


def test_the_language_link_lasts(as_user):
    client = as_user(make.user("admin"))
    address = reverse("core:jobs")
    assert "Tác vụ nền" in client.get(address).content.decode()
    assert "Background work" in client.get(address, {"lang": "en"}).content.decode()
    assert "Background work" in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["core:status", "core:jobs", "core:roles", "ui:search", "ui:help", "mfa_index"])
def test_pages_carry_no_inline_script_or_style(as_user, name):
    answer = as_user(make.user("admin")).get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_private_page_is_not_stored_by_caches(as_user):
    assert as_user(make.user("admin")).get(reverse("core:jobs")).headers["Cache-Control"] == "no-store"


def test_a_page_of_an_error_has_the_menu_and_counts_nothing(as_user, monkeypatch):
    client = as_user(make.user("admin"))
    monkeypatch.setattr(badges, "waiting", lambda request, names: pytest.fail("counted"))
    refused = client.get(reverse("bank:items"))
    assert refused.status_code == 403
    assert f'href="{reverse("core:status")}"' in refused.content.decode()
    assert client.get("/khong-co/").status_code == 404
