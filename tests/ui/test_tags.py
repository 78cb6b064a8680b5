"""Numbers, money, dates, links and the competence bar."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from nanglucso.ui import figures, tracks
from nanglucso.ui.templatetags.ui import page_numbers


@pytest.mark.parametrize(
    ("shown", "vietnamese", "english"),
    [
        (lambda: figures.num(1234567), "1.234.567", "1,234,567"),
        (lambda: figures.num(61.756), "61,76", "61.76"),
        (lambda: figures.num1(61.75), "61,8", "61.8"),
        (lambda: figures.num(None), "–", "–"),
        (lambda: figures.pct(0.617), "61,7%", "61.7%"),
        (lambda: figures.signed(8.4), "+8,4", "+8.4"),
        (lambda: figures.signed(-0.2), "−0,2", "−0.2"),
        (lambda: figures.signed(0), "0", "0"),
        (lambda: figures.dong(30_000_000_000), "30,0 tỷ đồng", "VND 30.0 billion"),
        (lambda: figures.dong(1_210_000_000), "1.210 triệu đồng", "VND 1,210 million"),
        (lambda: figures.dong(86_400_000), "86,4 triệu đồng", "VND 86.4 million"),
        (lambda: figures.dong(850_000), "850.000 đồng", "VND 850,000"),
        (lambda: figures.vdate(date(2026, 12, 5)), "05/12/2026", "05/12/2026"),
        (lambda: figures.vtime(datetime(2026, 3, 2, 1, 5, tzinfo=UTC)), "8 giờ 05", "08:05"),
        (
            lambda: figures.vmoment(datetime(2026, 3, 1, 18, 5, tzinfo=UTC)),
            "1 giờ 05 ngày 02/03/2026",
            "01:05, 02/03/2026",
        ),
    ],
)
def test_figures_follow_the_language(shown, vietnamese, english):
    with translation.override("vi"):
        assert shown() == vietnamese
    with translation.override("en"):
        assert shown() == english


@dataclass
class Bar:
    mean: float = 1.6
    low: float = 1.2
    high: float = 1.9
    required: int | None = 2
    state: str = "not_met"
    n_levels: int = 4
    required_name: str = "Trung cấp 2"


def _shape(svg: str, css: str, attribute: str) -> float:
    tag = next(tag for tag in re.findall(r"<[a-z]+ [^>]*>", svg) if f'class="{css}"' in tag)
    return float(re.search(rf' {attribute}="([\d.]+)%"', tag)[1])


def test_the_bar_places_every_part_on_the_level_scale():
    with translation.override("vi"):
        svg = tracks.draw(Bar())
    assert svg.count('class="t-base"') == 5
    assert _shape(svg, "t-dot", "cx") == pytest.approx(32.0)
    assert _shape(svg, "t-band", "x") == pytest.approx(24.0)
    assert _shape(svg, "t-band", "width") == pytest.approx(14.0)
    assert _shape(svg, "t-req", "x") == pytest.approx(40.0)
    assert (_shape(svg, "t-short", "x1"), _shape(svg, "t-short", "x2")) == (32.0, 40.0)
    assert 'class="track gap"' in svg
    assert "Đo được mức 1,6, khoảng 1,2 đến 1,9; vị trí yêu cầu Trung cấp 2; chưa đạt" in svg


def test_the_bar_of_a_framework_with_another_number_of_levels():
    svg = tracks.draw({"mean": 3, "low": 2, "high": 4, "required": 2, "state": "met", "n_levels": 5})
    assert svg.count('class="t-base"') == 6
    assert _shape(svg, "t-dot", "cx") == pytest.approx(50.0)
    assert "t-short" not in svg


def test_the_bar_stays_inside_and_shows_no_tick_without_a_requirement():
    svg = tracks.draw({"mean": 9, "low": -1, "high": 9, "required": None, "state": ""})
    assert _shape(svg, "t-band", "x") == 0
    assert _shape(svg, "t-band", "width") == 100
    assert "t-req" not in svg


def _drawn(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


def test_query_keeps_the_rest_and_forgets_the_page():
    out = _drawn("{% query role='head' unit=None %}", "/?q=an&unit=5&page=3")
    assert out == "?q=an&amp;role=head"


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in _drawn("{% icon 'search' 20 %}")
    assert 'width="20"' in _drawn("{% icon 'search' 20 %}")


def test_a_sort_head_turns_the_order_round():
    first = _drawn("{% sort_head 'name' 'Tên' %}", "/?q=an")
    again = _drawn("{% sort_head 'name' 'Tên' %}", "/?q=an&sort=name")
    assert "aria-sort" not in first
    assert "sort=name" in first
    assert 'aria-sort="ascending"' in again
    assert "sort=-name" in again


def test_the_pager_leaves_numbers_out():
    out = list(page_numbers(Paginator(range(1000), 10).get_page(50)))
    assert (out[0], out[-1]) == (1, 100)
    assert {"…", 48, 50, 52} <= set(out)
    assert len(out) == 9


@pytest.mark.parametrize(
    ("figure", "html"),
    [
        ("120 triệu đồng", '120 <span class="of">triệu đồng</span>'),
        ("VND 3.5 million", '<span class="of">VND</span> 3.5 <span class="of">million</span>'),
        ("VND 850,000", '<span class="of">VND</span> 850,000'),
        ("18 · 779", "18 · 779"),
        ("80", "80"),
        ("0,25", "0,25"),
        ("61,7%", "61,7%"),
        ("chưa có", "chưa có"),
        ("<b>3</b>", "&lt;b&gt;3&lt;/b&gt;"),
    ],
)
def test_the_words_of_a_figure_are_set_small_and_plain_words_are_not(figure, html):
    shown = Template("{% load ui %}{{ figure|small_words }}").render(Context({"figure": figure}))
    assert shown == html
