"""Faults in position descriptions: what `nanglucso content check` and the edit of requirements both ask for.

Codes: P01 a section of the official form is empty · P02 duties: 5 (support: 4) to 9, each with product and
criterion · P03 weights do not add up to 100 · P04 more than 8 core competences · P05 too many advanced levels for
the family · P06 a level above the family default without a reason, or without a duty behind it · P07 a level
differs from what the duties give · P08 a code or an alias occurs twice · P09 a law that the register does not have
· P10 the day of review has passed · P11 a competence that everybody needs is missing · P12 letters that are not
NFC, two spaces, or "bạn" and "!".
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from nanglucso.core import content

Told = Mapping[str, Any]
LEVELS = ("CB", "TC", "NC", "CS")
SECTIONS = (
    "I_thong_tin_chung", "II_muc_tieu", "III_cong_viec", "VI_khung_nang_luc_chung", "nang_luc_so", "VII_quan_he",
    "VIII_quyen_han", "IX_yeu_cau", "source", "review_by",
)  # fmt: skip
FACTS = ("ten_vi_tri", "nhom", "ngach", "linh_vuc", "don_vi", "quan_ly_truc_tiep", "vi_tri_lien_quan", "so_luong")
WISHES = ("trinh_do", "boi_duong", "kinh_nghiem", "pham_chat")
MOST_CORE = 8
EVERYBODY = ("1.3", "5.2", "6.4")
# How many competences may be at NC; families that are not named may have as many as their duties give.
MOST_ADVANCED = {
    "chuyen_vien_tham_muu": 5, "van_thu_luu_tru": 8, "ke_toan_tai_chinh": 8, "tu_phap_ho_tich": 8,
    "thanh_tra_kiem_tra": 8, "van_hoa_xa_hoi": 8, "dia_chinh_kinh_te": 8, "vien_chuc_chuyen_mon": 8,
}  # fmt: skip
SPECIALISED = {"chuyen_trach_cntt"}
_BAD = re.compile(r"  |!|\b[Bb]ạn(?! đọc| bè)\b")


@dataclass(frozen=True)
class Fault:
    """One sentence about one position."""

    code: str
    position: str
    text: str


def read_positions(folder: Path) -> tuple[list[Told], dict[str, Told]]:
    """Position descriptions and families of a folder. Raises OSError or yaml.YAMLError."""
    families = content.read_yaml(folder / "families.yaml")
    assert isinstance(families, Mapping)
    rows: list[Told] = []
    for path in sorted(folder.glob("*.yaml")):
        told = content.read_yaml(path)
        if path.name != "families.yaml":
            rows += cast("list[Told]", told if isinstance(told, list) else [told])
    return rows, {row["code"]: row for row in families["families"]}


def check_folder(folder: Path, *, today: date) -> tuple[int, list[Fault]]:
    """How many positions a folder holds, and their faults."""
    rows, families = read_positions(folder)
    found = [one for row in rows for one in check(row, families.get(row["family"], {}), today=today)]
    return len(rows), found + _twice(rows) + _laws(rows)


def check(row: Told, family: Told, *, today: date) -> list[Fault]:
    """Faults of one position."""
    code = str(row["code"])
    texts = [*_form(row), *_duties(row), *_levels(row, family), *_letters(row)]
    if row.get("review_by") and row["review_by"] < today:
        texts.append(("P10", f"review was due on {row['review_by']}"))
    return [Fault(kind, code, text) for kind, text in texts]


def _form(row: Told) -> Iterable[tuple[str, str]]:
    empty = [name for name in SECTIONS if not row.get(name)]
    empty += [name for name in FACTS if not row.get("I_thong_tin_chung", {}).get(name)]
    empty += [name for name in WISHES if not row.get("IX_yeu_cau", {}).get(name)]
    empty += [name for name in ("trong", "ngoai") if not row.get("VII_quan_he", {}).get(name)]
    return [("P01", f"empty: {', '.join(empty)}")] if empty else []


def _duties(row: Told) -> Iterable[tuple[str, str]]:
    duties = row.get("III_cong_viec", [])
    least = 4 if row.get("group") == "c" else 5
    if not least <= len(duties) <= 9:
        yield "P02", f"{len(duties)} duties; {least} to 9 are meant"
    for one in duties:
        lost = [key for key in ("viec", "san_pham", "tieu_chi", "tan_suat", "hau_qua", "nang_luc") if not one.get(key)]
        if lost:
            yield "P02", f"duty {one.get('id')} lacks {', '.join(lost)}"


def needed(duties: Sequence[Told]) -> dict[str, str]:
    """The level that duties give each competence: the highest among those that are daily or whose errors matter."""
    found: dict[str, str] = {}
    for one in duties:
        if one.get("hau_qua", 0) >= 2 or one.get("tan_suat") == 3:
            for code, level in one.get("nang_luc", {}).items():
                held = found.get(code)
                found[code] = level if held is None or LEVELS.index(level) > LEVELS.index(held) else held
    return found


def _levels(row: Told, family: Told) -> Iterable[tuple[str, str]]:
    asked: Mapping[str, Told] = row.get("nang_luc_so", {})
    weights = sum(one.get("trong_so", 0) for one in asked.values())
    if weights != 100:
        yield "P03", f"weights add up to {weights}"
    if sum(bool(one.get("trong_tam")) for one in asked.values()) > MOST_CORE:
        yield "P04", f"more than {MOST_CORE} core competences"
    advanced = sum(one["muc"] == "NC" for one in asked.values())
    if advanced > MOST_ADVANCED.get(row["family"], len(asked)):
        yield "P05", f"{advanced} competences at NC"
    if any(one["muc"] == "CS" for one in asked.values()) and row["family"] not in SPECIALISED:
        yield "P05", "CS outside the specialists' family"
    missing = [code for code in EVERYBODY if code not in asked and not (code == "6.4" and row["group"] == "c")]
    if missing:
        yield "P11", f"not required: {', '.join(missing)}"
    yield from _against_duties(row, asked, family)


def _against_duties(row: Told, asked: Mapping[str, Told], family: Told) -> Iterable[tuple[str, str]]:
    given, codes = needed(row.get("III_cong_viec", [])), {one["id"] for one in row.get("III_cong_viec", [])}
    for code, one in asked.items():
        default = family.get("competence", {}).get(code, family.get("domain", {}).get(f"S{code[0]}"))
        reason = str(one.get("ly_do", ""))
        behind = set(re.findall(r"CV\d+", reason)) & codes
        by_hand = bool(reason) and not behind and "yêu cầu chung" not in reason
        above = default is None or LEVELS.index(one["muc"]) > LEVELS.index(default)
        if above and not behind and not by_hand:
            yield "P06", f"{code} stands above the family default without a reason"
        if code in given and given[code] != one["muc"] and behind and not _changed(reason):
            yield "P07", f"{code}: {one['muc']}, but the duties give {given[code]}"


def _changed(reason: str) -> bool:
    """Whether the reason says that the level was set by hand."""
    return not re.fullmatch(r"cần cho CV\d+(, CV\d+)*", reason)


def _letters(row: Told) -> Iterable[tuple[str, str]]:
    for text in _texts(row):
        if unicodedata.normalize("NFC", text) != text or _BAD.search(text):
            yield "P12", f"“{text[:60]}”"


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _twice(rows: Sequence[Told]) -> list[Fault]:
    seen: dict[tuple[str, str], str] = {}
    found = []
    for row in rows:
        names = [("code", str(row["code"])), ("name", row["name"].casefold())]
        for kind, text in names:
            if (kind, text) in seen:
                found.append(Fault("P08", str(row["code"]), f"{kind} {text} is {seen[kind, text]}'s too"))
            seen[kind, text] = str(row["code"])
    return found


def _laws(rows: Sequence[Told]) -> list[Fault]:
    path = content.root() / "laws" / "register.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        lines = csv.DictReader(line for line in handle if not line.startswith("#"))
        known = {part.strip() for line in lines for part in re.split("[;+]", line["number"])}
    return [
        Fault("P09", str(row["code"]), f"{one['doc']} is not in the register")
        for row in rows
        for one in row.get("source", [])
        if one["doc"] not in known
    ]
