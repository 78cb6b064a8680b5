"""What a target depends on: links and who answers, skills short and where, the plan's seats, a reorganisation."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans.models import PlannedSeat
from nanglucso.develop.plans.services import approve, submit_scenario
from nanglucso.govern.targets import drawing, queries, services
from nanglucso.govern.targets.models import Indicator
from nanglucso.measure.gaps import queries as gaps
from nanglucso.project.cli import main
from nanglucso.workforce.people import services as people
from tests import make
from tests.plans import tiny

pytestmark = pytest.mark.django_db
NOW = make.at(300)


@pytest.fixture(autouse=True)
def _loaded():
    make.city()
    services.load_targets(at=make.AT)
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_city_decides_links_and_who_answers_and_loading_again_keeps_both(as_user, capsys):
    client, code = as_user(make.user("training")), "NQ71-11.6"
    address, office = reverse("targets:assign", args=[code]), make.unit("Sở Nội vụ")
    assert client.post(address, {"competences": ["9.9"], "responsible": office.pk}).status_code == 422
    assert client.post(address, {"competences": ["1.1", "4.1"], "responsible": office.pk}).status_code == 302
    assert main(["targets", "load"]) == 0
    assert "107 targets" in capsys.readouterr().out
    row = Indicator.objects.get(code=code)
    assert (row.responsible, row.assumed) == (office, False)
    assert [link.competence for link in row.links.all()] == ["1.1", "4.1"]
    with pytest.raises(Refused):
        services.assign(actor=None, indicator=row, competences=["0.0"], responsible=None, at=NOW)
    assert as_user(make.user("leader")).get(address).status_code == 403


def test_who_answers_follows_a_merger_and_figures_stay():
    one, two = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    row = Indicator.objects.get(code="NQ71-11.6")
    services.assign(actor=None, indicator=row, competences=["4.1"], responsible=one, at=make.AT)
    writer, reader = make.user("training"), make.user("leader")
    draft = people.draft_reorganisation(actor=writer, title="Hợp nhất", day=date(2026, 12, 20), at=make.at(280))
    step = {"kind": "merge", "units": [one.code], "into": two.code}
    draft = people.add_step(actor=writer, row=draft, step=step, scope=EVERYTHING, at=make.at(280))
    assert {"key": "targets.responsible", "n": Indicator.objects.filter(responsible=one).count()} in draft.effects[
        "following"
    ]
    draft = people.send_for_review(actor=writer, row=draft, scope=EVERYTHING, at=make.at(280))
    people.approve(actor=reader, row=draft, mark=draft.mark, scope=EVERYTHING, at=NOW)
    row.refresh_from_db()
    assert row.responsible == two


def test_skills_count_who_is_short_and_who_of_them_has_a_seat_in_time(tmp_path, as_user):
    tiny.city(tmp_path)
    plan, reader = tiny.kept(tiny.scenario()), make.user("leader")
    submit_scenario(actor=make.user("training"), scenario=plan, at=make.at(1))
    approve(actor=reader, scenario=plan, at=make.at(2))
    frame = make.framework()
    table = gaps.gap_table(frame, gaps.active_people(EVERYTHING), at=NOW)
    seated = PlannedSeat.objects.filter(planned_class__course__covers__competence__code="1.1")
    seats = set(seated.values_list("person", flat=True))
    for code, ahead in (("Q2629-I.2.6", True), ("KH01-06", False)):
        one = Indicator.objects.get(code=code)
        services.assign(actor=None, indicator=one, competences=["1.1", "5.1"], responsible=None, at=make.AT)
        told = queries.skills(one, frame, EVERYTHING, hides=False, at=NOW)
        first, other = told.lines
        short = set(table.ids[table.state[:, first.competence.index] == gaps.NOT_MET].tolist())
        assert first.not_met == len(short) > 0
        assert first.seated == len(short & seats) > 0
        assert first.in_time == (first.seated if ahead else 0)
        assert (other.seated, told.plan) == (0, plan)
        assert [head.code for head in told.heat.heads] == ["1.1", "5.1"]
    page = as_user(make.user("training")).get(reverse("targets:skills", args=["KH01-06"])).content.decode()
    assert first.competence.name in page
    assert as_user(reader).get(reverse("targets:skills", args=["KH01-06"]), {"sort": "1.1"}).status_code == 200


def test_a_leader_sees_no_figure_of_fewer_than_five_people():
    for n in range(3):
        make.person(unit=make.unit("Sở Nội vụ"), name=f"Người {n}")
    one = Indicator.objects.get(code="Q2629-I.2.6")
    for line in queries.skill_lines(one, make.framework(), EVERYTHING, hides=True, at=NOW):
        assert line.hidden
        assert (line.required, line.not_met, line.share) == (0, 0, None)


def test_the_picture_holds_actual_demanded_and_expected():
    points = [(date(2026, 1, 31), 40.0), (date(2026, 2, 28), 42.0), (date(2026, 3, 31), 45.0)]
    with translation.override("vi"):
        text = str(drawing.chart(drawing.Picture(points, 80.0, date(2026, 12, 31), 55.0, 62.5, 70.0), unit="%"))
    for told in ("62,5", "55", "70", "chỉ tiêu 80", 'role="img"', "stroke-dasharray"):
        assert told in text
    assert text.count("<circle") == len(points) + 1
    assert drawing.chart(drawing.Picture([], 80.0, None), unit="%") == ""
    assert "<svg" in drawing.chart(drawing.Picture(points[:1], None, None), unit="")
