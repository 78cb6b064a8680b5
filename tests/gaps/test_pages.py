"""Gap pages: scope, names, and a workbook that says exactly what the screen says."""

import re
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from nanglucso.core.models import AuditEntry
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.ui.figures import num1, pct
from nanglucso.workforce.people.models import Unit
from tests import make
from tests.gaps.believed import above, below

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


@pytest.fixture
def city():
    """Six people in Sở Nội vụ (half of them met), two in Sở Tài chính (measured), one never measured in a commune."""
    here, there, commune = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính"), make.unit("Xã Phong Điền")
    position = make.position()
    inside = [(above if i % 2 else below)(make.person(unit=here, position=position)) for i in range(6)]
    outside = [below(make.person(unit=there, position=position)) for _ in range(2)]
    new = make.person(unit=commune, position=position)
    return {"here": here, "there": there, "commune": commune, "inside": inside, "outside": outside, "new": new}


def main(reply):
    return reply.content.decode().split('<main id="main">')[1].split("</main>")[0]


def heat_on_screen(page):
    """Rows of the heat map as the screen has them: name, then the words of every cell."""
    body = re.search(r'<table class="heat city">.*?</table>', page, re.S).group(0)
    rows = []
    for line in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)[1:]:
        name = re.search(r'<th scope="row">(.*?)</th>', line, re.S)
        if name:
            cells = re.findall(r"<td.*?>(.*?)</td>", line, re.S)
            rows.append([re.sub(r"<span>.*", "", name.group(1), flags=re.S), *cells])
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]


def sheet(reply):
    rows = CalamineWorkbook.from_filelike(BytesIO(reply.content)).get_sheet_by_index(0).to_python()
    top = next(i for i, row in enumerate(rows) if row[1] not in ("", None))
    return [str(row[0]) for row in rows[:top] if row[0]], rows[top], rows[top + 1 :]


def as_words(value):
    return f"– {value}" if isinstance(value, str) else pct(value, 0)


@pytest.mark.parametrize(
    "query", [{}, {"domain": "S3"}, {"domain": "all", "sort": "name"}, {"kind": "so", "sort": "S5"}]
)
@pytest.mark.parametrize("what", ["city", "positions"])
def test_the_workbook_of_a_heat_map_equals_the_screen(as_user, city, what, query):
    client = as_user(make.user("training"))
    screen = heat_on_screen(main(client.get(reverse(f"gaps:{what}"), query)))
    titles, _head, rows = sheet(client.get(reverse("gaps:export", args=[what]), query))
    assert [[row[0], *map(as_words, row[3:])] for row in rows] == screen
    assert len(screen) >= 2
    assert any("02/03/2026" in title or "03/03/2026" in title for title in titles)
    assert any("Toàn thành phố" in title or "Whole city" in title for title in titles)


def test_the_workbook_of_a_small_unit_equals_the_screen(as_user, city):
    client = as_user(make.user("head", city["here"]))
    page = main(client.get(reverse("gaps:unit")))
    body = re.search(r'<table class="heat folk">.*?</tbody>', page, re.S).group(0)
    screen = []
    for line in re.findall(r"<tr>(.*?)</tr>", body.split("<tbody>")[1], re.S):
        cells = re.findall(r"<td.*?>(.*?)</td>", line, re.S)
        name = re.search(r'<th scope="row">(.*?)</th>', line, re.S).group(1)
        screen.append([unescape(re.sub(r"<[^>]+>", "", cell)).strip(" ?–\n") for cell in (name, *cells)])
    _titles, _head, rows = sheet(client.get(reverse("gaps:export", args=["unit"])))
    said = [[row[0], *(value if isinstance(value, str) else num1(value) for value in row[2:])] for row in rows]
    assert said == screen
    assert len(screen) == 6


def test_every_export_leaves_a_row_in_the_log(as_user, city):
    client = as_user(make.user("leader"))
    reply = client.get(reverse("gaps:export", args=["city"]))
    assert reply["Content-Type"].endswith("spreadsheetml.sheet")
    row = AuditEntry.objects.get(verb="gaps.export")
    assert (row.details["what"], row.details["rows"]) == ("city", 3)


def test_a_leader_sees_units_but_never_a_name(as_user, city):
    client = as_user(make.user("leader"))
    names = [person.full_name for person in (*city["inside"], *city["outside"], city["new"])]
    addresses = [
        reverse("gaps:city"), reverse("gaps:positions"), reverse("gaps:unit"), reverse("gaps:compare"),
        reverse("gaps:unit_of", args=[city["here"].pk]), reverse("gaps:unit_of", args=[city["there"].pk]),
    ]  # fmt: skip
    for address in addresses:
        reply = client.get(address)
        assert reply.status_code == 200
        assert not [name for name in names if name in reply.content.decode()]
    book = client.get(reverse("gaps:export", args=["unit"]), {"unit": city["here"].pk})
    told = str(sheet(book))
    assert not [name for name in names if name in told]


def test_a_small_group_shows_a_leader_no_figure_and_a_training_officer_all(as_user, city):
    page = heat_on_screen(main(as_user(make.user("leader")).get(reverse("gaps:city"))))
    small = next(row for row in page if row[0] == city["there"].name)
    assert {cell[0] for cell in small[1:]} == {"–"}
    page = heat_on_screen(main(as_user(make.user("training")).get(reverse("gaps:city"))))
    small = next(row for row in page if row[0] == city["there"].name)
    assert "100%" in small
    reply = as_user(make.user("leader")).get(reverse("gaps:unit_of", args=[city["there"].pk]))
    assert reply.context["view"].needs == []


def test_a_head_sees_the_own_unit_person_by_person_and_no_neighbour(as_user, city):
    client = as_user(make.user("head", city["here"]))
    page = main(client.get(reverse("gaps:unit")))
    assert all(person.full_name in page for person in city["inside"])
    assert client.get(reverse("gaps:unit_of", args=[city["there"].pk])).status_code == 404
    assert client.get(reverse("gaps:export", args=["unit"]), {"unit": city["there"].pk}).status_code == 404
    assert city["there"].name not in main(client.get(reverse("gaps:city")))


def test_a_cell_of_the_city_leads_to_the_unit_with_the_same_domain(as_user, city):
    client = as_user(make.user("training"))
    address = f"{reverse('gaps:unit_of', args=[city['here'].pk])}?domain=S5"
    assert f'href="{address}"' in main(client.get(reverse("gaps:city")))
    reply = client.get(address)
    assert [c.code for c in reply.context["view"].competences] == ["5.1", "5.2", "5.3", "5.4"]


def test_a_unit_of_more_than_forty_is_shown_by_division(as_user):
    unit = make.unit()
    rooms = list(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1)[:2])
    position = make.position()
    people = [below(make.person(unit=rooms[i % 2], position=position)) for i in range(41)]
    reply = as_user(make.user("head", unit)).get(reverse("gaps:unit"))
    assert reply.context["view"].rows is None
    assert {row.name for row in reply.context["view"].heat.rows} == {room.name for room in rooms}
    assert people[0].full_name not in main(reply)


@pytest.mark.parametrize("name", ["gaps:city", "gaps:unit", "gaps:positions", "gaps:compare"])
def test_roles_without_gaps_and_strangers_stay_outside(as_user, client, name):
    assert reverse("account_login") in client.get(reverse(name)).url
    for role in ("official", "author", "auditor", "admin"):
        assert as_user(make.user(role)).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["gaps:city", "gaps:unit", "gaps:positions", "gaps:compare"])
def test_an_empty_city_teaches_the_next_step(as_user, name):
    reply = as_user(make.user("training")).get(reverse(name))
    assert reply.status_code == 200
    assert 'class="card empty"' in main(reply) or 'class="empty' in main(reply)


def test_two_kept_days_are_compared_by_competence_and_unit(as_user, city):
    take_snapshot(actor=None, framework=make.framework(), label="Đầu năm", at=make.at(-20))
    take_snapshot(actor=None, framework=make.framework(), label="Giữa năm", at=make.AT)
    reply = as_user(make.user("training")).get(reverse("gaps:compare"))
    assert (reply.context["first"].label, reply.context["second"].label) == ("Đầu năm", "Giữa năm")
    assert len(reply.context["competences"]) == 20
    assert [row.name for row in reply.context["rows"]] == [city["here"].name]


def test_what_changed_in_missing_levels_is_headed_as_a_change(as_user, city):
    for day in (1, 2):
        take_snapshot(actor=None, framework=make.framework(), label=f"Ngày {day}", at=make.at(day))
    page = main(as_user(make.user("training")).get(reverse("gaps:compare")))
    assert 'data-l="Thay đổi số mức thiếu"' in page
    assert 'data-l="Số mức thiếu"' not in page


def test_two_people_of_one_name_are_told_apart_by_their_positions(as_user):
    unit = make.unit("Sở Nội vụ")
    posts = [make.position(code) for code in ("VTVL-SO-TH-01", "VTVL-SO-PC-01", "VTVL-SO-PC-01")]
    names = ("Lê Thị Đôi", "Lê Thị Đôi", "Trần Văn Bảo")
    for name, position in zip(names, posts, strict=True):
        below(make.person(name, unit=unit, position=position))
    page = main(as_user(make.user("head", unit)).get(reverse("gaps:unit")))
    assert all(page.count(f"<small>{position.title}</small>") == 1 for position in posts[:2])
    assert "Khoảng cách năng lực số: Sở Nội vụ" in page


def test_two_people_of_one_name_and_position_are_told_apart_by_their_numbers(as_user):
    unit = make.unit("Sở Nội vụ")
    people = [below(make.person("Lê Thị Đôi", unit=unit, staff_code=f"GD{n}")) for n in (1, 2)]
    page = main(as_user(make.user("head", unit)).get(reverse("gaps:unit")))
    assert all(f"<small>{person.position.title}, {person.staff_code}</small>" in page for person in people)


def test_the_key_of_the_map_writes_numbers_as_the_cells_do(as_user):
    unit = make.unit("Sở Nội vụ")
    below(make.person(unit=unit))
    client = as_user(make.user("head", unit))
    pages = {lang: main(client.get(reverse("gaps:unit"), {"lang": lang})) for lang in ("vi", "en")}
    assert "0,3</span>" in pages["vi"]
    assert "1,5 trở lên" in pages["vi"]
    assert "0.3</span>" in pages["en"]
    assert "1.5 and more" in pages["en"]


def test_unknown_filters_are_ignored(as_user, city):
    client = as_user(make.user("training"))
    reply = client.get(reverse("gaps:city"), {"domain": "<script>", "kind": "x", "sort": "'; drop"})
    assert reply.status_code == 200
    assert "<script>" not in main(reply)


def test_the_city_page_takes_the_same_number_of_queries_for_many_people(as_user, city, django_assert_max_num_queries):
    for _ in range(20):
        above(make.person(unit=city["here"]))
    client = as_user(make.user("training"))
    with django_assert_max_num_queries(30):
        client.get(reverse("gaps:city"))
    with django_assert_max_num_queries(30):
        client.get(reverse("gaps:unit_of", args=[city["here"].pk]))
