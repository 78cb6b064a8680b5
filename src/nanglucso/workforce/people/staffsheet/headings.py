"""Unit names that stand alone in a row, above the people of the unit, and the path they make."""

from __future__ import annotations

import re

from nanglucso.kit.text import clean

_TOP = (
    *(
        "sở",
        "ubnd",
        "uỷ ban nhân dân",
        "ủy ban nhân dân",
        "hđnd",
        "hội đồng nhân dân",
        "văn phòng ubnd",
        "phường",
        "xã",
    ),
    *("văn phòng đoàn", "văn phòng ủy ban", "văn phòng uỷ ban", "thanh tra thành phố", "ban quản lý khu", "thị trấn"),
    *("đặc khu", "đảng ủy", "đảng uỷ", "khối", "thành phố", "cơ quan", "quận", "huyện"),
)
_PART = (
    *("phòng", "văn phòng", "trung tâm", "chi cục", "thanh tra", "trường", "trạm", "tổ", "bộ phận", "đội", "khoa"),
    *("ban quản lý", "ban tổ chức", "ban tuyên giáo", "ban chỉ huy", "ban giám đốc", "ban lãnh đạo", "ban dân vận"),
    *("ban giám hiệu", "ban xây dựng", "ban dân tộc", "ban tiếp công dân", "bệnh viện", "hạt kiểm lâm", "quỹ", "viện"),
    *("lãnh đạo", "ủy ban mặt trận", "uỷ ban mặt trận", "ubmt", "hội", "đoàn thanh niên", "liên đoàn", "mặt trận"),
    *(
        "đơn vị",
        "ubkt",
        "ủy ban kiểm tra",
        "bảo tàng",
        "thư viện",
        "tt",
        "nhà văn hóa",
        "nhà văn hoá",
        "ttpvhcc",
        "snv",
    ),
)
_SHORT = re.compile(r"^(?:p|tt|vp|x|q|đ)\s?\.\s*\S", re.IGNORECASE)
_UNIT_WORD = re.compile(rf"^(?:{'|'.join(map(re.escape, (*_TOP, *_PART)))})(?=$|[\s.,:–-])")
_TOP_WORD = re.compile(rf"^(?:{'|'.join(map(re.escape, _TOP))})(?=$|[\s.,:–-])")
_LABEL = re.compile(r"^(?:tên\s+)?(?:đơn vị|cơ quan|phòng ban)(?:\s+công tác)?\s*[:–-]\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?P<mark>[IVXLC]{1,9}|[A-H]|[a-h]|\d{1,2}(?:\.\d{1,2}){0,2})\s*[.)\-–/:]\s*(?=\D)")
_ROMAN = re.compile(r"^[IVXLC]+$")
MARK = re.compile(r"^(?:[IVXLC]{1,9}|[A-H]|\d{1,2}(?:\.\d{1,2}){1,2})[.)]?$")
"""A cell that numbers a heading and not a person: I, II., A, 1.1."""

_COUNT = re.compile(
    r"\s*(?:[:–-]?\s*\(?\s*(?:gồm|có|tổng số:?)?\s*\d+\s*"
    r"(?:người|đồng chí|đ/c|cbccvc|cán bộ|biên chế|nhân sự|công chức|viên chức)[^)]*\)?"
    r"|\(\s*\d+\s*\))\s*$",
    re.IGNORECASE,
)


def is_unit_text(text: str) -> bool:
    """Whether a text begins like the name of a unit ("Phòng …", "P. …"); marks are heeded: Trường, not Trương."""
    lower = _LABEL.sub("", clean(text)).lower()
    return bool(_UNIT_WORD.match(lower) or _SHORT.match(lower) or (lower != clean(text).lower() and lower))


def is_agency_text(text: str) -> bool:
    """Whether a text names an agency or commune (Sở, UBND, Phường …) and not a part of one (Phòng, Tổ …)."""
    return bool(_TOP_WORD.match(clean(text).lower()))


def take_apart(text: str) -> tuple[str, str]:
    """("II. PHÒNG NỘI VỤ (12 người)") → ("II", "PHÒNG NỘI VỤ"); the mark is "" when there is none."""
    plain = clean(text)
    mark = ""
    found = _NUMBERED.match(plain)
    if found and plain[found.end() :] and (found["mark"] != "X" or is_unit_text(plain[found.end() :])):
        mark, plain = found["mark"], plain[found.end() :]
    plain = _LABEL.sub("", plain)
    return mark, _COUNT.sub("", plain).strip(" :;-–")


def _style(mark: str, text: str) -> str:
    """Headings numbered alike stand on one level; unnumbered ones are of two levels, agencies and their parts."""
    mark = mark.strip(".)")
    if not mark:
        return "top" if is_agency_text(text) else "part"
    if _ROMAN.match(mark):
        return "roman"
    if mark[0].isdigit():
        return f"number{mark.count('.')}"
    return "capital" if mark.isupper() else "small"


class HeadingPath:
    """The headings in force, outermost first."""

    def __init__(self) -> None:
        self._levels: list[tuple[str, str]] = []
        self.path: tuple[str, ...] = ()

    def enter(self, mark: str, text: str) -> None:
        """A heading ends all those of its own style and inside them, and stands below the rest."""
        style = _style(mark, text)
        styles = [level for level, _ in self._levels]
        if style in styles:
            del self._levels[styles.index(style) :]
        elif style == "top":
            self._levels = [level for level in self._levels if level[0] in ("roman", "capital")]
        self._levels.append((style, text))
        self.path = tuple(name for _, name in self._levels)

    def clear(self) -> None:
        self._levels, self.path = [], ()
