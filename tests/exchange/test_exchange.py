"""Other systems read what their token allows and nothing beside; open data keep small counts back."""

import csv
import io
import json
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from nanglucso.core.clock import now
from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.govern.exchange import counting, queries, services
from nanglucso.govern.exchange.api import ROWS
from nanglucso.govern.exchange.exchangerules import dictionary
from nanglucso.govern.exchange.models import ApiToken, Release
from nanglucso.measure.gaps.queries import SMALL_GROUP
from nanglucso.workforce.framework.queries import current_framework
from tests import make
from tests.engines.test_suppression import attack

pytestmark = pytest.mark.django_db
EVERYTHING = sorted(ROWS)


def token(resources=None, unit=None, days=30, at=None):
    return services.issue_token(
        actor=None, name="Kho dữ liệu", resources=resources or EVERYTHING, unit=unit, days=days, at=at or now()
    )


def ask(code, secret="", **headers):
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    return Client(headers=headers).get(f"/api/v1/{code}", {"size": 500})


@pytest.mark.parametrize("code", ["units", "gaps", "hours"])
def test_a_token_of_a_unit_never_sees_the_neighbour(two, code):
    a, b = two
    _row, secret = token(unit=a)
    rows = ask(code, secret).json()["data"]
    seen = {row.get("unit") or row.get("code") for row in rows}
    inside = set(type(a).objects.filter(path__startswith=a.path).values_list("code", flat=True))
    assert a.code in seen
    assert seen <= inside
    assert b.code not in json.dumps(rows)
    _row, whole = token()
    told = ask(code, whole).json()["data"]
    assert b.code in json.dumps(told) or len(told) == 500
    assert code == "units" or [row for row in queries.newest().tables[code] if row["unit"] in inside][:500] == rows


@pytest.mark.parametrize("code", EVERYTHING)
def test_a_token_reads_its_tables_only_and_every_field_stands_in_the_dictionary(two, code):
    _row, secret = token([code])
    assert ask(code, secret).status_code == 200
    others = [other for other in EVERYTHING if other != code]
    assert {ask(other, secret).status_code for other in others} == {403}
    assert [one.name for one in dictionary()[code].fields] == list(ROWS[code].model_fields)


def test_every_released_column_stands_in_the_dictionary(two):
    found = queries.newest()
    for code, rows in found.tables.items():
        assert rows
        assert dictionary()[code].open
        assert {name for row in rows for name in row} == {one.name for one in dictionary()[code].fields}


def test_a_token_that_is_wrong_ended_or_revoked_opens_nothing(two):
    row, secret = token()
    assert ask("units").status_code == ask("units", "nls_khac").status_code == 401
    assert ask("units", secret).status_code == 200
    services.revoke_token(actor=None, token=row, at=now())
    assert ask("units", secret).status_code == 401
    _row, old = token(days=1, at=now() - timedelta(days=2))
    answer = ask("units", old)
    assert answer.status_code == 401
    assert list(answer.json()) == ["error"]


def test_the_secret_is_kept_nowhere(two):
    row, secret = token()
    kept = json.dumps(list(ApiToken.objects.values()), default=str) + json.dumps(
        list(AuditEntry.objects.values()), default=str
    )
    assert secret not in kept
    assert row.digest == services.digest_of(secret)


def test_calls_are_counted_over_a_minute_and_the_next_one_is_refused(two):
    row, secret = token()
    ApiToken.objects.filter(pk=row.pk).update(a_minute=2)
    assert [ask("units", secret).status_code for _n in range(3)] == [200, 200, 429]
    ApiToken.objects.filter(pk=row.pk).update(window_at=now() - timedelta(minutes=2))
    assert ask("units", secret).status_code == 200
    row.refresh_from_db()
    assert row.calls == 3
    assert AuditEntry.objects.filter(verb="exchange.use_token").count() == 1


def test_what_has_not_changed_is_not_sent_again(two):
    _row, secret = token()
    first = ask("gaps", secret)
    again = ask("gaps", secret, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address", ["units?page=0", "units?size=501", "gaps?page=x", "units?other=1", "hours?page=1&unit=x"]
)
def test_a_parameter_that_does_not_fit_is_refused_in_one_sentence(two, address):
    _row, secret = token()
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get(f"/api/v1/{address}")
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    assert any(name in answer.json()["error"] for name in ("page", "other", "unit"))


def test_pages_follow_one_another(two):
    _row, secret = token()
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    first, second = (client.get("/api/v1/units", {"page": n, "size": 5}).json() for n in (1, 2))
    assert len(first["data"]) == len(second["data"]) == 5
    assert first["data"] + second["data"] == queries.units(counting.EVERYTHING)[:10]


def test_a_token_without_a_table_or_that_lasts_too_long_is_refused(db):
    with pytest.raises(Refused):
        services.issue_token(actor=None, name="x", resources=[], unit=None, days=3, at=now())
    with pytest.raises(Refused):
        token(days=9999)


def test_counts_kept_back_in_a_release_cannot_be_worked_out(db):
    """Two tables that hang together, totals and states: the attacker knows all totals, or only what is shown."""
    rng = np.random.default_rng(20260303)
    for _n in range(6):
        parent = np.array([-1, 0, 0, 0, 1, 1, 2, 2])
        counts = rng.integers(0, 12, (8, 3))
        for u in (1, 2):
            counts[u] = counts[parent == u].sum(0)
        counts[0] = counts[1:4].sum(0)
        hidden, _safe = counting.veiled(counts, parent)
        low, high = attack(counts, parent, hidden[:, :3])
        wanted = np.minimum(SMALL_GROUP, counts.sum(1, keepdims=True)).repeat(3, 1)
        assert hidden.any()
        assert (high - low >= wanted - 1e-6)[hidden[:, :3]].all()
        low, high = attack(counts.sum(1, keepdims=True), parent, hidden[:, 3:], totals=False)
        assert (high - low >= SMALL_GROUP - 1e-6)[hidden[:, 3:]].all()


def published(client, code):
    """[{column: text}] of the file that everybody can fetch."""
    text = client.get(reverse("exchange:open_file", args=[code, "csv"])).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("code", "words"), [("gaps", ("met", "not_met", "not_yet_known")), ("hours", ("met", "not_met"))]
)
def test_no_hidden_count_can_be_worked_out_from_the_published_files(two, client, monkeypatch, code, words):
    services.set_public(actor=None, is_open=True, at=now())
    files = published(client, code)
    monkeypatch.setattr(
        counting, "veiled", lambda counts, *_: (np.zeros((len(counts), counts.shape[1] + 1), bool), True)
    )
    truth = counting.tables(current_framework(), at=queries.newest().at)[code]
    above = {row["code"]: row["parent"] for row in queries.units(counting.EVERYTHING)}
    tried, hidden_in_all = set(), 0
    for name in sorted({row.get("competence", "") for row in truth}):
        pairs = [
            (file, real) for file, real in zip(files, truth, strict=True)
            if real.get("competence", "") == name and real["required"]
        ]  # fmt: skip
        counts = np.array([[real[word] for word in words] for _file, real in pairs], np.int64).reshape(-1, len(words))
        hidden = np.array([[file[word] == "" for word in (*words, "required")] for file, _real in pairs], bool)
        shown = [(file[w], real[w]) for file, real in pairs for w in (*words, "required") if file[w] != ""]
        assert all(int(told) == true and not 0 < true < SMALL_GROUP for told, true in shown)
        at = {real["unit"]: n for n, (_file, real) in enumerate(pairs)}
        parent = np.array([at.get(above[real["unit"]], -1) for _file, real in pairs])
        hidden_in_all += hidden.sum()
        if not pairs or (key := (counts.tobytes(), hidden.tobytes())) in tried or len(tried) == 3:
            continue
        tried.add(key)
        low, high = attack(counts, parent, hidden[:, :-1])
        whole = counts.sum(1, keepdims=True)
        small = ((counts > 0) & (counts < SMALL_GROUP)) | (whole < SMALL_GROUP)
        assert hidden[:, :-1][small].all()
        assert (high - low >= np.minimum(SMALL_GROUP, whole) - 1e-6)[small].all()
        assert (high - low >= 1 - 1e-6)[hidden[:, :-1]].all()
        low, high = attack(whole, parent, hidden[:, -1:], totals=False)
        assert (high - low >= SMALL_GROUP - 1e-6)[hidden[:, -1:]].all()
    assert tried
    assert hidden_in_all


def test_open_data_show_no_small_count_and_wait_for_the_switch(two, client):
    page, file = reverse("exchange:open"), reverse("exchange:open_file", args=["gaps", "json"])
    assert client.get(page).status_code == client.get(file).status_code == 404
    services.set_public(actor=None, is_open=True, at=now())
    told = client.get(file).json()
    figures = [
        v for row in told["rows"] for k, v in row.items() if k in ("met", "not_met", "not_yet_known", "required")
    ]
    assert not [v for v in figures if v and v < SMALL_GROUP]
    assert told["licence"]["code"]
    csv = client.get(reverse("exchange:open_file", args=["gaps", "csv"])).content.decode("utf-8-sig")
    assert len(csv.splitlines()) == len(told["rows"]) + 1
    assert client.get(page).status_code == 200
    services.set_public(actor=None, is_open=False, at=now())
    assert client.get(page).status_code == 404


def test_the_administrator_issues_a_token_that_is_shown_once(two, client):
    client.force_login(make.user("admin"))
    page = reverse("exchange:tokens")
    answer = client.post(page, {"name": "Kho thành phố", "resources": ["units"], "unit": "", "days": "30"})
    secret = answer.content.decode().split('<code class="break" translate="no">')[1].split("<")[0]
    assert ask("units", secret).status_code == 200
    assert secret not in client.get(page).content.decode()
    assert client.post(page, {"name": "Giữ lại", "unit": "không có", "days": "3"}).status_code == 422


def test_the_officer_makes_a_release_and_the_description_names_every_field(two, client):
    client.force_login(make.user("training"))
    assert "bộ tiếp theo được lập từ ngày" in client.post(reverse("exchange:releases"), follow=True).content.decode()
    assert not Job.objects.filter(kind=services.MAKING).exists()
    Release.objects.update(at=now() - timedelta(days=81))
    assert client.post(reverse("exchange:releases")).status_code == 302
    assert Job.objects.filter(kind=services.MAKING).count() == 1
    assert queries.newest().digest in client.get(reverse("exchange:releases")).content.decode()
    page = client.get(reverse("exchange:described")).content.decode()
    assert all(one.name in page for table in dictionary().values() for one in table.fields)
