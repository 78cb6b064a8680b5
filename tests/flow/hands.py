"""What the people of the story do with their browsers, said in their words."""

import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.faults.home import Home
from tests.serving import Served

WIDE, PHONE = 1280, 390
WAIT = 60_000
PUBLIC = "https://nanglucso.vidu.gov.vn"


class Desk:
    """One person at one browser."""

    def __init__(self, browser: Browser, site: Served, login: str, password: str, width: int = WIDE) -> None:
        self.context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 844}, locale="vi-VN")
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        self.page.on(
            "response", lambda got: self.faults.append(f"{got.status} {got.url}") if got.status >= 500 else None
        )
        self.page.goto("/tai-khoan/login/")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.locator("form:has(input[name=password]) button.main").click()
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def opens(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def presses(self, selector: str) -> Page:
        """Press a button and see the page that comes."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self.page

    def text(self) -> str:
        return self.page.locator("main").first.inner_text()

    def leaves(self) -> None:
        assert self.faults == []
        self.context.close()


def local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def imports(officer: Desk, file: Path) -> None:
    officer.opens("/doi-ngu/nap/moi/")
    officer.page.set_input_files("input[type=file]", file)
    officer.presses("form[enctype] button.main")
    officer.presses("form[action$='/ap-dung/'] button")


def prepares_campaign(officer: Desk, code: str, name: str) -> None:
    page = officer.opens("/danh-gia/dot/moi/")
    now = datetime.now()
    page.fill("[name=name_vi]", name)
    page.fill("[name=code]", code)
    page.fill("[name=opens_at]", local(now - timedelta(days=1)))
    page.fill("[name=closes_at]", local(now + timedelta(days=20)))
    page.fill("[name=items_min]", "6")
    page.fill("[name=items_max]", "8")
    officer.presses("form.form-wide button.main")


def confirms(officer: Desk, verb: str) -> None:
    """The button, then the question that it asks."""
    officer.page.locator(f"[popovertarget=ask-{verb}]").first.click()
    officer.presses(f"#ask-{verb} form button.main")


def chooses(page: Page) -> None:
    """Some answer to the question on the screen, of whatever kind."""
    if page.locator("input[type=radio][name=a]").count():
        page.locator("label.choice").first.click()
    elif page.locator("input[type=checkbox][name=a]").count():
        bound = page.locator("fieldset[data-choose]")
        for i in range(int(bound.get_attribute("data-choose") or 1) if bound.count() else 1):
            page.locator("label.choice").nth(i).click()
    elif page.locator("#f select").count():
        for i in range(page.locator("#f select").count()):
            page.locator("#f select").nth(i).select_option(index=1)
    elif page.locator("input[name=a]").count():
        numeric = page.locator("input[name=a]").get_attribute("inputmode") == "decimal"
        page.fill("input[name=a]", "10" if numeric else "không rõ")


def answers_one(page: Page) -> None:
    """Choose, send, and wait for what follows."""
    step = page.locator("#f").get_attribute("data-seq")
    chooses(page)
    page.locator("#send").click()
    follows = "step => document.querySelector('[data-finished]') || document.querySelector('#f')?.dataset.seq !== step"
    page.wait_for_function(follows, arg=step, timeout=WAIT)


def sits(learner: Desk) -> int:
    """Begin the test that waits and answer to its end; returns how many questions there were."""
    learner.opens("/danh-gia/")
    learner.presses("a[href*='/bat-dau/']")
    learner.presses("form.gap-top button.main")
    for count in range(1, 60):
        answers_one(learner.page)
        if learner.page.locator("[data-finished]").count():
            learner.presses("[data-finished] a.main")
            return count
    raise AssertionError("the test did not end")


def makes_plan(officer: Desk, name: str, millions: int, monday: datetime) -> str:
    """A scenario, computed by the worker; returns its address."""
    page = officer.opens("/ke-hoach/moi/")
    page.fill("[name=name]", name)
    page.fill("[name=year]", str(monday.year))
    page.fill("[name=budget]", str(millions))
    page.fill("[name=first_week]", monday.strftime("%d/%m/%Y"))
    officer.presses("form.formwidth button.main")
    address = page.url
    page.select_option("form[action$='/tinh/'] [name=seconds]", index=0)
    officer.presses("form[action$='/tinh/'] button")
    # The page asks how far the work is and reloads itself; opening it again here would race with that.
    page.locator("form[action$='/trinh/']").wait_for(timeout=2 * WAIT)
    return address


def class_of(home: Home, staff_code: str) -> tuple[int, list[int]]:
    """The opened class that a person was given a place in, and its sessions."""
    found = home.rows(
        "SELECT e.training_class_id FROM training_enrolment e JOIN people_person p ON p.id = e.person_id"
        f" WHERE p.staff_code = '{staff_code}' AND e.status = 'booked' ORDER BY e.training_class_id"
    )
    assert found, "the plan gave this person no place"
    sessions = home.rows(
        f"SELECT id FROM training_classsession WHERE training_class_id = {found[0][0]} ORDER BY number"
    )
    return found[0][0], [pk for (pk,) in sessions]


def sets_stages(officer: Desk, group: int, stages: int) -> None:
    """How many approvals a place in the class needs."""
    page = officer.opens(f"/lop/{group}/dieu-kien/")
    page.select_option("[name=stages]", str(stages))
    officer.presses("form:has([name=stages]) button.main")


def nominates(head: Desk, group: int) -> int:
    """The head sends whoever of the unit misses most; returns that person's number."""
    page = head.opens(f"/lop/{group}/cu-di-hoc/")
    box = page.locator("input[name=person]").first
    number = int(box.get_attribute("value"))
    box.check()
    page.locator("main form button.main").click()
    insist = page.locator("input[name=insist]")
    page.locator(".note.said, [name=insist]").first.wait_for()
    if insist.count():
        insist.check()
        head.presses("main form button.main")
    return number


def takes_badge(home: Home, student: Desk, number: int) -> dict:
    """Wait until the badge of the person's certificate is signed, then take the file away."""
    of = f"SELECT c.id, b.certificate_id FROM credentials_certificate c LEFT JOIN credentials_badge b ON b.certificate_id = c.id WHERE c.person_id = {number}"  # fmt: skip
    until = time.monotonic() + WAIT / 1000
    while not home.rows(of)[0][1]:
        assert time.monotonic() < until, "no badge was signed"
        time.sleep(0.3)
    got = student.context.request.get(f"/chung-nhan/{uuid.UUID(str(home.rows(of)[0][0]))}.json")
    assert got.ok
    return got.json()
