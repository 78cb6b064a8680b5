"""Standard setting: judges' entries, the cut with its error, and a framework that no panel touches."""

import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.engines.panels import angoff, bookmark
from nanglucso.measure.quality import panelling, services
from nanglucso.measure.quality.models import Panel
from nanglucso.workforce.framework.models import Competence, Framework
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make.user("author")


def opened(author, method="angoff", **told):
    competence = make.framework().competences.get(code="1.1")
    given = {"title": "Hội đồng thử", "level": 2, "made_up": True, "at": make.AT} | told
    return services.open_panel(actor=author, method=method, competence=competence, **given)


def cuts():
    return list(Framework.objects.values("cuts")), list(
        Competence.objects.order_by("pk").values_list("cuts", flat=True)
    )


def test_angoff_entries_over_http_give_the_engines_cut(as_user, author):
    panel, before = opened(author), cuts()
    rows, client = panelling.versions(panel), as_user(author)
    url = reverse("quality:panel_enter", args=[panel.pk])
    table = [[40 + 5 * judge + n % 7 for n in range(len(rows))] for judge in range(4)]
    for judge, ratings in enumerate(table):
        data = {"judge": f"GK{judge + 1}", "table": ""} | {f"r{n}": str(x) for n, x in enumerate(ratings)}
        assert client.post(url, data).status_code == 302
    out = client.get(reverse("quality:panel", args=[panel.pk])).context["out"]
    want = angoff(panelling.bank_of(rows), [[x / 100 for x in ratings] for ratings in table])
    assert out.cut.theta == pytest.approx(want.theta)
    assert out.cut.se == pytest.approx(want.se)
    assert [theta for _entry, theta in out.judges] == pytest.approx(want.judges.tolist())
    assert out.in_use == pytest.approx(float(make.framework().cuts[1]))
    assert out.apart == (abs(want.theta - out.in_use) > 1.96 * want.se)
    assert cuts() == before


def test_bookmark_entries_give_the_engines_cut_and_tables_are_the_sample(as_user, author):
    panel = opened(author, "bookmark")
    rows, client = panelling.versions(panel), as_user(author)
    size = panelling.size(panel, rows)
    assert len(panelling.book(rows)) == size == sum(len(v.b) for v in rows)
    marks = [("GK1", "1", 3), ("GK2", "1", 4), ("GK3", "2", 7), ("GK4", "2", 8)]
    for judge, at, mark in marks:
        data = {"judge": judge, "table": at, "mark": str(mark)}
        assert client.post(reverse("quality:panel_enter", args=[panel.pk]), data).status_code == 302
    out = client.get(reverse("quality:panel", args=[panel.pk])).context["out"]
    want = bookmark(panelling.bank_of(rows), [3, 4, 7, 8], ["1", "1", "2", "2"])
    assert (out.cut.theta, out.cut.se) == (pytest.approx(want.theta), pytest.approx(want.se))


def test_a_rejected_entry_keeps_what_was_typed(as_user, author):
    panel = opened(author)
    reply = as_user(author).post(
        reverse("quality:panel_enter", args=[panel.pk]), {"judge": "GK7", "r0": "140", "r1": "55"}
    )
    page = reply.content.decode()
    assert reply.status_code == 422
    assert 'value="GK7"' in page
    assert 'value="140"' in page
    assert 'value="55"' in page
    assert not panel.entries.exists()


def test_the_same_code_replaces_and_the_log_keeps_both(author):
    panel = opened(author, "bookmark")
    for mark in (3, 5):
        services.enter(actor=author, panel=panel, judge=" GK1 ", table="", values=[mark], at=make.AT)
    assert [one.values for one in panel.entries.all()] == [[5]]
    told = [row.details for row in AuditEntry.objects.filter(verb="quality.enter_panel").order_by("seq")]
    assert [(one["replaced"], one["values"]) for one in told] == [(None, [3]), ([3], [5])]


def test_one_judge_is_no_panel_and_a_closed_one_takes_nothing(as_user, author):
    panel = opened(author, "bookmark")
    services.enter(actor=author, panel=panel, judge="GK1", table="", values=[3], at=make.AT)
    assert panelling.outcome(panel, panelling.versions(panel), list(panel.entries.all())).cut is None
    with pytest.raises(Refused):
        services.close_panel(actor=author, panel=panel, at=make.AT)
    services.enter(actor=author, panel=panel, judge="GK2", table="", values=[4], at=make.AT)
    as_user(author).post(reverse("quality:panel_close", args=[panel.pk]))
    panel.refresh_from_db()
    assert panel.closed_by == author
    with pytest.raises(Refused):
        services.enter(actor=author, panel=panel, judge="GK3", table="", values=[4], at=make.AT)


def test_entries_beyond_the_test_say_so_instead_of_a_number(author):
    panel = opened(author)
    n = len(panelling.versions(panel))
    for judge in ("GK1", "GK2"):
        services.enter(actor=author, panel=panel, judge=judge, table="", values=[1.0] * n, at=make.AT)
    out = panelling.outcome(panel, panelling.versions(panel), list(panel.entries.all()))
    assert out.cut is None
    assert out.why


def test_nothing_is_shipped_and_an_exercise_says_so_on_its_page(as_user, author):
    assert not Panel.objects.exists()
    client = as_user(author)
    assert "No panel has sat yet" in client.get(reverse("quality:panels"), {"lang": "en"}).content.decode()
    told = {"title": "Thử", "method": "angoff", "competence": "1.1", "level": "2", "made_up": "on"}
    page = client.post(reverse("quality:panel_new"), told, follow=True).content.decode()
    assert "exercise, made up" in page
    few = make.framework().competences.get(code="1.1")
    few.items.update(status="retired")
    assert client.post(reverse("quality:panel_new"), told).status_code == 422
