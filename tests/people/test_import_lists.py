"""Lists of units, positions and required levels: by the wizard and the command line, applied, again, undone exactly."""

import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.kit.faults import BadFile
from nanglucso.kit.spreadsheets import Column, OutSheet, write_xlsx
from nanglucso.project.cli import main
from nanglucso.workforce.people import importing, services
from nanglucso.workforce.people.models import Position, Requirement, RequirementDraft, StaffImport, Unit
from nanglucso.workforce.people.services import matrix as drafting
from tests import make
from tests.people.tables import checksums

pytestmark = pytest.mark.django_db
UNITS = ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Đơn vị cấp trên", "Tên gọi khác", "Ngày thành lập")
NEW_UNIT = ("SNV-P9", "Phòng Chuyển đổi số nội vụ", "Phòng", "SNV", "P. CĐS; Phòng số", "01/03/2026")
POSITIONS = ("Mã vị trí", "Tên vị trí việc làm", "Họ vị trí", "Nhóm", "Loại đơn vị áp dụng", "Tên gọi khác")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make.city()


@pytest.fixture
def officer(as_user):
    return as_user(make.user("training"))


def listed(path, heads, *rows):
    write_xlsx(path, [OutSheet("Danh sách", [Column(head) for head in heads], rows)])
    return path


def plan_of(kind, path, at=make.AT):
    return importing.read_plan(kind, path, path.name, {}, at)[0]


def apply(kind, path, at=make.AT, actor=None):
    plan = plan_of(kind, path, at)
    return services.apply_import(actor=actor, plan=plan, kind=kind, file_name=path.name, at=at)


def above(unit: Unit) -> Unit:
    return Unit.objects.get(path=unit.path[: -Unit.steplen])


def a_position() -> tuple:
    family = make.position().family
    return ("VTVL-THU-01", "Chuyên viên thử nghiệm", family.name_vi, "Chuyên môn, nghiệp vụ", "Sở; Xã", "CV thử")


# ---------------------------------------------------------------- units
def test_new_unit_stands_under_its_agency_and_is_found_by_its_other_names(tmp_path):
    row = apply("units", listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT))
    made = Unit.objects.get(code="SNV-P9")
    assert (row.summary["created"], above(made).code, made.kind) == (1, "SNV", "phong")
    assert made.aliases == ["P. CĐS", "Phòng số"]
    assert "phong so" in made.fold
    assert made.area_id == above(made).area_id


def test_unit_below_a_unit_of_the_same_file(tmp_path):
    below = ("SNV-P9-T1", "Tổ dữ liệu", "phong", "SNV-P9", "", "")
    apply("units", listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT, below))
    assert above(Unit.objects.get(code="SNV-P9-T1")).code == "SNV-P9"


def test_units_twice_change_nothing_and_undo_brings_every_table_back(tmp_path):
    before = checksums()
    path = listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT, ("SNV", "Sở Nội vụ và Lao động", "", "", "", ""))
    row = apply("units", path)
    assert Unit.objects.get(code="SNV").name == "Sở Nội vụ và Lao động"
    again = plan_of("units", path)
    assert (again.size, again.unchanged) == (0, 2)
    services.undo_import(actor=None, row=row, at=make.at(1))
    assert checksums() == before


@pytest.mark.parametrize(
    ("row", "said", "column"),
    [
        (("SNV-P9", "Phòng mới", "Phòng", "Sở Không Có", "", ""), "Sở Không Có", "D"),
        (("SNV-P9", "Phòng mới", "Chi bộ", "SNV", "", ""), "Chi bộ", "C"),
        (("SNV-P1", "", "", "STP", "", ""), "reorganisation", "D"),
        (("SNV-P9", "Phòng mới", "", "SNV", "", ""), "Loại đơn vị", "C"),
        (("SNV-P9", "Phòng mới", "Phòng", "SNV", "", "31/02/2026"), "31/02/2026", "F"),
        (("X" * 41, "Phòng mới", "Phòng", "SNV", "", ""), "longer than 40", "A"),
    ],
)
def test_faulty_unit_is_told_with_its_place_and_left(tmp_path, row, said, column):
    plan = plan_of("units", listed(tmp_path / "a.xlsx", UNITS, row))
    assert plan.size == 0
    (fault,) = plan.problems
    assert (fault.severity, fault.row, fault.column) == ("error", 2, column)
    assert said in fault.template % fault.params


def test_unit_changed_since_the_preview_is_not_overwritten(tmp_path):
    plan = plan_of("units", listed(tmp_path / "a.xlsx", UNITS, ("SNV", "Sở Nội vụ mới", "", "", "", "")))
    Unit.objects.filter(code="SNV").update(name="Sở Nội vụ khác")
    row = services.apply_import(actor=None, plan=plan, kind="units", at=make.AT)
    assert [one["why"] for one in row.summary["conflicts"]] == ["changed"]
    assert Unit.objects.get(code="SNV").name == "Sở Nội vụ khác"


def test_unit_that_people_were_put_in_stays_when_undone(tmp_path):
    row = apply("units", listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT))
    make.person(unit=Unit.objects.get(code="SNV-P9"))
    done = services.undo_import(actor=None, row=row, at=make.at(1))
    assert [one["why"] for one in done.summary["kept"]] == ["used"]
    assert Unit.objects.filter(code="SNV-P9").exists()


# ---------------------------------------------------------------- positions
def test_positions_are_added_changed_and_undone_exactly(tmp_path):
    before = checksums()
    held = make.position()
    path = listed(tmp_path / "a.xlsx", POSITIONS, a_position(), (held.code, "", "", "", "", "Tên khác; Tên khác nữa"))
    row = apply("positions", path)
    made = Position.objects.get(code="VTVL-THU-01")
    assert (made.family_id, made.group, made.unit_kinds) == (held.family_id, "b", ["so", "xa"])
    held.refresh_from_db()
    assert held.aliases == ["Tên khác", "Tên khác nữa"]
    assert plan_of("positions", path).size == 0
    services.undo_import(actor=None, row=row, at=make.at(1))
    assert checksums() == before


def test_position_of_an_unknown_family_is_a_fault(tmp_path):
    plan = plan_of("positions", listed(tmp_path / "a.xlsx", POSITIONS, (*a_position()[:2], "Họ lạ", *a_position()[3:])))
    (fault,) = plan.problems
    assert (fault.column, fault.params["value"]) == ("C", "Họ lạ")


# ---------------------------------------------------------------- required levels
def matrix(tmp_path, *cells, heads=("1.1", "1.2 Đánh giá")):
    code = make.position().code
    return listed(tmp_path / "m.xlsx", ("Mã vị trí", *heads), (code, *cells))


def required(code: str) -> tuple[int, bool] | None:
    row = Requirement.objects.filter(position=make.position(), competence__code=code).first()
    return (row.level, row.must_have) if row else None


def test_matrix_sets_levels_musts_and_takes_away_and_undo_is_exact(tmp_path):
    before = checksums()
    assert required("1.1")
    levels = list(make.framework().levels.values_list("code", flat=True))
    path = matrix(tmp_path, "-", f"{levels[-1]}*")
    officer, leader = make.user("training"), make.user("leader")
    kept = {table: before[table] for table in ("people_requirement", "people_position", "people_positionversion")}

    def now():
        return {table: told for table, told in checksums().items() if table in kept}

    row = apply("requirements", path, actor=officer)
    assert now() == kept
    draft = RequirementDraft.objects.get(brought_by=row)
    assert (draft.status, draft.author, draft.size) == ("open", officer, 2)
    drafting.ask_requirements(actor=officer, draft=draft, reason="Theo quyết định mới về vị trí.", at=make.AT)
    with pytest.raises(Refused):
        drafting.approve_requirements(actor=officer, draft=draft, at=make.AT)
    drafting.approve_requirements(actor=leader, draft=draft, at=make.AT)
    assert required("1.1") is None
    assert required("1.2") == (len(levels), True)
    weights = Requirement.objects.filter(position=make.position()).values_list("weight", flat=True)
    assert sum(weights) == pytest.approx(100, abs=0.01)
    assert plan_of("requirements", path).size == 0
    with pytest.raises(Refused):
        services.undo_import(actor=officer, row=row, at=make.at(1))
    drafting.undo_requirements(actor=leader, draft=draft, at=make.at(1))
    assert now()["people_position"] == kept["people_position"]
    assert required("1.1")


def test_undoing_an_import_of_levels_drops_its_draft_and_the_same_file_opens_no_second_one(tmp_path):
    officer, path = make.user("training"), matrix(tmp_path, "-", "")
    row = apply("requirements", path, actor=officer)
    again = apply("requirements", path, actor=officer)
    assert again.summary["updated"] == 0
    draft = RequirementDraft.objects.get()
    services.undo_import(actor=officer, row=again, at=make.AT)
    draft.refresh_from_db()
    assert draft.status == "open"
    services.undo_import(actor=officer, row=row, at=make.AT)
    draft.refresh_from_db()
    assert draft.status == "dropped"


def test_levels_of_a_file_need_a_person_who_drafts_them(tmp_path):
    with pytest.raises(Refused):
        apply("requirements", matrix(tmp_path, "-", ""))
    assert not RequirementDraft.objects.exists()


def test_a_draft_from_a_file_stands_beside_the_one_typed_in_the_matrix(officer, tmp_path):
    user = User.objects.get(pk=officer.session["_auth_user_id"])
    typed = drafting.requirement_draft(actor=user, at=make.AT)
    row = apply("requirements", matrix(tmp_path, "-", ""), actor=user)
    assert drafting.requirement_draft(actor=user, at=make.AT) == typed
    page = officer.get(reverse("people:import_show", args=[row.pk])).text
    assert reverse("people:requirement_draft", args=[row.drafts.get().pk]) in page


def test_blank_cells_of_the_matrix_change_nothing_and_wrong_ones_are_told(tmp_path):
    assert plan_of("requirements", matrix(tmp_path, "", "")).unchanged == 1
    (fault,) = plan_of("requirements", matrix(tmp_path, "giỏi", "")).problems
    assert (fault.column, fault.params["value"], fault.params["code"]) == ("B", "giỏi", "1.1")


def test_row_that_would_leave_nothing_required_is_told(tmp_path):
    heads = list(make.framework().competences.values_list("code", flat=True))
    plan = plan_of("requirements", matrix(tmp_path, *["-"] * len(heads), heads=heads))
    assert plan.size == 0
    assert plan.problems[0].params["value"] == make.position().name


def test_matrix_as_it_is_handed_out_changes_nothing(officer, tmp_path):
    out = tmp_path / "m.xlsx"
    out.write_bytes(officer.get(reverse("people:import_template"), {"kind": "requirements"}).content)
    plan = plan_of("requirements", out)
    assert (plan.size, plan.problems) == (0, [])
    assert plan.unchanged == Position.objects.count()


# ---------------------------------------------------------------- the wizard and the command line
def send(client, path, kind):
    file = SimpleUploadedFile(path.name, path.read_bytes(), content_type="application/octet-stream")
    return client.post(reverse("people:import_new"), {"file": file, "kind": kind})


def test_wizard_shows_applies_and_undoes_a_list_of_units(officer, tmp_path):
    sent = send(
        officer, listed(tmp_path / "don-vi.xlsx", UNITS, NEW_UNIT, ("SNV", "Sở Nội vụ mới", "", "", "", "")), "units"
    )
    row = StaffImport.objects.get()
    page = officer.get(sent.url)
    assert NEW_UNIT[1] in page.text
    changed = officer.get(sent.url, {"xem": "changed"})
    assert "Sở Nội vụ</del>" in changed.text
    assert "Sở Nội vụ mới</ins>" in changed.text
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert Unit.objects.filter(code="SNV-P9").exists()
    officer.post(reverse("people:import_undo", args=[row.pk]))
    assert not Unit.objects.filter(code="SNV-P9").exists()


def test_wizard_takes_another_matching_of_columns_and_remembers_it(officer, tmp_path):
    heads = (*UNITS[:4], "Biệt danh", UNITS[5])
    send(officer, listed(tmp_path / "a.xlsx", heads, NEW_UNIT), "units")
    row = StaffImport.objects.get()
    officer.post(reverse("people:import_mapping", args=[row.pk]), {"columns": "1", "col.E": "aliases"})
    officer.post(reverse("people:import_apply", args=[row.pk]))
    assert Unit.objects.get(code="SNV-P9").aliases == ["P. CĐS", "Phòng số"]
    other = ("SNV-P8", "Phòng Thử", "Phòng", "SNV", "P. Thử", "")
    send(officer, listed(tmp_path / "b.xlsx", heads, other), "units")
    fields = StaffImport.objects.first().preview["new"][0]["fields"]
    assert {one["field"]: one["new"] for one in fields}["aliases"] == ["P. Thử"]


@pytest.mark.parametrize("kind", ["units", "positions"])
def test_model_file_has_choices_and_an_example_that_is_no_entry(officer, tmp_path, kind):
    out = tmp_path / "mau.xlsx"
    out.write_bytes(officer.get(reverse("people:import_template"), {"kind": kind}).content)
    assert openpyxl.load_workbook(out).worksheets[0].data_validations.dataValidation
    with pytest.raises(BadFile) as caught:
        plan_of(kind, out)
    assert caught.value.code == "no_rows"


def test_file_of_another_kind_is_refused_with_the_head_it_lacks(tmp_path):
    path = listed(tmp_path / "a.xlsx", ("Họ và tên", "Ngày sinh"), ("Lê An", "1980"))
    with pytest.raises(BadFile) as caught:
        plan_of("requirements", path)
    assert caught.value.code == "no_heads"
    assert "Mã vị trí" in str(caught.value)


def test_command_line_imports_units_twice_and_says_so(tmp_path, capsys):
    path = listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT)
    assert main(["people", "import", str(path), "--kind", "units", "--dry-run"]) == 0
    assert not Unit.objects.filter(code="SNV-P9").exists()
    assert main(["people", "import", str(path), "--kind", "units"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["created"] == 1
    assert main(["people", "import", str(path), "--kind", "units"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["unchanged"], told["created"], told["import"]) == (1, 0, None)
    assert StaffImport.objects.count() == 1


def test_list_applied_before_another_one_cannot_be_undone(tmp_path):
    first = apply("units", listed(tmp_path / "a.xlsx", UNITS, NEW_UNIT))
    apply("positions", listed(tmp_path / "b.xlsx", POSITIONS, a_position()), make.at(1))
    with pytest.raises(Refused):
        services.undo_import(actor=None, row=first, at=make.at(2))
