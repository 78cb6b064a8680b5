"""The simulated systems over HTTP, without script: lists that open, a sheet that is typed in, words kept when refused."""

import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.core.content import read_yaml, root
from nanglucso.engines.lab_predicates import LabFault
from nanglucso.measure.assessments import labruns, labscreens
from nanglucso.measure.assessments.labplaces import Look
from nanglucso.measure.bank.labfiles import SYSTEMS, read_labs
from nanglucso.measure.bank.models import Lab
from nanglucso.measure.bank.reading import BadItemFile

pytestmark = pytest.mark.django_db
FILES = sorted((root() / "labs").glob("*.yaml"))
CODES = [read_yaml(path)["id"] for path in FILES]
SHEET, PAPER, MAIL = "LAB-3.3-BANGHOSO", "LAB-4.1-VANBANDI", "LAB-5.2-HOPTHU"


@pytest.fixture
def person():
    make.bank()
    return make.person(login=True)


@pytest.fixture
def desk(person, client):
    """`desk(code)` begins the task at minute 0 and gives (run, url, send); the pages are read at second 200."""
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(make.at(1, seconds=200), tick=False):

        def begin(code):
            run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=code), at=make.at(1))
            url = reverse("assessments:lab", args=[run.pk])

            def send(verb, back="", follow=True, **args):
                sent = {"verb": verb, "key": str(uuid.uuid4()), "back": back} | args
                return client.post(url, sent, follow=follow)

            return run, url, send

        yield begin


def test_eight_systems_are_shipped_with_a_task_each():
    assert {read_yaml(path)["system"] for path in FILES} == set(SYSTEMS)
    assert len(FILES) >= len(SYSTEMS) == 8


@pytest.mark.parametrize("code", CODES)
def test_every_place_of_every_task_can_be_looked_at_at_every_moment(person, code):
    run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=code), at=make.at(1))
    body = run.version.body
    for seconds in (0, 150, 700):
        for place in body["screen"]["places"]:
            for thing in ["", *place["of"]]:
                shown = labscreens.player(run, make.at(1, seconds=seconds), Look(place["code"], thing))
                assert shown["place"]["label"] == place["label"]
                assert [one["current"] for one in shown["places"]].count(True) == 1


@pytest.mark.parametrize("code", CODES)
def test_every_place_is_drawn_over_http_with_its_icons_after_a_good_run(desk, client, code):
    run, url, _send = desk(code)
    body = run.version.body
    for seconds, verb, args in body["traces"]["good"]["acts"]:
        labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=args, at=make.at(1, seconds=seconds))
    with time_machine.travel(make.at(1, seconds=599), tick=False):
        for place in body["screen"]["places"]:
            for thing in ["", *place["of"]]:
                page = client.get(f"{url}?p={place['code']}&o={thing}")
                assert page.status_code == 200
                assert place["label"] in page.content.decode()


@pytest.mark.parametrize("code", CODES)
def test_a_trace_can_be_played_by_the_forms_that_the_pages_offer(person, code):
    """No act of the passing trace is missing from the pages; its arguments are fields, choices or given by the place."""
    run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=code), at=make.at(1))
    body = run.version.body
    offered = {verb for place in body["screen"]["places"] for verb in place.get("acts", [])}
    offered |= {place[name] for place in body["screen"]["places"] for name in ("open", "entry") if name in place}
    assert set(body["actions"]) == offered
    for seconds, verb, args in body["traces"]["good"]["acts"]:
        at = make.at(1, seconds=seconds)
        labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=args, at=at)
        labscreens.player(run, at)


def test_a_letter_is_opened_by_a_stored_act_and_read_again_by_a_link(desk, client):
    run, url, send = desk(MAIL)
    body = run.version.body["objects"]["m1"]["body"].split("\n")[0]
    assert body not in client.get(url + "?p=den&o=m1").content.decode()
    assert body in send("open", "p=den&o=m1", mail="m1").content.decode()
    again = client.get(url + "?p=den&o=m1").content.decode()
    assert body in again
    assert run.events.count() == 1


def test_a_letter_that_came_by_itself_is_in_the_list(desk, client):
    _run, url, _send = desk(MAIL)
    assert "Nguyễn Thị Bích Liên" in client.get(url).content.decode()


def test_a_deleted_letter_is_in_the_bin_and_comes_back(desk, client):
    _run, url, send = desk(MAIL)
    subject = "Đăng ký hội thao cuối năm"
    assert subject not in send("delete", "p=den&o=m5", mail="m5").content.decode()
    assert subject in client.get(url + "?p=rac").content.decode()
    send("restore", "p=rac&o=m5", mail="m5")
    assert subject in client.get(url + "?p=den").content.decode()


def test_an_act_that_must_wait_is_not_offered_before(desk, client):
    _run, url, send = desk(MAIL)
    label = "Gõ mật khẩu vào trang đang mở"
    assert label not in client.get(url).content.decode()
    assert label in send("open_link", "p=den", mail="m2").content.decode()


def test_the_paper_shows_its_number_and_signature_when_they_are_given(desk, client):
    run, url, send = desk(PAPER)
    send("open", "p=du_thao&o=v1", doc="v1")
    send("present", "p=du_thao&o=v1", doc="v1")
    page = send("number", "p=du_thao&o=v1", doc="v1").content.decode()
    number = run.version.body["objects"]["so"]["next"]
    assert f"Số: {number}/UBND-KT" in page
    assert "Đã ký số: Trần Văn Lợi" not in page
    with time_machine.travel(make.at(1, seconds=230), tick=False):
        assert "Đã ký số: Trần Văn Lợi" in client.get(url + "?p=du_thao&o=v1").content.decode()
    refused = send("number", "p=du_thao&o=v1", doc="v1")
    assert refused.status_code == 422
    assert "Văn bản này đã có số." in refused.content.decode()


def test_a_cell_is_typed_and_shown_and_the_focus_stays_with_it(desk, client):
    _run, url, send = desk(SHEET)
    page = client.get(url + "?p=bang&o=bc&c=B3").content.decode()
    assert "=SUM(DanhSach!F2:F13)" in page
    answer = send("type", "p=bang&o=bc&c=B3", follow=False, sheet="bc", ref="B3", text="=SUM(DanhSach!F2:F5)")
    assert answer.headers["Location"].endswith("#c-B3")
    page = client.get(answer.headers["Location"]).content.decode()
    assert re.search(r'id="c-B3"[^>]*autofocus', page)
    assert "30.500.000" in page


def test_a_cell_kept_as_text_is_marked_in_words(desk, client):
    _run, url, _send = desk(SHEET)
    page = client.get(url + "?p=bang&o=ds").content.decode()
    cell = re.search(r'id="c-D3".*?</a>', page).group()
    assert "4/11/2026" in cell
    assert "đang là văn bản" in cell
    assert "đang là văn bản" not in re.search(r'id="c-D2".*?</a>', page).group()


def test_a_refused_formula_and_a_refused_row_keep_what_was_typed(desk):
    _run, _url, send = desk(SHEET)
    long = "=SUM(" + "A2;" * 60 + "A2)"
    page = send("type", "p=bang&o=ds&c=B2", sheet="ds", ref="B2", text=long)
    assert page.status_code == 422
    assert long in page.content.decode()
    page = send("delete_row", "p=bang&o=ds", sheet="ds", row="999").content.decode()
    assert 'value="999"' in page
    assert "Trang này không có dòng đó." in page


def test_a_filter_hides_rows_and_loses_none(desk, client):
    _run, _url, send = desk(SHEET)
    page = send("filter", "p=bang&o=ds", column="G", wanted="Thiếu").content.decode()
    assert "Lê Văn Tám" in page
    assert "Trần Thị Út" not in page
    assert "Trần Thị Út" in send("show_all", "p=bang&o=ds").content.decode()


def test_a_sheet_to_read_offers_nothing_that_would_change_it(desk, client):
    _run, url, _send = desk(SHEET)
    page = client.get(url + "?p=bang&o=so").content.decode()
    assert "Viết lại" not in page
    assert "Người nhà nộp thay" in page
    assert 'value="sort"' not in page
    assert 'id="c-B2"' not in page


@pytest.mark.parametrize("hidden", ["khoa", "dap", "so_xd", "nhom_ap"])
def test_the_key_of_the_sheet_cannot_be_looked_at(desk, client, hidden):
    _run, url, _send = desk(SHEET)
    page = client.get(f"{url}?p=bang&o={hidden}&c=B2").content.decode()
    assert "Nguyễn Văn Bảy" in page
    assert "COUNTIF" not in page
    assert "155000000" not in page


def test_what_the_taker_wrote_is_shown_as_text_never_as_markup(desk):
    _run, _url, send = desk(SHEET)
    page = send("type", "p=bang&o=ds&c=B2", sheet="ds", ref="B2", text="<b>x</b>").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page


def test_a_look_from_outside_breaks_nothing(desk, client):
    _run, url, _send = desk(SHEET)
    for query in ("?p=x&o=y&c=z", "?p=tin&o=ds&c=A1", "?p=bang&o=ds&c=A1", "?c=ZZ999", "?o=" + "x" * 500):
        assert client.get(url + query).status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"system": "phone"}, "system"),
        ({"screen": {"places": [{"code": "a", "label": "A", "kind": "cube", "of": []}]}}, "kind"),
        ({"screen": {"places": [{"code": "a", "label": "A", "kind": "panel", "of": ["nobody"]}]}}, "nobody"),
        ({"screen": {"places": [{"code": "a", "label": "A", "kind": "panel", "of": [], "acts": ["fly"]}]}}, "fly"),
        ({"screen": {"places": [{"code": "a", "label": "A", "kind": "list", "of": []}]}}, "columns"),
        ({"screen": {"places": [{"code": "a", "label": "A", "kind": "sheet", "of": []}]}}, "entry"),
        ({"screen": {"when": {"undo": {"eval": "1"}}}}, "unknown predicate"),
    ],
)
def test_a_task_whose_screen_is_wrong_is_refused_with_the_place(tmp_path, change, said):
    import yaml

    data = read_yaml(root() / "labs" / "lam_sach_bang_ho_so.yaml")
    screen = data["screen"] | change.pop("screen", {})
    (tmp_path / "x.yaml").write_text(yaml.safe_dump(data | {"screen": screen} | change, allow_unicode=True), "utf-8")
    with pytest.raises(BadItemFile, match=said) as wrong:
        read_labs(tmp_path)
    assert isinstance(wrong.value.__cause__, LabFault)
