"""Files of the named systems: preview, apply as a whole, undo; every fault with its row and column."""

from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.core.refusals import Refused
from nanglucso.govern.targets import services
from nanglucso.govern.targets.models import FigureImport, Observation, Series
from nanglucso.govern.targets.services import Proof
from nanglucso.govern.targets.shipped import systems
from nanglucso.workforce.people.models import Unit
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at(300)  # 27/12/2026
HEADS = "Đơn vị,Kỳ báo cáo,Hồ sơ thanh toán trực tuyến,Hồ sơ có nghĩa vụ tài chính"


@pytest.fixture(autouse=True)
def _loaded(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    make.city()
    services.load_targets(at=make.AT)
    with time_machine.travel(NOW, tick=False):
        yield


def read(*lines, system="thanh-toan", name="thang-11.csv"):
    stream = BytesIO("\n".join(lines).encode())
    return services.read_figures(actor=None, system=system, stream=stream, name=name, content_type="text/csv", at=NOW)


def current():
    return {
        (one.indicator.code, one.unit.name, one.period): one.value
        for one in Observation.objects.filter(ended_at=None).select_related("indicator", "unit")
    }


def test_a_row_of_counts_gives_shares_for_every_target_of_the_level_and_undo_brings_back_what_stood():
    root = make.city()
    services.record_observation(
        actor=None, indicator_code="NQ71-11.6", unit=root, period="2026-11", value=Decimal(40), proof=Proof(note="BC 1"),
        at=make.at(290),
    )  # fmt: skip
    row = read(HEADS, "Toàn thành phố,Tháng 11/2026,455,700", "UBND phường Cái Khế,11/2026,45,60")
    assert current() == {("NQ71-11.6", root.name, "2026-11"): 40}, "a file that was only read changes nothing"
    assert {one["code"] for one in row.plan["rows"]} == {"IDX-TT", "NQ71-11.6"}
    assert services.apply_figures(actor=None, row=row, at=NOW) == 4
    told = current()
    assert told["NQ71-11.6", root.name, "2026-11"] == 65
    assert told["IDX-TT", "Phường Cái Khế", "2026-11"] == 75
    one = Observation.objects.get(indicator__code="IDX-TT", unit=root)
    assert (one.part, one.whole, one.system, one.file.name) == (455, 700, "thanh-toan", "thang-11.csv")
    assert Series.objects.get(indicator__code="NQ71-11.6", unit=root).value == 65
    with pytest.raises(Refused):
        services.apply_figures(actor=None, row=row, at=NOW)
    assert services.undo_figures(actor=None, row=row, at=NOW) == (4, 0)
    assert current() == {("NQ71-11.6", root.name, "2026-11"): 40}
    assert Series.objects.get().value == 40
    with pytest.raises(Refused):
        services.undo_figures(actor=None, row=row, at=NOW)


def test_the_same_file_again_changes_nothing_and_an_undo_leaves_what_was_corrected_since():
    first = read(HEADS, "Toàn thành phố,11/2026,455,700")
    services.apply_figures(actor=None, row=first, at=NOW)
    again = read(HEADS, "Toàn thành phố,11/2026,455,700")
    assert (again.plan["rows"], again.plan["same"]) == ([], 2)
    services.record_observation(
        actor=None, indicator_code="NQ71-11.6", unit=make.city(), period="2026-11", value=Decimal(66),
        proof=Proof(note="BC 2"), at=NOW,
    )  # fmt: skip
    assert services.undo_figures(actor=None, row=first, at=NOW) == (1, 1)
    assert list(current().values()) == [66]


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("Phường Không Có,11/2026,1,2", "Đơn vị", "is no unit here"),
        ("Toàn thành phố,hôm qua,1,2", "Kỳ báo cáo", "is not a period"),
        ("Toàn thành phố,11/2027,1,2", "Kỳ báo cáo", "future"),
        ("Toàn thành phố,11/2026,nhiều,2", "Hồ sơ thanh toán trực tuyến", "is not a number"),
        ("Toàn thành phố,11/2026,3,2", "Hồ sơ thanh toán trực tuyến", "more than the total"),
        ("Toàn thành phố,11/2026,3,", "Hồ sơ có nghĩa vụ tài chính", "blank"),
        ("Toàn thành phố,11/2026,0,0", "Hồ sơ có nghĩa vụ tài chính", "nought"),
        ("Toàn thành phố,10/2026,5,10", "Kỳ báo cáo", "stands in row"),
    ],
)
def test_a_bad_row_is_left_out_with_its_row_and_column(line, column, said):
    row = read(HEADS, "Toàn thành phố,10/2026,1,2", line)
    assert len(row.plan["rows"]) == 2
    (fault,) = row.plan["problems"]
    assert (fault["row"], fault["column"]) == (3, column)
    assert said in fault["template"]


def test_the_reporting_system_names_targets_itself_and_a_part_of_one_is_asked_about():
    row = read(
        "Mã chỉ tiêu,Đơn vị,Kỳ,Kết quả", "CT14-01,Sở Nội vụ,2026-Q3,85", "CT14-01,Sở Nội vụ,2026-Q2,0.85",
        "KHONG-CO,Sở Nội vụ,2026-Q3,85", "Q2629-R1,Sở Nội vụ,2026-Q3,85", system="bao-cao-chinh-phu",
    )  # fmt: skip
    assert [one["code"] for one in row.plan["rows"]] == ["CT14-01"]
    assert [one["column"] for one in row.plan["problems"]] == ["Kết quả", "Mã chỉ tiêu", "Mã chỉ tiêu"]


def test_a_unit_that_has_ended_is_named_and_stops_the_applying():
    row = read(HEADS, "Phường Cái Khế,11/2026,1,2")
    Unit.objects.filter(name="Phường Cái Khế").update(until=NOW.date())
    with pytest.raises(Refused, match="Cái Khế"):
        services.apply_figures(actor=None, row=row, at=NOW)
    assert not Observation.objects.exists()
    again = read(HEADS, "Phường Cái Khế,11/2026,1,2")
    assert "no longer exists" in again.plan["problems"][0]["template"]


def test_every_system_has_a_template_that_it_reads_itself_and_only_known_targets():
    from nanglucso.govern.targets.models import Indicator

    codes = set(Indicator.objects.values_list("code", flat=True))
    for one in systems().values():
        assert {code for told in one.counted for code in told.indicators} <= codes
        heads = [texts[0] for texts in one.headings.values()]
        told = {"unit": "Toàn thành phố", "period": "11/2026", "indicator": "NQ71-11.6"}
        row = read(",".join(heads), ",".join(told.get(field, "50") for field in one.headings), system=one.code)
        assert row.plan["rows"], one.code
        assert not row.plan["problems"]


def test_from_the_form_to_the_proof_on_the_targets_page(as_user):
    client = as_user(make.user("training"))
    new, text = reverse("targets:file_new"), f"{HEADS}\nToàn thành phố,11/2026,455,700\nX,11/2026,1,2"
    bad = client.post(new, {"system": "dich-vu-cong", "file": SimpleUploadedFile("rong.csv", b"a,b\n1,2")})
    assert bad.status_code == 422
    assert 'value="dich-vu-cong" selected' in bad.content.decode()
    assert not FigureImport.objects.exists()
    sent = SimpleUploadedFile("thang-11.csv", text.encode())
    page = client.post(new, {"system": "thanh-toan", "file": sent}, follow=True).content.decode()
    for told in ("455", "NQ71-11.6", "dòng 3, cột “Đơn vị”", "Áp dụng"):
        assert told in page
    row = FigureImport.objects.get()
    assert client.post(reverse("targets:file_apply", args=[row.pk]), follow=True).status_code == 200
    assert "thang-11.csv" in client.get(reverse("targets:show", args=["NQ71-11.6"])).content.decode()
    original = client.get(reverse("targets:file_original", args=[row.pk]))
    assert original.getvalue().decode() == text
    assert client.post(reverse("targets:file_undo", args=[row.pk]), follow=True).status_code == 200
    assert not Observation.objects.filter(ended_at=None).exists()
