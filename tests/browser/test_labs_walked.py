"""Every practice task done in a real browser, by its own links, buttons and fields: wrongly, partly and fully.

The runs are practice of one demo account. The clock of a run is moved by moving its beginning in the city's database:
what happens by itself after a minute then happens at once. The score is worked out here from what the feedback page says.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nanglucso.core.content import read_yaml, root
from tests.browser.city import City, faults_of, visitor

ROLE, PLAYED = "author", "/danh-gia/thuc-hanh/"
DATA: dict[str, Any] = {body["id"]: body for body in map(read_yaml, sorted((root() / "labs").glob("*.yaml")))}


def ends(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The traces of the first data variant that end in full, in the middle and in nothing, under these three names."""
    full = {code: len(rule["cuts"]) for code, rule in body["score"].items()}
    own = [trace for trace in body["traces"].values() if trace["seed"] == 0]
    middle = [one for one in own if 0 < sum(one["expect"].values()) < sum(full.values())]
    return {
        "fully": next(one for one in own if one["expect"] == full),
        "partly": max(middle, key=lambda one: sum(one["expect"].values())),
        "wrongly": next(one for one in own if not any(one["expect"].values())),
    }


@pytest.fixture(scope="module")
def base(city: City) -> Iterator[sqlite3.Connection]:
    """The city's database; while this module runs no open campaign holds a task back from practice."""
    with closing(sqlite3.connect(Path(city.site.env["NLS_HOME"]) / "nanglucso.sqlite3", timeout=30)) as link:
        kept = link.execute("SELECT campaign_id, labversion_id FROM assessments_campaign_labs").fetchall()
        with link:
            link.execute("DELETE FROM assessments_campaign_labs")
        yield link
        with link:
            put = "INSERT INTO assessments_campaign_labs (campaign_id, labversion_id) VALUES (?, ?)"
            link.executemany(put, kept)


def move(base: sqlite3.Connection, url: str, seconds: int) -> None:
    """Let the run have begun so many seconds ago."""
    began = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=seconds)
    with base:
        base.execute("UPDATE assessments_labrun SET started_at = ? WHERE id = ?", (str(began), key_of(url)))


def begin(tab: Page, code: str, base: sqlite3.Connection) -> str:
    """Address of a fresh run in the first data variant; runs in the other one, or already under way, are ended."""
    while True:
        tab.goto(PLAYED)
        tab.locator(f"form[action$='/{code}/'] button").click()
        tab.wait_for_url(re.compile(PLAYED + r"[0-9a-f-]{36}/"))
        url = urlsplit(tab.url).path
        told = (
            "SELECT seed, (SELECT COUNT(*) FROM assessments_labevent WHERE run_id = one.id) FROM assessments_labrun one"
        )
        seed, acts = base.execute(f"{told} WHERE id = ?", (key_of(url),)).fetchone()
        if seed % len(DATA[code]["variants"]) == 0 and not acts:
            return url
        finish(tab)


def key_of(url: str) -> str:
    """The run's key as the database writes it."""
    return url.split("/")[-2].replace("-", "")


def finish(tab: Page) -> None:
    tab.locator("button[popovertarget=hand-in]").first.click()
    tab.locator("#hand-in form button.main").click()
    tab.wait_for_url(re.compile("nhan-xet"))


def form_of(tab: Page, verb: str, args: dict[str, str]) -> Locator | None:
    """The form of an act on this page that takes these arguments: hidden ones agree, the others are fields."""
    forms = tab.locator("main form").filter(has=tab.locator(f"input[type=hidden][name=verb][value='{verb}']"))
    for form in forms.all():
        named = [form.locator(f"[name='{name}']") for name in args]
        told = [one.first.evaluate("e => e.type === 'hidden' ? e.value : null") for one in named if one.count()]
        if len(told) == len(args) and all(one in (None, value) for one, value in zip(told, args.values(), strict=True)):
            return form
    return None


def places(body: dict[str, Any], verb: str, args: dict[str, str]) -> Iterator[str]:
    """Queries of the places that may offer the act, with the object or cell that it is about."""
    for place in body["screen"]["places"]:
        if verb not in [*place.get("acts", []), place.get("open"), place.get("entry")]:
            continue
        about = args.get(place.get("arg", "sheet"), "")
        yield f"?p={place['code']}&o={about}" + (f"&c={args['ref']}" if place.get("entry") == verb else "")


def opened(tab: Page, url: str, query: str, verb: str) -> None:
    """Go there; a line that was never read is opened first, as anybody would."""
    tab.goto(url + query)
    about = query.rpartition("o=")[2].partition("&")[0]
    if about and verb != "open":
        unread = tab.locator(f".slist tr form:has(input[type=hidden][value='{about}']) button.open")
        if unread.count():
            unread.first.click()
            tab.wait_for_url(re.compile("f=1"))
            tab.wait_for_load_state()


def act(tab: Page, body: dict[str, Any], url: str, verb: str, args: dict[str, str]) -> None:
    """Do one act as a person would: find its place where it is not before one, unfold it, fill it in, send it."""
    form = form_of(tab, verb, args)
    for query in places(body, verb, args):
        if form:
            break
        opened(tab, url, query, verb)
        form = form_of(tab, verb, args)
    assert form, f"no place offers {verb} {args}"
    folded = form.locator("xpath=parent::details[not(@open)]")
    if folded.count():
        folded.locator("summary").click()
    for name, value in args.items():
        field = form.locator(f"[name='{name}']:not([type=hidden])")
        if field.count():
            is_list = field.evaluate("e => e.tagName") == "SELECT"
            field.select_option(value) if is_list else field.fill(value)
    before = tab.locator("#saved").inner_text()
    form.locator("button").first.click()
    expect(tab.locator("#saved")).not_to_have_text(before)


def score(tab: Page, body: dict[str, Any]) -> dict[str, int]:
    """Category of each competence by the rubric, from the steps and serious errors that the feedback page tells."""
    lines = tab.locator("section:has(#steps-h) li")
    done = [lines.nth(n).locator(".tag.good").count() == 1 for n in range(lines.count())]
    assert len(done) == len(body["steps"])
    told = tab.locator(".note.bad").all_inner_texts()
    found = {}
    for code, rule in body["score"].items():
        own = [
            step["points"] for step, ok in zip(body["steps"], done, strict=True) if ok and step["competence"] == code
        ]
        caps = [e["cap"][code] for e in body["critical"] if code in e["cap"] and any(e["say"] in one for one in told)]
        found[code] = min([sum(sum(own) >= cut for cut in rule["cuts"]), *caps])
    return found


@pytest.mark.parametrize("code", DATA)
@pytest.mark.parametrize("names", [("fully",), pytest.param(("partly", "wrongly"), marks=pytest.mark.thorough)])
def test_a_task_done_in_the_browser_is_worth_what_its_rubric_says(
    city: City, chromium: Browser, base: sqlite3.Connection, names: tuple[str, ...], code: str
):
    body = DATA[code]
    context = visitor(chromium, city, ROLE)
    tab = context.new_page()
    found = faults_of(tab)
    for name in names:
        trace = ends(body)[name]
        url = begin(tab, code, base)
        for seconds, verb, args in trace["acts"]:
            move(base, url, seconds)
            act(tab, body, url, verb, args)
        tab.goto(url)
        finish(tab)
        assert score(tab, body) == trace["expect"], f"{code} {name}"
        expect(tab.locator("section:has(#log-h) li")).not_to_have_count(0)
    begin(tab, code, base)
    finish(tab)
    assert not any(score(tab, body).values()), f"{code}: nothing done is worth nothing"
    assert found == []
    context.close()
