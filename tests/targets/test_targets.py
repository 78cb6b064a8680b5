"""Targets from the shipped rows to the verdict, through services and real HTTP."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING, Scope
from nanglucso.govern.targets import judging, periods, queries, services, shipped
from nanglucso.govern.targets.models import Indicator, Observation, Series
from nanglucso.govern.targets.services import Proof
from nanglucso.ui.figures import num
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at(300)  # 27/12/2026


@pytest.fixture(autouse=True)
def _loaded():
    make.city()
    services.load_targets(at=make.AT)
    with time_machine.travel(NOW, tick=False):
        yield


def give(code, values, unit=None, actor=None):
    unit = unit or make.city()
    for month, value in enumerate(values, 1):
        told = {"period": f"2026-{month:02}", "value": Decimal(str(value)), "proof": Proof(note="BC 1/BC-UBND")}
        services.record_observation(actor=actor, indicator_code=code, unit=unit, at=NOW, **told)


def words(reply):
    return reply.content.decode()


def test_every_shipped_row_is_there_and_what_was_not_read_stays_empty():
    assert Indicator.objects.count() == 107
    assert Indicator.objects.filter(goal=None).count() == 15
    assert Indicator.objects.get(code="CT224-00").goal is None
    services.load_targets(at=make.AT)
    assert Indicator.objects.count() == 107


def test_the_articles_numbers_and_todays_stand_on_the_page_with_their_sources(as_user):
    client = as_user(make.user("leader"))
    article = words(client.get(reverse("targets:list"), {"p": "article"}))
    for told in ("749/QĐ-TTg", "bài viết in là 479/QĐ-TTg", "26-CTr/TU", "A749-02a", "90 %", "A26-08", "80 %"):
        assert told in article
    today = words(client.get(reverse("targets:list")))
    for told in ("2629/QĐ-TTg", "71/NQ-CP", "01-KH/BCĐTW", "14/CT-TTg", "219/KH-UBND", "224/KH-UBND", "chưa đọc được"):
        assert told in today
    assert "A749-02a" not in today
    old = words(client.get(reverse("targets:show", args=["A749-02a"])))
    assert reverse("targets:show", args=["Q2629-I.2.2"]) in old
    assert "479/QĐ-TTg" in old
    assert "bản sao" in words(client.get(reverse("targets:show", args=["CT14-01"])))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_number_of_the_articles_and_todays_documents_stands_under_its_document_as_in_the_content(as_user, lang):
    page = words(as_user(make.user("leader")).get(reverse("targets:list"), {"p": "all", "lang": lang}))
    parts = dict(re.findall(r'<h2 id="d-(\w+)">(.*?)</section>', page, re.S))
    told = [row for row in shipped.targets() if row["document"] in ("qd749", "ctr26", "qd2629", "nq71", "kh01", "ct14")]
    assert len(told) > 60
    for row in told:
        part = parts[row["document"]]
        assert part.startswith(escape(shipped.document(row["document"]).number))
        line = part.partition(reverse("targets:show", args=[row["code"]]))[2].partition("</tr>")[0]
        assert escape(row[f"name_{lang}"]) in line
        if row["goal"]:
            with translation.override(lang):
                goal = f"{num(Decimal(row['goal']))} {shipped.measure(row['measure']).name}"
            assert goal in line, row["code"]


def test_older_figures_of_a_target_stand_on_further_pages(as_user):
    give("NQ71-11.6", range(40, 50))
    give("NQ71-11.6", range(30, 40), unit=make.unit("Phường Cái Khế"))
    client, address = as_user(make.user("leader")), reverse("targets:show", args=["NQ71-11.6"])
    first, second = (words(client.get(address, {"page": n})).count("BC 1/BC-UBND") for n in (1, 2))
    assert (first, second) == (12, 8)


def test_a_target_that_stands_still_is_late_and_names_who_answers_for_it():
    give("CT14-01", [40, 41, 40.5, 41.2, 40.8, 41, 41.3, 41.1])
    (row,) = queries.late_targets(EVERYTHING, NOW)
    assert (row.code, row.status, row.goal, row.days) == ("CT14-01", "late", Decimal(100), 0)
    assert row.low < row.mean < row.high < 100
    assert queries.target_summary(EVERYTHING, NOW).late == 1
    assert queries.late_targets(EVERYTHING, make.at(320))[0].days > 0


def test_a_target_that_will_be_reached_is_on_track_and_not_in_the_list():
    give("NQ71-11.6", [60, 63, 66, 69, 72, 75, 78, 80.5])
    assert queries.late_targets(EVERYTHING, NOW) == []
    assert queries.target_summary(EVERYTHING, NOW).on_track == 1
    answer = Indicator.objects.get(code="NQ71-11.6")
    assert answer.responsible.name.startswith("Văn phòng")
    assert answer.assumed


def test_two_figures_are_too_few_to_judge():
    give("NQ71-11.6", [60, 63])
    told = queries.target_summary(EVERYTHING, NOW)
    assert (told.judged, Series.objects.get().chance) == (0, None)


def test_a_second_figure_of_a_period_replaces_the_first_which_is_kept():
    give("NQ71-11.6", [60])
    give("NQ71-11.6", [61])
    assert Series.objects.get().value == 61
    assert Observation.objects.count() == 2
    services.withdraw(actor=None, observation=Observation.objects.get(ended_at=None), reason="Ghi nhầm", at=NOW)
    assert not Series.objects.exists()
    assert AuditEntry.objects.filter(verb="targets.withdraw").count() == 1


@pytest.mark.parametrize(
    ("code", "value", "period", "proof"),
    [
        ("NQ71-11.6", 120, "9/2026", Proof(note="BC")), ("NQ71-11.6", 12, "9/2027", Proof(note="BC")),
        ("NQ71-11.6", 12, "hôm qua", Proof(note="BC")), ("NQ71-11.6", 12, "9/2026", Proof()),
        ("NQ71-11.6", 12, "9/2026", Proof(link="javascript:alert(1)")), ("Q2629-R1", 70, "2026", Proof(note="BC")),
    ],
)  # fmt: skip
def test_a_figure_without_sense_or_proof_is_refused(code, value, period, proof):
    root = make.city()
    with pytest.raises(Refused):
        services.record_observation(
            actor=None, indicator_code=code, unit=root, period=period, value=Decimal(value), proof=proof, at=NOW
        )
    assert not Observation.objects.exists()


def test_a_head_writes_down_the_own_figure_sees_no_others_and_the_form_keeps_what_was_typed(as_user):
    own, other = make.unit("Phường Cái Khế"), make.unit("Phường Ninh Kiều")
    give("Q2629-I.2.2", [50, 51, 52], unit=other)
    client = as_user(make.user("head", unit=own))
    page = reverse("targets:show", args=["Q2629-I.2.2"])
    assert "Phường Ninh Kiều" not in words(client.get(page))
    address, sent = reverse("targets:record", args=["Q2629-I.2.2"]), {"unit": own.pk, "period": "x9", "value": "71,5"}
    reply = client.post(address, sent)
    assert reply.status_code == 422
    assert 'value="x9"' in words(reply)
    assert client.post(address, sent | {"unit": other.pk, "period": "9/2026", "note": "BC 2"}).status_code == 422
    assert client.post(address, sent | {"period": "quý 3/2026", "note": "BC 2"}).status_code == 302
    assert Observation.objects.get(unit=own).value == Decimal("71.5")
    assert "71,5" in words(client.get(page))
    foreign = Observation.objects.filter(unit=other).first()
    assert client.post(reverse("targets:withdraw", args=[foreign.pk]), {"reason": "x"}).status_code == 404
    assert {row.unit for row in queries.late_targets(Scope(paths=(own.path,)), NOW)} <= {own.name}


def test_the_list_of_late_targets_says_whose_in_both_languages(as_user):
    give("CT14-01", [40, 41, 40.5, 41.2, 40.8, 41, 41.3, 41.1], unit=make.unit("Phường Cái Khế"))
    client = as_user(make.user("training"))
    page = words(client.get(reverse("targets:late")))
    assert "Phường Cái Khế" in page
    assert "1 chỉ tiêu chậm" in page
    client.cookies["django_language"] = "en"
    assert client.get(reverse("targets:late")).status_code == 200


@pytest.mark.parametrize(
    ("text", "code", "last"),
    [
        ("9/2026", "2026-09", date(2026, 9, 30)), ("tháng 2 năm 2024", "2024-02", date(2024, 2, 29)),
        ("Quý III/2026", "2026-Q3", date(2026, 9, 30)), ("6 tháng đầu năm 2026", "2026-H1", date(2026, 6, 30)),
        ("năm 2026", "2026", date(2026, 12, 31)), ("2026-Q1", "2026-Q1", date(2026, 3, 31)),
    ],
)  # fmt: skip
def test_periods_as_people_write_them(text, code, last):
    found = periods.parse(text)
    assert (found.code, found.last) == (code, last)
    assert periods.of_code(code) == found


def test_figures_of_quarters_make_a_line_of_quarters():
    line = judging.line_of([(date(2026, 3, 31), 1.0), (date(2026, 6, 30), 2.0), (date(2026, 12, 31), 4.0)])
    assert line.step == 3
    assert line.values[:2] == (1.0, 2.0)
    assert line.values[2] != line.values[2]
    assert line.steps_to(date(2027, 12, 31), 72) == 4
