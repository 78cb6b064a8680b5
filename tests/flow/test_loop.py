"""The whole loop in a real browser, told once: a staff file comes in, and a year later the leader reads what it brought."""

import json
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import needs, serving
from tests.browser.city import CHROMIUM, launch
from tests.credentials.elsewhere import bit, verified_elsewhere
from tests.faults.home import Home
from tests.flow import hands
from tests.flow.behind import PASSWORD, PEOPLE
from tests.flow.hands import PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAIN = {"NLS_MFA_REQUIRED": "0", "NLS_PUBLIC_URL": hands.PUBLIC}  # the second step has tests of its own
SCRIPT = str(Path(__file__).with_name("behind.py"))


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("flow-sqlite")),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("flow-postgres")]),
    ]
)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A new installation, on SQLite and on PostgreSQL."""
    if not CHROMIUM:
        needs.lacking("Chromium")
    if request.param == "sqlite":
        yield Home(tmp_path, "", serving.environment(tmp_path, **PLAIN), {})
        return
    for cluster in needs.cluster():
        url = cluster.database(f"flow_{uuid.uuid4().hex[:8]}")
        yield Home(tmp_path, url, serving.environment(tmp_path, url, **PLAIN), {})
    shutil.rmtree(tmp_path, ignore_errors=True)


def learner_of(home: Home) -> tuple[str, int]:
    """Staff code and number of somebody whom the approved plan has given a seat."""
    return home.rows(
        "SELECT p.staff_code, p.id FROM plans_plannedseat s JOIN people_person p ON p.id = s.person_id"
        " JOIN plans_plannedclass c ON c.id = s.planned_class_id ORDER BY c.start, s.id"
    )[0]


def test_from_the_staff_file_to_the_yearly_report(home: Home):
    file = home.folder / "can-bo.xlsx"
    serving.command(home.env, SCRIPT, "begin", str(file))

    def behind(*words: object) -> None:
        serving.command(home.env, SCRIPT, *map(str, words))

    with serving.Served(home.env) as site, sync_playwright() as playwright:
        browser = launch(playwright)
        officer = Desk(browser, site, "can-bo-dao-tao", PASSWORD)

        # The training officer brings the staff file in; the preview is applied as it is.
        hands.imports(officer, file)
        assert home.rows("SELECT count(*) FROM people_person") == [(PEOPLE,)]

        # A campaign opens for everybody.
        hands.prepares_campaign(officer, "dot-1", "Đợt đánh giá đầu năm")
        hands.confirms(officer, "open")
        assert home.rows("SELECT count(*) FROM assessments_sitting") == [(PEOPLE,)]

        # One official gets an account and sits the test on a phone; the colleagues sit theirs.
        code, number = home.rows("SELECT staff_code, id FROM people_person ORDER BY id")[0]
        officer.opens(f"/doi-ngu/nguoi/{number}/")
        officer.presses("form[action$='/tai-khoan/'] button")
        behind("key", code)
        learner = Desk(browser, site, code.lower(), PASSWORD, PHONE)
        assert hands.sits(learner) >= 6
        assert home.rows(f"SELECT count(*) FROM assessments_answer a JOIN assessments_sitting s ON s.id = a.sitting_id WHERE s.person_id = {number}")[0][0] >= 6  # fmt: skip
        behind("colleagues", "dot-1", code)
        officer.opens("/danh-gia/dot/dot-1/")
        hands.confirms(officer, "close")
        hands.confirms(officer, "release")

        # The official reads the profile, the officer the heat map.
        learner.opens("/ho-so/")
        assert learner.page.locator("main svg, main table").count()
        learner.opens("/ho-so/vi-sao/")
        officer.opens("/khoang-cach/")
        assert officer.page.locator("main table").count()

        # A plan under a budget, computed by the worker, sent for approval; the leader approves it.
        monday = datetime.now() + timedelta(days=14 - datetime.now().weekday())
        address = hands.makes_plan(officer, "Phương án chính", 60, monday)
        officer.presses("form[action$='/trinh/'] button")
        leader = Desk(browser, site, "lanh-dao", PASSWORD)
        leader.opens(address)
        leader.presses("form[action$='/duyet/'] button")
        assert home.rows("SELECT status FROM plans_scenario") == [("approved",)]

        # Somebody with a seat in the plan: their account, and the classes opened.
        code, number = learner_of(home)
        if home.rows(f"SELECT user_id FROM people_person WHERE id = {number}") == [(None,)]:
            officer.opens(f"/doi-ngu/nguoi/{number}/")
            officer.presses("form[action$='/tai-khoan/'] button")
        behind("key", code)
        officer.opens("/lop/mo-lop/")
        for box in officer.page.locator("input[name=planned]").all():
            box.check()
        officer.presses("form[action$='/mo/'] button.main")
        group, sessions = hands.class_of(home, code)

        # Somebody new has come; the head of their unit sends them too, and the organiser gives the second approval.
        behind("newcomer")
        hands.sets_stages(officer, group, 2)
        head = Desk(browser, site, "truong-don-vi", PASSWORD, PHONE)
        sent = hands.nominates(head, group)
        place = f"SELECT status FROM training_enrolment WHERE training_class_id = {group} AND person_id = {sent}"
        assert home.rows(place) == [("nominated",)]
        officer.opens(f"/lop/{group}/")
        officer.presses("form[action$='/nhan/'] button")
        assert home.rows(place) == [("booked",)]

        # The first day has come: the code is on the screen, the learner scans it; the rest is ticked by hand.
        behind("later", (monday - datetime.now()).days + 1)
        student = Desk(browser, site, code.lower(), PASSWORD, PHONE)
        officer.opens(f"/lop/buoi/{sessions[0]}/ma/")
        officer.presses("main form button.main")
        assert officer.page.locator(".board-qr svg").count() == 1
        nonce = home.rows(f"SELECT nonce FROM training_classsession WHERE id = {sessions[0]}")[0][0]
        student.opens(f"/lop/vao/{sessions[0]}/{nonce}/")
        student.presses("main form button.main")
        assert home.rows(f"SELECT how, person_id FROM training_attendance WHERE session_id = {sessions[0]}") == [
            ("qr", number)
        ]
        # The board reloads itself when its code dies: leave it before the clock moves.
        officer.opens(f"/lop/{group}/")
        behind("later", 30)
        for session in sessions:
            officer.opens(f"/lop/buoi/{session}/diem-danh/")
            for box in officer.page.locator("input[name=present]").all():
                box.check()
            officer.presses("main form button.main")

        # The class ends; certificates are issued and checked by a stranger.
        officer.opens(f"/lop/{group}/ket-thuc/")
        officer.presses("main form .actions button.main")
        officer.page.locator("form[action$='/cap/'] button").wait_for()
        officer.presses("form[action$='/cap/'] button")
        check = home.rows(f"SELECT check_code FROM credentials_certificate WHERE person_id = {number}")[0][0]
        student.opens("/chung-nhan/")
        assert check in student.text()
        stranger = browser.new_page(base_url=site.url)
        assert stranger.goto(f"/chung-nhan/kiem-tra/{check}/").status == 200
        assert stranger.locator(".good").count()

        # The learner says on a phone what the class was like; who said it is not kept.
        student.opens(f"/lop/{group}/y-kien/sau-lop/")
        for question in student.page.locator("fieldset.agree").all():
            question.locator("label").nth(3).click()
        student.presses("main form button.main")
        assert home.rows(f"SELECT person_id, form FROM training_evaluationgiven WHERE training_class_id = {group}") == [
            (number, "sau-lop")
        ]
        [(told,)] = home.rows(f"SELECT answers FROM training_evaluationanswer WHERE training_class_id = {group}")
        assert set((json.loads(told) if isinstance(told, str) else told).values()) == {4}

        # The worker signs the badge; the learner takes it away, and another system accepts it.
        badge = hands.takes_badge(home, student, number)
        profile = json.loads(stranger.goto("/chung-nhan/don-vi-cap/").body())
        assert verified_elsewhere(badge, profile)
        assert not verified_elsewhere(badge | {"name": "Khóa khác"}, profile)
        entry = badge["credentialStatus"]
        listed = stranger.request.get(entry["statusListCredential"].removeprefix(hands.PUBLIC)).json()
        assert verified_elsewhere(listed, profile)
        assert bit(listed, int(entry["statusListIndex"])) == 0

        # Weeks later class and comparison group are measured again, and the effect is computed.
        behind("later", 28)
        officer.opens(f"/lop/{group}/do-lai/")
        officer.page.select_option("[name=size]", "10")
        officer.presses("form.narrow button.main")
        retest = home.rows("SELECT code FROM assessments_campaign WHERE purpose = 'retest'")[0][0]
        assert hands.sits(student) >= 4
        behind("later", 1)
        behind("colleagues", retest, code)
        officer.opens(f"/lop/{group}/hieu-qua/")
        officer.presses("form[method=post]:not([action]) button.main")
        effects = home.rows("SELECT shift, low, high, people FROM training_classeffect")
        assert effects, officer.text()
        shift, low, high, people = effects[0]
        assert low < shift < high
        assert people >= 5

        # The leader reads the yearly report and takes it away as a document.
        leader.opens("/bao-cao/bao-cao-nam/")
        year = datetime.now().year
        got = leader.context.request.get(f"/bao-cao/bao-cao-nam/{year}.docx")
        assert got.ok
        assert got.body()[:2] == b"PK"
        leader.opens("/bao-cao/tom-tat/")
        for desk in (officer, learner, student, head, leader):
            desk.leaves()
        browser.close()
    serving.command(home.env, "audit", "verify")
