"""Unit and job names as people write them. Unit names are real, spelt as offices spell them."""

import pytest

from nanglucso.workforce.people.staffsheet.matching import (
    KnownPosition,
    KnownUnit,
    PositionQuery,
    UnitMatch,
    UnitQuery,
    match_positions,
    match_units,
)
from tests.messy import sample_units

UNITS = [KnownUnit(*unit) for unit in sample_units()]
BY_ID = {unit.id: unit for unit in UNITS}


def match(text: str, *context: str, hint: tuple[str, ...] = ()) -> UnitMatch:
    (found,) = match_units([UnitQuery(text, context, hint)], UNITS).values()
    return found


def named(text: str, *context: str, hint: tuple[str, ...] = ()) -> str:
    """ "name < parent" of the unit found, or "" """
    found = match(text, *context, hint=hint)
    if found.id is None:
        return ""
    unit = BY_ID[found.id]
    return f"{unit.name} < {unit.path[-1]}" if len(unit.path) > 1 else unit.name


@pytest.mark.parametrize(
    ("text", "how"),
    [
        *(("sở  NỘI VỤ", "exact"), ("So noi vu", "exact"), ("SNV", "alias"), ("Sở NV", "alias")),
        *(("Sở Nội vụ TP Cần Thơ", "alias"), ("Sở Nội vụ thành phố", "alias"), ("Sở Nội\u200b vụ", "exact")),
    ],
)
def test_an_agency_spelt_many_ways(text: str, how: str) -> None:
    found = match(text)
    assert (BY_ID[found.id].name if found.id else "", found.how) == ("Sở Nội vụ", how)


@pytest.mark.parametrize(
    "text",
    [
        *("P. Cái Khế", "P.Cái Khế", "Phường Cái Khế", "UBND phường Cái Khế", "UBND P. Cái Khế", "Cái Khế"),
        *("Ủy ban nhân dân phường Cái Khế", "Uỷ ban nhân dân Phường Cái Khế", "PHƯỜNG CÁI KHẾ", "phuong cai khe"),
    ],
)
def test_a_ward_spelt_many_ways(text: str) -> None:
    assert named(text) == "UBND phường Cái Khế"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Sở NN&MT", "Sở Nông nghiệp và Môi trường"),
        ("SNNMT", "Sở Nông nghiệp và Môi trường"),
        ("Sở Nông nghiệp - Môi trường", "Sở Nông nghiệp và Môi trường"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("Sở VH, TT và DL", "Sở Văn hóa, Thể thao và Du lịch"),
        ("phường Bình Thủy", "UBND phường Bình Thuỷ"),
        ("X. Thạnh An", "UBND xã Thạnh An"),
        ("Phòng VH-XH, P. Cái Khế", "Phòng Văn hóa - Xã hội < UBND phường Cái Khế"),
        ("Phòng Văn hóa và Xã hội phường Cái Răng", "Phòng Văn hóa - Xã hội < UBND phường Cái Răng"),
        ("P. Kinh tế hạ tầng ĐT – Cái Răng", "Phòng Kinh tế, Hạ tầng và Đô thị < UBND phường Cái Răng"),
        ("UBND phường Ô Môn - TTPVHCC", "Trung tâm Phục vụ hành chính công < UBND phường Ô Môn"),
        ("TT Phục vụ HCC (P. Tân An)", "Trung tâm Phục vụ hành chính công < UBND phường Tân An"),
    ],
)
def test_abbreviations_and_parts_with_their_agency(text: str, wanted: str) -> None:
    assert named(text) == wanted


def test_context_chooses_among_parts_of_one_name() -> None:
    assert match("Phòng VH-XH").how == "ambiguous"
    assert len(match("Phòng VH-XH").suggestions) == 3
    assert named("Phòng VH-XH", "UBND PHƯỜNG CÁI KHẾ") == "Phòng Văn hóa - Xã hội < UBND phường Cái Khế"
    assert named("TTPVHCC", "P. Cái Răng") == "Trung tâm Phục vụ hành chính công < UBND phường Cái Răng"
    assert named("Phòng VH-XH", hint=("UBND XÃ THẠNH AN",)) == "Phòng Văn hóa - Xã hội < UBND xã Thạnh An"
    firm_over_soft = named("Phòng VH-XH", "P. Cái Khế", hint=("UBND XÃ THẠNH AN",))
    assert firm_over_soft == "Phòng Văn hóa - Xã hội < UBND phường Cái Khế"


def test_within_is_the_agency_of_the_whole_list() -> None:
    found = match_units(["Phòng VH-XH"], UNITS, within=("UBND phường Tân An",))
    assert BY_ID[found[UnitQuery("Phòng VH-XH")].id].path[-1] == "UBND phường Tân An"


def test_the_only_part_of_its_name_is_not_taken_for_another_agencys() -> None:
    known = [
        *UNITS[:2],
        KnownUnit(7, "Phòng Công chức", (), ("Ủy ban nhân dân thành phố Cần Thơ", "Sở Nội vụ")),
        UNITS[-1],
    ]
    known.append(KnownUnit(9, "Sở Y tế", (), ("Ủy ban nhân dân thành phố Cần Thơ",)))
    asked = [UnitQuery("Phòng Công chức"), UnitQuery("Phòng Công chức", ("Sở Y tế",))]
    free, inside = match_units(asked, known).values()
    assert free.id == 7
    assert (inside.id, inside.how) == (None, "none")
    assert inside.suggestions[0].id == 7


def test_title_of_the_list_does_not_shut_other_agencies_out() -> None:
    assert named("Sở Tư pháp", hint=("SỞ NỘI VỤ",)) == "Sở Tư pháp"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Sở Nội vục", "Sở Nội vụ"),
        ("UBND xã Cái Khế", "UBND phường Cái Khế"),
        ("UBND phưqờng Ô Môn", "UBND phường Ô Môn"),
        ("Phòng Văn hóqa - Xã hội, UBND phường Tân An", "Phòng Văn hóa - Xã hội"),
    ],
)
def test_a_misspelt_unit_is_not_accepted_but_suggested(text: str, near: str) -> None:
    found = match(text)
    assert (found.id, found.how) == (None, "none")
    assert found.suggestions[0].name == near
    assert 0 < found.suggestions[0].score < 1


def test_a_suggested_part_lies_in_the_agency_named() -> None:
    best = match("Phòng Văn hóqa - Xã hội, UBND phườngg Tân An").suggestions[0]
    assert (best.name, best.path[-1]) == ("Phòng Văn hóa - Xã hội", "UBND phường Tân An")
    best = match("Phòng Văn hóqa xã hội", "P. Cái Răng").suggestions[0]
    assert (best.name, best.path[-1]) == ("Phòng Văn hóa - Xã hội", "UBND phường Cái Răng")


def test_initials_that_could_be_two_agencies_are_not_guessed() -> None:
    known = [unit._replace(aliases=()) for unit in UNITS]
    (found,) = match_units(["Sở NV"], known).values()
    assert found.how == "ambiguous"
    assert {item.name for item in found.suggestions} == {"Sở Nội vụ", "Sở Ngoại vụ"}


def test_marks_decide_between_units_that_fold_alike() -> None:
    known = [KnownUnit(1, "Xã Vĩnh Châu"), KnownUnit(2, "Xã Vĩnh Chấu")]
    found = match_units(["xã Vĩnh Chấu", "Xã Vĩnh Châu", "xa vinh chau"], known)
    assert [item.id for item in found.values()] == [2, 1, None]


def test_nonsense_and_blank() -> None:
    assert match("zzzz").id is None
    assert match("") == UnitMatch(None, "none", ())


POSITIONS = [
    KnownPosition("cv", "Chuyên viên"),
    KnownPosition("ct_phuong", "Chủ tịch Ủy ban nhân dân phường", (), ("phuong",)),
    KnownPosition("pct_phuong", "Phó Chủ tịch UBND phường", ("Phó Chủ tịch",), ("phuong",)),
    KnownPosition("pct_xa", "Phó Chủ tịch UBND xã", ("Phó Chủ tịch",), ("xa",)),
    KnownPosition("ptp", "Phó Trưởng phòng"),
    KnownPosition("mot_cua", "Chuyên viên tiếp nhận và trả kết quả", ("Cán bộ một cửa",)),
]
FAMILIES = {
    "cntt": ["công nghệ thông tin", "CNTT"],
    "ke_toan": ["kế toán", "tài chính kế toán"],
    "van_thu": ["văn thư"],
}
GENERIC = {"so": "chung_so", "": "chung"}


@pytest.mark.parametrize(
    ("text", "unit_type", "code", "how"),
    [
        ("Chuyên viên", "so", "cv", "exact"),
        ("CV", "so", "cv", "exact"),
        ("chuyen  VIEN", "", "cv", "exact"),
        ("Chủ tịch UBND phường Cái Khế", "phuong", "ct_phuong", "exact"),
        ("PCT UBND P. Cái Khế", "phuong", "pct_phuong", "exact"),
        ("Phó chủ tịch", "xa", "pct_xa", "exact"),
        ("Phó chủ tịch", "", "chung", "generic"),
        ("Phó phòng", "so", "ptp", "exact"),
        ("PTP", "so", "ptp", "exact"),
        ("P.TP", "so", "ptp", "exact"),
        ("Cán bộ 1 cửa", "phuong", "mot_cua", "exact"),
        ("Kế toán viên", "so", "ke_toan", "family"),
        ("CV CNTT", "so", "cntt", "family"),
        ("Nhân viên văn thư kiêm kế toán", "so", "ke_toan", "family"),
        ("Lái xe", "so", "chung_so", "generic"),
        ("Lái xe", "xa", "chung", "generic"),
        ("", "so", "chung_so", "generic"),
    ],
)
def test_positions(text: str, unit_type: str, code: str, how: str) -> None:
    (found,) = match_positions([(text, unit_type)], POSITIONS, FAMILIES, GENERIC).values()
    assert (found.code, found.how) == (code, how)


def test_positions_with_nothing_generic_are_none_with_suggestions() -> None:
    found = match_positions(["Chuyên viên tiếp nhân trả kết quả hồ sơ"], POSITIONS, {}, {})
    answer = found[PositionQuery("Chuyên viên tiếp nhân trả kết quả hồ sơ")]
    assert (answer.code, answer.how) == ("", "none")
    assert answer.suggestions[0] == ("mot_cua", "Chuyên viên tiếp nhận và trả kết quả")
