"""SCORM packages of every kind in a real browser: they find their API and report; hostile ones reach nothing."""

import http.server
import re
import threading
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import serving
from tests.browser.city import City, visitor
from tests.learning import scorm

NEW, LIST = "/hoc/soan/goi/moi/", "/hoc/goi/"


@pytest.fixture(scope="module")
def officer(city: City, chromium: Browser) -> Iterator[Page]:
    context = visitor(chromium, city, "training")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def learner(city: City, chromium: Browser) -> Iterator[Page]:
    context = visitor(chromium, city, "official", width=390)
    yield context.new_page()
    context.close()


def choose(officer: Page, data: bytes) -> None:
    officer.goto(NEW)
    officer.set_input_files("input[type=file]", {"name": "goi.zip", "mimeType": "application/zip", "buffer": data})
    officer.locator("input[name=minutes]").fill("10")
    officer.locator(".actions button").click()


def open_new(officer: Page, learner: Page, make) -> str:
    """Upload what `make(title=…)` packs, put it in use and begin it; the title."""
    title = f"Gói {uuid.uuid4().hex[:8]}"
    choose(officer, make(title=title))
    expect(officer.locator("h1")).to_have_text(title)
    officer.locator("form[action$='/dua-vao-dung/'] button").click()
    expect(officer.locator(".tag.good")).to_be_visible()
    begin(learner, title)
    return title


def begin(learner: Page, title: str) -> None:
    learner.goto(LIST)
    learner.locator("li", has=learner.get_by_role("heading", name=title, exact=True)).locator(".btn").first.click()
    expect(learner.locator("#package")).to_be_visible()


def inside(learner: Page):
    return learner.frame_locator("#package")


def claim(learner: Page, n: int = 0):
    return learner.locator("#needs .claims li").nth(n)


def one(script: str, **more):
    return lambda title: scorm.one_unit(script, title=title, **more)


SEARCHES = {
    "a loop from the own window": "",
    "from the parent": "api = find(window.parent);",
    "from the parent, by name": "api = window.parent.API;",
    "wrapper with opener": "api = null; if (window.parent && window.parent != window) api = find(window.parent); "
    "if (!api && window.opener) api = find(window.opener); if (!api) api = find(window);",
}


@pytest.mark.parametrize(
    ("script", "said", "score"),
    [
        (scorm.reports(status="completed", score="85"), "đã hoàn tất", "điểm 85 trên 100"),
        (scorm.reports(status="passed", score="92.5"), "đạt", "điểm 92.5 trên 100"),
        (scorm.reports(status="failed", score="20"), "không đạt", "điểm 20 trên 100"),
        (scorm.reports(status="incomplete"), "đang học", ""),
        (scorm.reports(status="completed"), "đã hoàn tất", ""),
    ],
    ids=["completed with score", "passed", "failed", "incomplete", "completed without score"],
)
def test_a_unit_reports_its_status_and_score(officer: Page, learner: Page, script: str, said: str, score: str):
    open_new(officer, learner, one(script))
    expect(inside(learner).locator("#out")).to_have_text("finish true")
    expect(claim(learner).locator(".tag")).to_have_text(said)
    if score:
        expect(claim(learner)).to_contain_text(score)
    else:
        expect(claim(learner)).not_to_contain_text("điểm")


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_the_api_is_found_the_way_packages_look_for_it(officer: Page, learner: Page, search: str):
    open_new(officer, learner, one(search + scorm.reports(score="61")))
    expect(claim(learner)).to_contain_text("điểm 61")


def test_a_claim_of_seconds_is_shown_as_a_claim_and_finishes_nothing(officer: Page, learner: Page):
    title = open_new(officer, learner, one(scorm.reports(status="passed", score="100")))
    expect(learner.locator("#needs .needlist li").nth(0)).to_have_class("ok")
    expect(learner.locator("#needs .needlist li").nth(1)).not_to_have_class("ok")
    learner.goto(LIST)
    card = learner.locator("li", has=learner.get_by_role("heading", name=title, exact=True))
    expect(card.locator(".tag.good")).to_have_count(0)
    expect(card.locator(".tag")).to_be_visible()


def test_resources_in_folders_marks_and_backslashes(officer: Page, learner: Page):
    def make(title: str) -> bytes:
        text = scorm.manifest([("I1", "Bài", "bài học/mở đầu.html", "")], title=title, base=' xml:base="nội dung/"')
        head = '<link rel="stylesheet" href="../chung/kiểu.css"><script src="../chung/goi.js"></script>'
        return scorm.packed({
            "imsmanifest.xml": b"\xef\xbb\xbf" + text.encode(),
            "nội dung\\bài học\\mở đầu.html": scorm.page("start()", '<img src="../chung/h.svg">', head),
            "nội dung\\chung\\kiểu.css": "h1{color:rgb(1, 2, 3)}",
            "nội dung\\chung\\goi.js": f"function start(){{ {scorm.reports(score='55')} }}",
            "nội dung\\chung\\h.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        })  # fmt: skip

    open_new(officer, learner, make)
    expect(claim(learner)).to_contain_text("điểm 55")
    assert inside(learner).locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    expect(inside(learner).locator("img")).to_have_js_property("naturalWidth", 9)


def test_several_units_each_ended_when_it_is_left(officer: Page, learner: Page):
    ends = 'addEventListener("unload", function(){ api.LMSFinish(""); });'

    def make(title: str) -> bytes:
        text = scorm.manifest(
            [("A", "Một", "a.html", ""), ("B", "Hai", "b.html", "<adlcp:masteryscore>70</adlcp:masteryscore>")],
            title=title,
        )
        return scorm.packed({
            "imsmanifest.xml": text,
            "a.html": scorm.page(scorm.reports(status="completed", ends=False) + ends),
            "b.html": scorm.page(scorm.reports(status="incomplete", score="75", ends=False) + ends),
        })  # fmt: skip

    open_new(officer, learner, make)
    expect(claim(learner, 0).locator(".tag")).to_have_text("đã hoàn tất")
    learner.locator(".steps-bar .btn.main").click()
    expect(learner.locator(".lessonbar small")).to_contain_text("Bài 2 trên 2")
    expect(claim(learner, 1)).to_contain_text("điểm 75")
    learner.locator("#needs a").first.scroll_into_view_if_needed()
    learner.wait_for_timeout(300)  # a frame of another process takes clicks for a moment after scrolling
    learner.locator("#needs a").first.click()  # the mastery score decides when the unit ends
    expect(learner.locator(".lessonbar small")).to_contain_text("Bài 1 trên 2")
    expect(claim(learner, 1).locator(".tag")).to_have_text("đạt")


RESUMES = """
api.LMSInitialize("");
var was = [api.LMSGetValue("cmi.core.entry"), api.LMSGetValue("cmi.suspend_data"), api.LMSGetValue("cmi.core.lesson_location"),
           api.LMSGetValue("cmi.core.total_time")].join("|");
document.getElementById("out").textContent = was;
api.LMSSetValue("cmi.suspend_data", "trả lời=đúng;trang=3");
api.LMSSetValue("cmi.core.lesson_location", "trang-3");
api.LMSSetValue("cmi.core.lesson_status", "incomplete");
api.LMSSetValue("cmi.core.session_time", "0000:00:04.00");
api.LMSSetValue("cmi.core.exit", "suspend");
api.LMSFinish("");
"""


def test_what_was_suspended_is_there_when_the_package_is_opened_again(officer: Page, learner: Page):
    title = open_new(officer, learner, one(RESUMES))
    expect(inside(learner).locator("#out")).to_contain_text("ab-initio|||")
    expect(claim(learner).locator(".tag")).to_have_text("đang học")
    begin(learner, title)
    expect(inside(learner).locator("#out")).to_have_text("resume|trả lời=đúng;trang=3|trang-3|00:00:04")


def test_what_was_said_is_kept_when_the_window_is_closed_at_once(officer: Page, learner: Page):
    script = 'api.LMSInitialize(""); function go() { api.LMSSetValue("cmi.core.lesson_location", "trang-9"); api.LMSSetValue("cmi.core.score.raw", "44"); }'
    title = open_new(officer, learner, one(script, body='<button onclick="go()">Tiếp</button>'))
    expect(learner.locator("#saved")).to_have_text("Đã lưu")
    inside(learner).locator("button").click()
    learner.wait_for_timeout(500)  # nobody closes a window sooner; what is waited for to be sent goes out at the end
    learner.goto("about:blank")
    learner.wait_for_timeout(700)
    begin(learner, title)
    expect(claim(learner)).to_contain_text("điểm 44")


def test_a_unit_of_several_pages_goes_on_in_one_session(officer: Page, learner: Page):
    second = scorm.page(
        'document.getElementById("out").textContent = api.LMSGetValue("cmi.core.lesson_location") + api.LMSInitialize("");'
        + scorm.reports(score="66").replace('api.LMSInitialize("");', "")
    )
    first = 'api.LMSInitialize(""); api.LMSSetValue("cmi.core.lesson_location", "1"); api.LMSCommit("");'

    def make(title: str) -> bytes:
        return scorm.one_unit(first, title=title, body='<a href="hai.html?a=1#b">Tiếp</a>', extra={"hai.html": second})

    open_new(officer, learner, make)
    expect(claim(learner).locator(".tag")).to_have_text("đang học")
    inside(learner).locator("a").click()
    expect(inside(learner).locator("#out")).to_have_text("finish true")
    expect(claim(learner)).to_contain_text("điểm 66")


LAUNCHPAGE = """
var pages = ["chơi/mở đầu.html", "chung/thi.html?questions=chơi"], current = 0, ended = false;
function show() { document.getElementById("frame").src = pages[current]; }
function RecordQuestion(id, answer, right) {
  var at = "cmi.interactions." + api.LMSGetValue("cmi.interactions._count");
  api.LMSSetValue(at + ".id", id); api.LMSSetValue(at + ".student_response", answer); api.LMSSetValue(at + ".result", right ? "correct" : "wrong");
}
function RecordTest(score) {
  api.LMSSetValue("cmi.core.score.min", "0"); api.LMSSetValue("cmi.core.score.max", "100");
  api.LMSSetValue("cmi.core.score.raw", score); api.LMSSetValue("cmi.core.lesson_status", score >= 70 ? "passed" : "failed");
  api.LMSCommit("");
}
function next() { current = 1; api.LMSSetValue("cmi.core.lesson_location", current); show(); }
function start() {
  api.LMSInitialize("");
  var kept = api.LMSGetValue("cmi.core.lesson_location");
  if (kept && confirm("Học tiếp?")) current = Number(kept);
  show();
}
function leave() { if (!ended) { ended = true; api.LMSSetValue("cmi.core.exit", "suspend"); api.LMSFinish(""); } }
addEventListener("load", start); addEventListener("beforeunload", leave); addEventListener("unload", leave);
"""
QUIZ = """
var asked = [];
var from = decodeURIComponent(location.search.substr(1)).split("&");
for (var i in from) document.write('<script src="../' + from[i].replace("questions=", "") + '/questions.js"><\\/script>');
"""
SEND = """
document.write("<form id='f' action='#'><input name='a' value='4'><input type='button' value='Nộp' onclick='send()'></form>");
function send() {
  var right = document.getElementById("f").elements.a.value == asked[0];
  if (parent.RecordQuestion) parent.RecordQuestion("q1", "4", right);
  if (parent.RecordTest) parent.RecordTest(right ? 100 : 0);
}
"""


def test_pages_in_a_frame_of_the_package_report_through_the_one_above_and_resume(officer: Page, learner: Page):
    """As the samples of scorm.com do: one page speaks to the API, the others lie in its frame and call its functions."""

    def make(title: str) -> bytes:
        body = '<iframe id="frame" src=""></iframe><button onclick="next()">Tiếp</button>'
        return scorm.one_unit(LAUNCHPAGE, title=title, body=body, extra={
            "chơi/mở đầu.html": "<p>Mở đầu</p>", "chơi/questions.js": "asked.push(4);",
            "chung/thi.html": f'<!DOCTYPE html><meta charset="utf-8"><script>{QUIZ}</script><body><script>{SEND}</script>',
        })  # fmt: skip

    learner.once("dialog", lambda asked: asked.accept())
    title = open_new(officer, learner, make)
    expect(inside(learner).frame_locator("iframe").locator("p")).to_have_text("Mở đầu")
    inside(learner).locator("button").click()
    inside(learner).frame_locator("iframe").locator("input[type=button]").click()
    expect(claim(learner).locator(".tag")).to_have_text("đạt")
    expect(claim(learner)).to_contain_text("điểm 100 trên 100")
    learner.locator(".lessonbar a[data-leave]").click()
    expect(learner).to_have_url(re.compile(f"{LIST}$"))
    begin(learner, title)
    expect(inside(learner).frame_locator("iframe").locator("input[type=button]")).to_be_visible()


@pytest.fixture(scope="module")
def two_names(city: City) -> Iterator[City]:
    """The same city under 127.0.0.1, with `localhost` as the name for packages."""
    port = serving.free_port()
    env = city.site.env | {"NLS_SCORM_ORIGIN": f"http://localhost:{port}"}
    with serving.Served(env, port=port, log=city.site.log.with_name("two-names.log")) as site:
        yield City(site, city.told)


def test_under_a_name_of_its_own_frames_of_a_package_share_values_and_reach_no_further(
    two_names: City, chromium: Browser
):
    above = """
    api.LMSInitialize(""); localStorage.setItem("a", "chung");
    function GetBookmark() { return "trang-7"; }
    function SetScore(n) { api.LMSSetValue("cmi.core.score.raw", n); api.LMSSetValue("cmi.core.lesson_status", "passed"); return api.LMSFinish(""); }
    """
    below = scorm.page("""
    var told = [parent.GetBookmark(), localStorage.getItem("a"), document.cookie, api === parent.API, parent.document.title];
    try { told.push(top.document.title); } catch (e) { told.push(e.name); }
    told.push(parent.SetScore("74"));
    document.getElementById("out").textContent = told.join("|");
    """)
    windows = [visitor(chromium, two_names, role) for role in ("training", "official")]
    officer, learner = (one.new_page() for one in windows)

    def make(title: str) -> bytes:
        return scorm.one_unit(
            above, title=title, body='<iframe src="con/thi.html"></iframe>', extra={"con/thi.html": below}
        )

    open_new(officer, learner, make)
    out = inside(learner).frame_locator("iframe").locator("#out")
    expect(out).to_have_text("trang-7|chung||true|Bài|SecurityError|true")
    expect(claim(learner)).to_contain_text("điểm 74")
    other = f"http://localhost:{two_names.site.port}"
    for path in ("/", "/hoc/", "/tai-khoan/login/", "/hoc/goi/", "/he-thong/health/live"):
        assert learner.request.get(other + path).status == 404, path
    for one_window in windows:
        one_window.close()


def test_what_a_sandbox_lacks_does_not_stop_a_package(officer: Page, learner: Page):
    script = """
    localStorage.setItem("a", "1"); sessionStorage.b = "2"; document.cookie = "c=3; path=/";
    var told = localStorage.getItem("a") + sessionStorage.b + document.cookie;
    document.querySelector("form").addEventListener("submit", function (e) { e.preventDefault(); document.getElementById("out").textContent = told + "đã nộp"; });
    """
    open_new(officer, learner, one(script, body="<form><button>Nộp bài</button></form>"))
    inside(learner).locator("button").click()
    expect(inside(learner).locator("#out")).to_have_text("12c=3đã nộp")


HOSTILE = """
var told = [];
function attempt(name, work) { try { var got = work(); told.push(name + (got === undefined ? " done" : " " + got)); } catch (e) { told.push(name + " " + e.name); } }
attempt("origin", function () { return self.origin; });
attempt("top page", function () { return top.document.title; });
attempt("top script", function () { return top.eval("1"); });
attempt("cookie", function () { return JSON.stringify(document.cookie); });
attempt("top away", function () { top.location = "https://example.org/"; });
attempt("window", function () { return window.open("/hoc/") === null ? "blocked" : "opened"; });
attempt("sync post", function () { var x = new XMLHttpRequest(); x.open("POST", "/tai-khoan/logout/", false); x.withCredentials = true; x.send("a=1"); return x.status; });
attempt("database", function () { return indexedDB.open("x") && "opened"; });
attempt("worker", function () { return navigator.serviceWorker ? "there" : "absent"; });
(async function () {
  const LAUNCH = Number(/"launch": ([0-9]+)/.exec(await (await fetch("-nls/state.js")).text())[1]);
  for (const where of ["/he-thong/", "https://example.org/"]) {
    try { await fetch(where, {credentials: "include", mode: "no-cors"}); told.push("fetch done"); } catch (e) { told.push("fetch " + e.name); }
  }
  new Image().src = "/hoc/?beacon"; new Image().src = "https://example.org/?beacon";
  parent.postMessage({nls: "scorm", type: "set", launch: 1, values: {"cmi.core.lesson_status": "passed"}}, "*");
  top.postMessage({nls: "scorm", type: "set", launch: 1, values: {"cmi.core.lesson_status": "passed"}}, "*");
  top.postMessage({nls: "scorm", type: "set", launch: LAUNCH, values: {"is_superuser": "1", "cmi.core.student_id": "x"}}, "*");
  document.getElementById("out").textContent = told.join(", ") + ".";
})();
"""
FORM = '<form method="post" action="/tai-khoan/logout/" target="_self"><button>Đăng xuất</button></form>'


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server of somebody else's: its address, and what it was asked for."""
    heard: list[str] = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_told: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()


BLOCKED = (
    "origin null", "top page SecurityError", "top script SecurityError", 'cookie ""', "top away SecurityError",
    "window blocked", "sync post NetworkError", "fetch TypeError, fetch TypeError",
)  # fmt: skip


def test_a_hostile_package_reaches_neither_the_page_nor_cookies_nor_the_product(
    officer: Page, learner: Page, city: City, listening: tuple[str, list[str]]
):
    away, heard = listening
    answered: list[str] = []
    learner.on("response", lambda got: answered.append(got.url.removeprefix(city.site.url)))
    open_new(officer, learner, one(HOSTILE.replace("https://example.org", away), body=FORM))
    out = inside(learner).locator("#out")
    expect(out).to_contain_text("fetch", timeout=10_000)
    told = out.inner_text()
    assert [one for one in BLOCKED if one not in told] == [], told
    assert "database opened" not in told
    inside(learner).locator("button").click()
    learner.wait_for_timeout(500)
    assert heard == []
    assert [one for one in answered if "beacon" in one or "logout" in one or "he-thong" in one] == []
    assert learner.url.startswith(f"{city.site.url}/hoc/goi/dang-hoc/")
    expect(claim(learner).locator(".tag")).to_have_text("đang học")
    learner.goto(LIST)
    expect(learner).to_have_url(city.site.url + LIST)


def test_a_package_cannot_turn_its_frame_into_a_page_of_the_product(officer: Page, learner: Page, city: City):
    open_new(officer, learner, one('setTimeout(function () { location.href = "/hoc/"; }, 50);'))
    learner.wait_for_timeout(1500)
    assert not [one.url for one in learner.frames if one.url == city.site.url + "/hoc/"]
    expect(learner.locator("#needs")).to_be_visible()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (scorm.one_unit(extra={"../../x.html": "x"}), "vượt ra ngoài thư mục"),
        (scorm.one_unit(extra={"b.js": b"\0" * (40 * 2**20)}), "bom nén"),
        (scorm.packed({"index.html": "x"}), "không có imsmanifest.xml"),
        (scorm.packed({"imsmanifest.xml": scorm.manifest().replace("?>", '?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "index.html": "x"}), "DOCTYPE"),
        (scorm.one_unit(version="2004 4th Edition"), "SCORM 2004"),
        (b"PK\x03\x04 nothing", "hỏng"),
    ],
    ids=["path traversal", "zip bomb", "no manifest", "XXE", "SCORM 2004", "damaged"],
)  # fmt: skip
def test_a_hostile_or_broken_zip_is_named_on_the_form(officer: Page, data: bytes, said: str):
    choose(officer, data)
    expect(officer.locator("#id_file_error")).to_contain_text(said)
    expect(officer.locator("input[name=minutes]")).to_have_value("10")
