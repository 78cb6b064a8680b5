"""Messy staff workbooks with a known truth, for tests and benchmarks. Units are real names; every person is made up.

``write_messy_staff`` writes the faults that office lists have and returns, row by row, what a reader must find.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import xlsxwriter

TONES = "\u0300\u0309\u0303\u0301\u0323"
CITY = "Ủy ban nhân dân thành phố Cần Thơ"
AGENCIES = (
    *("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Công Thương", "Sở Nông nghiệp và Môi trường", "Sở Xây dựng"),
    *("Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Y tế", "Sở Văn hóa, Thể thao và Du lịch"),
    *("Sở Dân tộc và Tôn giáo", "Sở Ngoại vụ", "Thanh tra thành phố"),
)
COMMUNES = (
    *("Phường Cái Khế", "Phường Ninh Kiều", "Phường Tân An", "Phường An Bình", "Phường Ô Môn", "Phường Bình Thuỷ"),
    *("Phường Thốt Nốt", "Phường Cái Răng", "Phường Hưng Phú", "Xã Thạnh An", "Phường Long Tuyền", "Phường Trung Nhứt"),
)
PARTS = (
    *("Phòng Văn hóa - Xã hội", "Phòng Kinh tế, Hạ tầng và Đô thị", "Văn phòng HĐND và UBND"),
    "Trung tâm Phục vụ hành chính công",
)
TITLES = (
    *("Chuyên viên", "Chuyên viên chính", "Cán sự", "Trưởng phòng", "Phó Trưởng phòng", "Kế toán trưởng", "Văn thư"),
    *("Chuyên viên quản trị công sở", "Chuyên viên công nghệ thông tin", "Nhân viên lái xe"),
)
_HO = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Trương", "Tống")
_DEM_M = ("Văn", "Hữu", "Minh", "Quốc", "Thành", "Đức", "Hoàng", "Công")
_DEM_F = ("Thị", "Thị Kim", "Ngọc", "Thị Mỹ", "Thuỳ", "Thanh", "Thị Diễm")
_TEN = ("An", "Ánh", "Ân", "Bình", "Cường", "Dung", "Đăng", "Đức", "Hòa", "Hoà", "Thủy", "Thuý", "Ngân", "Phúc", "Tổng")
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))

Unit = tuple[Any, str, tuple[str, ...], tuple[str, ...]]


def sample_units() -> list[Unit]:
    """(id, name, aliases, path): the city, its agencies, some communes and their parts."""
    units: list[Unit] = [(1, CITY, ("UBND TP Cần Thơ",), ())]
    for place, name in enumerate(AGENCIES):
        units.append((10 + place, name, ("SNV",) if name == "Sở Nội vụ" else (), (CITY,)))
    for place, name in enumerate(COMMUNES):
        board = f"UBND {name[0].lower()}{name[1:]}"
        units.append((100 + 10 * place, board, (), (CITY,)))
        units += [(101 + 10 * place + at, part, (), (CITY, board)) for at, part in enumerate(PARTS)]
    return units


@dataclass(frozen=True)
class Expected:
    """What a reader must make of a person's row; ``unit_id`` None when the unit is misspelt on purpose."""

    name: str
    birth_date: dt.date | None
    birth_year: int | None
    gender: str
    staff_code: str
    citizen_number: str
    email: str
    phone: str
    position_text: str
    unit_id: Any
    near_unit_id: Any = None


@dataclass
class MessyTruth:
    """Row numbers from 1. ``people`` holds unique persons, ``duplicates`` row → row of the first."""

    people: dict[int, Expected] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    rows_read: int = 0


def _initials(text: str) -> str:
    return "".join(word[0].upper() for word in text.replace(",", " ").replace("-", " ").split() if word != "và")


def _short(name: str) -> str:
    """ "Phòng Văn hóa - Xã hội" → "Phòng VHXH", "UBND phường Cái Khế" → "P. Cái Khế"; short names stay."""
    bare = name.removeprefix("UBND ")
    for kind, mark in (("phường ", "P. "), ("xã ", "X. ")):
        if bare.startswith(kind):
            return mark + bare.removeprefix(kind)
    if bare.startswith("Trung tâm "):
        return f"TT {_initials(bare.removeprefix('Trung tâm '))}"
    head, _, rest = bare.partition(" ")
    return f"{head} {_initials(rest)}" if len(rest.split()) >= 4 and head != "Văn" else bare


def spell(unit: Unit, rng: random.Random, inside: bool = False) -> str:
    """One of the ways an office writes a unit; ``inside`` when a heading already names what is around it."""
    _, name, _, path = unit
    forms = [name, _short(name), name.upper(), f"  {name} ", unicodedata.normalize("NFD", name)]
    if name.startswith("UBND "):
        forms += [f"UBND {_short(name)}", name.removeprefix("UBND ").capitalize().title(), "Ủy ban nhân dân" + name[4:]]
    own = rng.choice(forms)
    if len(path) < 2 or inside:
        return own
    around = rng.choice([path[-1], _short(path[-1]), path[-1].removeprefix("UBND ")])
    return f"{own.strip()}{rng.choice([', ', ' - ', ' '])}{around}"


def _misspell(text: str, rng: random.Random) -> str:
    at = rng.randrange(3, len(text) - 1)
    return text[:at] + "q" + text[at:]


@dataclass
class _Person:
    name: str
    female: bool
    born: dt.date
    code: str
    citizen: str
    email: str
    phone: str
    title: str
    unit: Unit


class _Book:
    """Builds the grid of one sheet and its truth together, fault by fault."""

    def __init__(self, seed: int, units: Sequence[Unit], positions: Sequence[str], layout: int) -> None:
        self.rng = random.Random(seed)
        self.units = [unit for unit in units if unit[3]]
        self.positions = positions
        self.headings = layout in (2, 3)
        self.split_birth = layout in (1, 3)
        self.split_name = layout in (1, 2)
        self.grid: list[list[Any]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.truth = MessyTruth()
        self.made = 0
        self.columns = self._columns()

    def _columns(self) -> list[tuple[str, str]]:
        """(upper heading, lower heading) of each column; one upper heading over several columns is merged."""
        names = [("Họ và tên", "Họ đệm"), ("Họ và tên", "Tên")] if self.split_name else [("HỌ VÀ TÊN", "")]
        birth = [("Ngày sinh", "Nam"), ("Ngày sinh", "Nữ")] if self.split_birth else [("Ngày, tháng, năm sinh", "")]
        gender = [] if self.split_birth else [("Giới tính", "Nam"), ("Giới tính", "Nữ")]
        unit = [] if self.headings else [("Đơn vị công tác", "")]
        rest = [("Số hiệu CBCCVC", ""), ("Số CCCD", ""), ("Chức vụ, chức danh", ""), ("Thư điện tử công vụ", "")]
        return [("STT", ""), *names, *birth, *gender, *unit, *rest, ("Số ĐT", ""), ("Dân tộc", ""), ("Ghi chú", "")]

    def skip(self, reason: str, cells: Sequence[Any], merge: bool = False) -> None:
        self.grid.append(list(cells))
        self.truth.skipped[len(self.grid)] = reason
        if merge:
            self.merged.append((len(self.grid) - 1, 0, len(self.grid) - 1, len(self.columns) - 1))

    def top(self) -> None:
        self.skip("title", ["THÀNH PHỐ CẦN THƠ", None, None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        self.skip("title", [None, None, None, None, None, "Độc lập - Tự do - Hạnh phúc"])
        self.skip("blank", [])
        self.skip("title", ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC (người và số liệu giả định)"], merge=True)
        self.header("header")
        self.skip("column_numbers", [f"({at})" for at in range(1, len(self.columns) + 1)])

    def header(self, reason: str) -> None:
        first = len(self.grid)
        uppers = [upper for upper, _ in self.columns]
        shown = [upper if at == 0 or uppers[at - 1] != upper else None for at, upper in enumerate(uppers)]
        self.skip(reason, shown)
        self.skip(reason, [lower or None for _, lower in self.columns])
        for at, upper in enumerate(uppers):
            if uppers.count(upper) == 2 and shown[at]:
                self.merged.append((first, at, first, at + 1))
            elif uppers.count(upper) == 1:
                self.merged.append((first, at, first + 1, at))

    def person(self, unit: Unit) -> _Person:
        self.made += 1
        rng, female = self.rng, self.rng.random() < 0.5
        born = dt.date(1962, 1, 1) + dt.timedelta(rng.randrange(14500))
        name = f"{rng.choice(_HO)} {rng.choice(_DEM_F if female else _DEM_M)} {rng.choice(_TEN)}"
        century = (born.year // 100 - 19) * 2 + female
        citizen = f"099{century}{born.year % 100:02}{self.made:06}" if rng.random() > 0.1 else ""
        code = rng.choice([f"CT-092-{self.made:05}", str(100000 + self.made)]) if rng.random() > 0.05 else ""
        email = f"canbo{self.made}@example.gov.vn" if rng.random() > 0.2 else ""
        return _Person(
            name, female, born, code, citizen, email, f"09{self.made:08}", rng.choice(list(self.positions)), unit
        )

    def birth_cell(self, born: dt.date) -> tuple[Any, dt.date | None, int | None, bool]:
        """(cell, birth date, birth year, unreadable) in one of the ways lists write it."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.01:
            bad = ["31/02/1990", f"{born:%d/%m/%y}", f"{born.month:02}/{rng.randrange(13, 29)}/{born.year}", "không rõ"]
            return rng.choice(bad), None, None, True
        if kind < 0.05:
            return rng.choice([born.year, str(born.year), f"../../{born.year}"]), None, born.year, False
        forms: list[Any] = [born, float((born - dt.date(1899, 12, 30)).days), f"{born:%d/%m/%Y}", f"{born:%d-%m-%Y}"]
        forms += [f"{born.day}/{born.month}/{born.year}", f"{born:%Y-%m-%d}", f"{born.day:02}/{born.month}/{born.year}"]
        forms += [f"ngày {born:%d} tháng {born:%m} năm {born.year}", f" {born:%d/%m/%Y}\u00a0"]
        return rng.choice(forms), born, born.year, False

    def name_cell(self, name: str) -> str:
        rng = self.rng
        ways: list[Callable[[str], str]] = [
            *(str, str, str.upper, lambda text: unicodedata.normalize("NFD", text)),
            *(lambda text: "  " + text.replace(" ", "  ") + " ", lambda text: text.replace(" ", "\u00a0") + "\u200b"),
        ]
        return rng.choice(ways)(name)

    def phone_cell(self, phone: str) -> Any:
        forms = [phone, float(phone), f"+84{phone[1:]}", f"{phone[:4]}.{phone[4:7]}.{phone[7:]}", f"{phone} / {phone}"]
        return self.rng.choice(forms)

    def add(self, who: _Person, unit_text: str, unit_id: Any, near: Any = None) -> int:
        """Write a person's row; its number is returned and its truth filed under ``people``."""
        rng = self.rng
        cell, born, year, bad = self.birth_cell(who.born)
        written = self.name_cell(who.name)
        cut = written.rstrip("\u200b ").replace("\u00a0", " ").rpartition(" ")
        mark = rng.choice(["x", "X", " x "])
        pair = [None, cell] if who.female else [cell, None]
        marks = [None, mark] if who.female else [mark, None]
        code: Any = float(who.code) if who.code.isdigit() and rng.random() < 0.5 else who.code or None
        citizen: Any = float(who.citizen) if who.citizen and rng.random() < 0.3 else who.citizen or None
        row: list[Any] = [len(self.truth.people) + 1, *([cut[0], cut[2]] if self.split_name else [written])]
        row += pair if self.split_birth else [cell, *marks]
        row += [] if self.headings else [unit_text]
        row += [code, citizen, who.title, who.email.upper() or None, self.phone_cell(who.phone), "Kinh", None]
        self.grid.append(row)
        number = len(self.grid)
        about = (who.code, who.citizen, who.email, who.phone, who.title, unit_id, near)
        expected = Expected(who.name, born, year, "f" if who.female else "m", *about)
        self.truth.people[number] = expected
        if bad:
            self.truth.bad.add(number)
        return number

    def repeat(self, number: int, who: _Person, unit_text: str, unit_id: Any) -> None:
        """The same person again: told by staff number, by citizen number, or by name, birth and unit."""
        first = self.truth.people[number]
        ways = ["code"] * bool(who.code) + ["citizen"] * bool(who.citizen) + ["name"] * bool(first.birth_date)
        if not ways or number in self.truth.bad:
            return
        way = self.rng.choice(ways)
        again = replace(who, code=who.code * (way == "code"), citizen=who.citizen * (way == "citizen"))
        while True:
            added = self.add(again, unit_text, unit_id)
            if added not in self.truth.bad and (way != "name" or self.truth.people[added].birth_date):
                break
            self.grid.pop()
            del self.truth.people[added]
            self.truth.bad.discard(added)
        del self.truth.people[added]
        self.truth.duplicates[added] = number

    def clash(self, number: int, who: _Person) -> None:
        """Another person under the same staff number: an error on the later row."""
        if not who.code:
            return
        other = self.person(who.unit)
        other = replace(other, code=who.code, name="Mai Thị Khác" if who.name != "Mai Thị Khác" else "Mai Thị Hai")
        added = self.add(other, spell(who.unit, self.rng), who.unit[0])
        self.truth.bad.add(added)

    def one(self, unit: Unit) -> None:
        """A person and, now and then, what goes wrong around one."""
        rng = self.rng
        who = self.person(unit)
        text = spell(unit, rng)
        if not self.headings and rng.random() < 0.01:
            whole = ", ".join((unit[1], *unit[3][1:]))
            self.add(who, _misspell(whole, rng), None, unit[0])
            return
        number = self.add(who, text, unit[0])
        chance = rng.random()
        if chance < 0.03:
            self.repeat(number, who, text, unit[0])
        elif chance < 0.04 and number not in self.truth.bad:
            self.clash(number, who)
        elif chance < 0.05:
            self.skip("blank", [None, "   "] if chance < 0.045 else [])
        elif chance < 0.055:
            width = len(self.columns)
            self.skip("no_name", [None] * (width - 5) + [who.title, "khuyet@example.gov.vn", "0900000000"])
            self.truth.bad.add(len(self.grid))
        elif chance < 0.057:
            self.header("repeated_header")

    def body(self, count: int) -> None:
        if not self.headings:
            while self.made < count:
                self.one(self.rng.choice(self.units))
            return
        order = sorted(self.units, key=lambda unit: (unit[3][-1] if len(unit[3]) > 1 else unit[1]).lower())
        share, agency, roman = max(1, count // len(order)), "", 0
        for unit in order:
            around = unit[3][-1] if len(unit[3]) > 1 else unit[1]
            if around != agency:
                agency, roman = around, roman + 1
                self.skip("unit_heading", [_roman(roman), agency.upper()])
            if unit[1] != agency:
                self.skip(
                    "unit_heading", [f"{spell(unit, self.rng, inside=True).strip()} (gồm {share} người)"], merge=True
                )
            for _ in range(share):
                self.one(unit)
            self.skip("total", [None, f"Cộng: {share} người"])

    def bottom(self) -> None:
        self.skip("total", ["Tổng cộng", None, None, len(self.truth.people)])
        self.skip("footer", [None] * 4 + ["Cần Thơ, ngày 05 tháng 02 năm 2026"])
        self.skip("footer", [None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"])
        self.skip("footer", [None, "(Ký, ghi rõ họ tên)"])
        self.skip("blank", [])
        self.skip("footer", [None, "Trần Thị Giả Định", None, None, "Lê Văn Không Thật"])
        self.truth.rows_read = len(self.grid)


def _roman(number: int) -> str:
    text = ""
    for value, mark in _ROMAN:
        while number >= value:
            text, number = text + mark, number - value
    return text


def to_1258(text: str) -> bytes:
    """Windows-1258 keeps vowels with their hats and writes tones as marks behind them."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in TONES)
        out.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)) + tone)
    return "".join(out).encode("cp1258")


def _write_xlsx(path: Path, book: _Book, sheet_name: str) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as target:
        sheet = target.add_worksheet(sheet_name)
        style = target.add_format({"num_format": "dd/mm/yyyy"})
        for top, left, low, right in book.merged:
            sheet.merge_range(top, left, low, right, None)
        for at, row in enumerate(book.grid):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, dt.datetime(value.year, value.month, value.day), style)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write_number(at, column, value)


def _csv_text(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(int(value)) if isinstance(value, float) else "" if value is None else str(value)


def write_messy_staff(
    path: Path, n: int, seed: int, units: Sequence[Unit] | None = None, positions: Sequence[str] = TITLES,
    *, layout: int | None = None, encoding: str = "utf-8-sig", separator: str = ";",
) -> MessyTruth:  # fmt: skip
    """Write about ``n`` people to .xlsx or .csv and return what a reader must find. Equal seeds give equal files.

    ``layout``: 0 unit column, x marks for gender; 1 two name columns, birth dates under Nam and Nữ; 2 and 3 the same
    with unit heading rows in place of the unit column; None lets the seed choose.
    """
    known = sample_units() if units is None else units
    book = _Book(seed, known, positions, seed % 4 if layout is None else layout)
    book.top()
    book.body(n)
    book.bottom()
    if path.suffix == ".xlsx":
        _write_xlsx(path, book, "Danh sách")
        return book.truth
    text = io.StringIO(newline="")
    width = len(book.columns)
    rows = ([_csv_text(value) for value in row] for row in book.grid)
    csv.writer(text, delimiter=separator).writerows([row + [""] * (width - len(row)) for row in rows])
    whole = text.getvalue()
    path.write_bytes(to_1258(whole.replace("\u200b", "")) if encoding == "cp1258" else whole.encode(encoding))
    return book.truth
