"""The leader's page: one A4 page in either language, every figure a way to its source, kept at night, worked out without."""

import copy
import re
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from nanglucso.core.models import Job
from nanglucso.govern.reports import deciding, leaderpage, services, sheet
from nanglucso.govern.reports.leaderrules import leader_rules
from nanglucso.govern.reports.models import LeaderSheet
from nanglucso.govern.targets.models import Series
from nanglucso.govern.targets.services import Proof, load_targets, record_observation
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.ui.figures import num1
from nanglucso.workforce.people.models import TravelArea, Unit
from tests import make, needs
from tests.browser.city import CHROMIUM, launch
from tests.gaps.believed import below
from tests.training.planned import finished, scenario

pytestmark = pytest.mark.django_db
DAY = 60
FIGURE = re.compile(r"\d")


class Sheet(HTMLParser):
    """`loose`: texts of the sheet with a figure in them that neither a link nor a link in their row holds; `links`.

    Headings, the letter head, column heads and the axes of the drawing (which is a link as a whole) are left aside.
    """

    ASIDE = ("h2", "h3", "header", "thead")

    def __init__(self, page):
        super().__init__()
        self.open, self.loose, self.links, self.row, self.in_row = [], [], [], None, []
        self.feed(page.partition("<article")[2].partition(">")[2].partition("</article>")[0])

    def handle_starttag(self, tag, attrs):
        if tag in (*self.ASIDE, "a", "tr"):
            self.open.append(tag)
        if tag == "tr":
            self.row, self.in_row = False, []
        if tag == "a":
            self.links.append(dict(attrs)["href"])
            self.row = True

    def handle_endtag(self, tag):
        if tag in self.open:
            self.open.remove(tag)
        if tag == "tr":
            self.loose += [] if self.row else self.in_row

    def handle_data(self, data):
        if not FIGURE.search(data) or {"a", *self.ASIDE} & set(self.open):
            return
        (self.in_row if "tr" in self.open else self.loose).append(data.strip())


def demand(code, values):
    """Figures of the city, a month each from September 2025 on."""
    for month, value in enumerate(values, 9):
        period = f"{2025 + (month - 1) // 12}-{(month - 1) % 12 + 1:02}"
        record_observation(
            actor=None, indicator_code=code, unit=make.city(), period=period, value=Decimal(str(value)),
            proof=Proof(note="BC 1/BC-UBND"), at=make.at(DAY),
        )  # fmt: skip


@pytest.fixture
def full():
    """The page at its fullest: every commune with a figure, more sources and courses than it shows, all to decide."""
    for i in range(6):
        below(make.person(f"Lê Thị Đủ {i}", unit=make.unit("Phường Cái Khế")))
    course = finished([make.person() for _ in range(5)]).course
    take_snapshot(actor=None, framework=make.framework(), label="Đầu năm", at=make.at(1))
    plan, wordy = scenario(), ("Q2629-II.2.7", "KH01-06", "Q2629-I.2.2", "NQ71-11.8", "NQ71-11.7")
    load_targets(at=make.AT)
    for code in wordy:  # the longest names among those of the city
        demand(code, [40, 41, 40.5, 41.2, 40.8, 41])
    told = sheet.work_out(make.framework(), leader_rules(), year=2026, at=make.at(DAY))
    kinds = (Unit.Kind.COMMUNE, Unit.Kind.WARD)
    told["areas"] = [
        {
            "name": area.name_vi, "mean": 45,
            "tiles": [
                {"id": unit.pk, "name": unit.name.partition(" ")[2], "percent": 45 + unit.pk % 50, "heat": unit.pk % 7}
                for unit in Unit.objects.filter(area=area, kind__in=kinds)
            ],
        }
        for area in TravelArea.objects.all()
    ]  # fmt: skip
    names = ["Ngân sách khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số"] * 2
    told |= {
        "communes": True, "measured": told["people"] // 2,
        "money": [{"id": n, "names": names, "given": 30 * 10**9, "spent": 10**9} for n in range(6)],
        "effects": [
            {"id": course.pk, "names": ["Văn bản điện tử và mẫu văn bản đúng thể thức"] * 2, "people": 100 + n, "classes": 2,
             "gain": [0.4 - 0.1 * n, 0.1 - 0.1 * n, 0.7 - 0.1 * n]}
            for n in range(9)
        ],
        "plan": {
            "id": plan.pk, "name": "Phương án B", "year": 2027, "budget": 30 * 10**9, "approved": False, "closed": 0.41,
            "most": 0.43, "more": {"money": 3 * 10**9, "before": 0.41, "after": 0.44, "most": 0.47},
        },
    }  # fmt: skip
    return LeaderSheet.objects.create(year=2026, at=make.at(DAY), figures=told)


def opened(as_user, lang="vi", **query):
    client = as_user(make.user("leader"))
    with time_machine.travel(make.at(DAY, hours=1), tick=False):
        reply = client.get(reverse("reports:leader"), {"lang": lang, **query})
    assert reply.status_code == 200
    return client, reply.content.decode()


def test_every_figure_leads_to_a_page_that_its_reader_may_open(as_user, full):
    client, page = opened(as_user)
    found = Sheet(page)
    assert Sheet("<article><b>5%</b><table><tr><td>6</td></tr></table></article>").loose == ["5%", "6"]
    legend, rule = found.loose[:2], found.loose[2]
    assert (legend, rule[:10], found.loose[3:]) == (["0", "60 trở lên"], "Ô bằng nha", []), "all else is a link"
    assert len(found.links) > 103 + 10
    with time_machine.travel(make.at(DAY, hours=1), tick=False):
        plain = {link.partition("#")[0] for link in found.links}
        communes = sorted(link for link in plain if "/don-vi/" in link)
        answers = {link: client.get(link).status_code for link in plain - set(communes[1:])}
    assert set(answers.values()) == {200}, answers


def test_the_fullest_page_prints_on_one_sheet_of_a4_in_both_languages(as_user, full):
    if not CHROMIUM:
        needs.lacking("Chromium")
    pages = {lang: opened(as_user, lang)[1] for lang in ("vi", "en")}
    sizes = {}

    def serve(route):
        path = route.request.url.partition("leader.test")[2].partition("?")[0]
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            return route.fulfill(path=file) if file else route.abort()
        return route.fulfill(body=pages[path.strip("/")], content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        browser = launch(playwright)
        tab = browser.new_page()
        tab.route("**/*", serve)
        for lang in pages:
            tab.goto(f"http://leader.test/{lang}", wait_until="networkidle")
            tab.evaluate("document.fonts.ready")
            read = PdfReader(BytesIO(tab.pdf(prefer_css_page_size=True)))
            width, height = (float(one) for one in read.pages[0].mediabox[2:])
            sizes[lang] = len(read.pages), round(width), round(height)
            shown = re.sub(r"\s", "", read.pages[0].extract_text())
            assert ("Cầnquyếtđịnh" if lang == "vi" else "Todecide") in shown
        browser.close()
    assert all(size[0] == 1 and abs(size[1] - 595) < 2 and abs(size[2] - 842) < 2 for size in sizes.values()), sizes


def test_the_citys_worst_targets_stand_on_the_page_with_who_answers_and_what_is_expected(as_user, full):
    told = full.figures["targets"]
    assert (told["late"] + told["at_risk"] + told["on_track"], len(told["rows"])) == (5, leader_rules().targets)
    first = told["rows"][0]
    assert first == min(told["rows"], key=lambda row: ("late", "at_risk", "on_track").index(row["status"]))
    row = Series.objects.select_related("indicator__responsible").get(indicator__code=first["code"], unit__depth=1)
    assert first["expected"] == [row.low, row.mean, row.high]
    page = opened(as_user)[1]
    link = reverse("targets:show", args=[first["code"]])
    part = page.partition(f'href="{link}"')[2].partition("</tr>")[0]
    assert row.indicator.name_vi in part
    assert row.indicator.document.number in part
    assert f"{num1(row.low)}–{num1(row.high)}" in part
    assert row.indicator.name_en in opened(as_user, "en")[1]
    answers = next(one for one in told["rows"] if one["answers"])["answers"]
    assert answers in page
    late = next(deciding._targets(full.figures))
    assert (late.address, first["code"] in late.text) == (link, True)
    told["rows"][0]["answers"] = answers
    assert answers in next(deciding._targets(full.figures)).text
    LeaderSheet.objects.update(figures={**full.figures, "shape": 1, "met": 0.123})
    assert "12,3%" not in opened(as_user)[1], "figures kept in another shape are not read"


def test_ten_per_cent_more_that_closes_nothing_is_said_in_words_and_not_put_up_for_decision(as_user, full):
    told = copy.deepcopy(full.figures)
    told["plan"]["more"] |= {"after": told["plan"]["more"]["before"] + 0.0004}
    assert list(deciding._more(told)) == []
    assert len(list(deciding._more(full.figures))) == 1
    LeaderSheet.objects.update(figures=told)
    assert "không đáp ứng được thêm nhu cầu nào" in opened(as_user)[1]


def test_what_was_kept_today_is_shown_until_asked_anew_and_yesterdays_is_not(as_user, full):
    LeaderSheet.objects.update(figures={**full.figures, "met": 0.123})
    assert "12,3%" in opened(as_user)[1]
    assert "12,3%" not in opened(as_user, moi="1")[1]
    LeaderSheet.objects.update(at=full.at - timedelta(days=1))
    assert "12,3%" not in opened(as_user)[1]


def test_the_worker_asks_once_a_day_and_the_page_is_the_same_as_without(as_user):
    for i in range(6):
        below(make.person(f"Lê Thị Đêm {i}", unit=make.unit("Sở Nội vụ")))
    fresh = opened(as_user)[1]
    assert services.ask_roll_up(at=make.at(DAY)) == Job.objects.get()
    assert services.ask_roll_up(at=make.at(DAY)) is None, "one waits already"
    Job.objects.update(status=Job.Status.DONE)
    services.keep_sheet(framework=make.framework(), at=make.at(DAY, hours=1))
    assert services.ask_roll_up(at=make.at(DAY, hours=2)) is None, "kept today"
    assert services.ask_roll_up(at=make.at(DAY + 1)) == Job.objects.get(status=Job.Status.QUEUED)
    kept = opened(as_user)[1]
    assert (
        fresh.partition("<article")[2].partition("</article")[0]
        == kept.partition("<article")[2].partition("</article")[0]
    )


def test_what_presses_most_is_decided_first_and_no_more_than_fits(full):
    rules, told = leader_rules(), full.figures
    found = deciding.decisions(told, None, [], 0.9, rules)
    assert len(found) == rules.decisions
    assert found[0].address == reverse("assessments:campaigns")
    quiet = copy.deepcopy(told) | {"measured": told["people"], "money": [], "effects": [], "areas": [], "plan": None}
    quiet["targets"] = {"rows": [], "units_late": 0}
    assert deciding.decisions(quiet, None, [], 0.9, rules) == []
    fallen = {"why": "", "stayed": [-0.3, -0.5, -0.1], "people": [50, 0, 0]}
    (only,) = deciding.decisions(quiet, fallen, [], 0.9, rules)
    assert only.address == reverse("reports:trend")


def test_ten_per_cent_more_is_read_from_the_plans_own_curve():
    points = [{"budget": 1000, "closed": 0.4, "bound": 0.45}, {"budget": 1100, "closed": 0.43, "bound": 0.48}]
    assert sheet._more(1000, points, 1.1) == {"money": 100, "before": 0.4, "after": 0.43, "most": 0.48}
    assert sheet._more(1000, points[:1], 1.1) is None


@pytest.mark.parametrize(("low", "high", "word"), [(0.01, 0.4, "up"), (-0.4, -0.01, "down"), (-0.1, 0.3, "same")])
def test_a_change_is_said_only_beyond_its_interval(low, high, word):
    assert leaderpage.word_of(low, high) == word
