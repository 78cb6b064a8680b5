"""A month's meetings become a figure of the targets about them: by a person's act, proven by archives, never twice."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.govern.meetings import services
from nanglucso.govern.meetings.queries import feeding
from nanglucso.govern.targets.models import Observation
from nanglucso.govern.targets.services import load_targets
from tests import make
from tests.meetings import held

pytestmark = pytest.mark.django_db
APRIL = make.at(40)


@pytest.fixture(autouse=True)
def _loaded(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.city()
    load_targets(at=make.AT)


def months():
    return feeding.months(make.city(), 2026)


def test_only_archived_meetings_count_as_paperless_and_a_person_writes_the_figure_down(as_user):
    one = held.recorded()
    held.over()
    (march,) = months()
    assert (march.period.code, march.held, march.paperless, march.proven, march.value) == ("2026-03", 2, 2, 0, 0)
    archive = services.make_archive(actor=None, meeting=one, at=make.at(3))
    (march,) = months()
    assert (march.proven, march.value, march.seals) == (1, Decimal(50), [archive.file.sha256])
    assert not Observation.objects.exists(), "nothing is written down by itself"
    client, told = as_user(make.user("training")), {"period": "2026-03", "seal": march.seal}
    with time_machine.travel(APRIL, tick=False):
        page = client.get(reverse("meetings:figures")).content.decode()
        assert march.seal in page
        assert "50%" in page
        assert client.post(reverse("meetings:feed"), told).status_code == 302
        page = client.get(reverse("meetings:figures")).content.decode()
        assert "A26-07</a>: 50%" in page
        assert march.seal in client.get(reverse("targets:show", args=["A26-07"])).content.decode()
    rows = Observation.objects.filter(ended_at=None)
    assert {(row.indicator.code, row.value, row.part, row.whole) for row in rows} == {
        ("A26-07", 50, 1, 2), ("NQ71-11.9", 50, 1, 2)
    }  # fmt: skip
    assert AuditEntry.objects.filter(verb="meetings.feed_targets").count() == 1
    assert as_user(make.user("leader")).post(reverse("meetings:feed"), told).status_code == 403


def test_a_figure_that_was_not_seen_or_stands_already_or_is_of_no_whole_month_is_refused():
    services.make_archive(actor=None, meeting=held.recorded(), at=make.at(3))
    (march,) = months()
    told = {"actor": None, "unit": make.city(), "at": APRIL}
    for period, seal, at in (
        ("2026-03", "0" * 64, APRIL), ("2026-04", march.seal, APRIL), ("x", march.seal, APRIL),
        ("2026-03", march.seal, make.at(4)),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.feed_targets(**told | {"at": at}, period=period, seal=seal)
    assert not Observation.objects.exists()
    assert services.feed_targets(**told, period="2026-03", seal=march.seal) == ["A26-07", "NQ71-11.9"]
    with pytest.raises(Refused, match=r"already|đã"):
        services.feed_targets(**told, period="2026-03", seal=march.seal)
    services.make_archive(actor=None, meeting=held.recorded(), at=make.at(3))
    services.feed_targets(**told, period="2026-03", seal=months()[0].seal)
    assert Observation.objects.filter(indicator__code="A26-07").count() == 2, "the older one is kept as replaced"
    own = make.unit("Sở Nội vụ")
    assert feeding.fed(make.unit("Phường Cái Khế"))[0].code == "NQ71-11.9"
    assert [one.code for one in feeding.fed(own)] == ["A26-07", "NQ71-11.9"]
