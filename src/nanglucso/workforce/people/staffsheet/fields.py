"""The fields a staff list may have and the headings that offices give them."""

from __future__ import annotations

import re
from functools import lru_cache

from nanglucso.kit.text import clean, similar, unmark

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("STT", "TT", "Số TT", "Số thứ tự", "No", "No."),
    "name": (
        *("Họ và tên", "Họ tên", "Họ và tên khai sinh", "Họ tên khai sinh", "Họ, tên", "Họ, chữ đệm và tên"),
        *("Họ, chữ đệm và tên khai sinh", "Tên cán bộ", "Tên nhân viên", "Họ, đệm, tên", "Full name", "Name", "H.tên"),
    ),
    "ho_dem": (
        *("Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ, tên đệm", "Họ lót", "Họ và tên lót", "Họ và chữ đệm", "Họ"),
        *("Họ và tên Họ đệm", "Họ và tên Họ và đệm", "Họ và tên Họ", "Họ tên Họ đệm", "Họ và tên Họ lót"),
        *("Họ và tên Họ và tên đệm", "Họ tên Họ", "Họ và tên Họ và chữ đệm"),
    ),
    "ten": ("Tên", "Tên gọi", "Họ và tên Tên", "Họ tên Tên"),
    "birth_date": (
        *("Ngày sinh", "Ngày tháng năm sinh", "Năm sinh", "Sinh ngày", "NTNS", "Ngày/tháng/năm sinh", "Ngày sinh nhật"),
        *("Ngày, tháng sinh", "Ngày tháng sinh", "Date of birth", "N.sinh", "Sinh ngày tháng năm"),
    ),
    "birth_male": ("Ngày sinh Nam", "Năm sinh Nam", "Ngày tháng năm sinh Nam", "Nam Ngày sinh", "Nam Năm sinh"),
    "birth_female": ("Ngày sinh Nữ", "Năm sinh Nữ", "Ngày tháng năm sinh Nữ", "Nữ Ngày sinh", "Nữ Năm sinh"),
    "birth_day": ("Ngày sinh Ngày", "Ngày tháng năm sinh Ngày", "Sinh ngày Ngày"),
    "birth_month": ("Ngày sinh Tháng", "Ngày tháng năm sinh Tháng", "Sinh ngày Tháng"),
    "birth_year": ("Ngày sinh Năm", "Ngày tháng năm sinh Năm", "Sinh ngày Năm"),
    "gender": ("Giới tính", "Phái", "Giới", "Nam/Nữ", "Gender", "Sex"),
    "gender_male": ("Giới tính Nam", "Nam", "Phái Nam"),
    "gender_female": ("Giới tính Nữ", "Nữ", "Phái Nữ"),
    "unit": (
        *("Đơn vị", "Đơn vị công tác", "Cơ quan", "Cơ quan, đơn vị", "Cơ quan công tác", "Cơ quan, đơn vị công tác"),
        *("Nơi công tác", "Tên đơn vị", "Tên cơ quan", "Đ.vị", "Đ.vị công tác", "ĐVCT", "Đơn vị làm việc", "Unit"),
    ),
    "department": (
        *("Phòng ban", "Phòng, ban", "Phòng", "Bộ phận", "Phòng/Ban/Đơn vị", "Phòng chuyên môn", "Khoa, phòng"),
        *("Phòng ban, đơn vị", "Tổ, bộ phận", "Phòng, đơn vị", "Đơn vị, phòng ban", "Department", "Phòng ban công tác"),
    ),
    "position": (
        *("Vị trí việc làm", "VTVL", "Tên vị trí việc làm", "Vị trí", "Vị trí công tác", "Tên VTVL", "Position"),
        *("Công việc được giao", "Công việc chính được giao", "Công việc đang làm", "Nhiệm vụ được giao"),
    ),
    "title": (
        *("Chức vụ", "Chức danh", "Chức vụ, chức danh", "Chức danh, chức vụ", "Chức vụ, chức danh công tác"),
        *("Chức vụ công tác", "Chức vụ chính quyền", "Chức danh công việc", "Chức vụ đảm nhiệm", "Title"),
    ),
    "rank": (
        *("Ngạch", "Ngạch, bậc", "Ngạch công chức", "Ngạch, hạng", "Tên ngạch", "Hạng chức danh nghề nghiệp"),
        *("Chức danh nghề nghiệp", "Bậc nghề nghiệp", "Ngạch, chức danh nghề nghiệp", "Ngạch lương"),
    ),
    "rank_code": ("Mã ngạch", "Mã số ngạch", "Mã số chức danh nghề nghiệp"),
    "staff_code": (
        *("Số hiệu", "Số hiệu CBCCVC", "Số hiệu cán bộ", "Số hiệu công chức", "Số hiệu viên chức", "Mã số CBCCVC"),
        *("Mã CBCCVC", "MSCB", "Mã cán bộ", "Mã số cán bộ", "Mã nhân viên", "Mã NV", "Mã CB", "Mã số", "Staff code"),
        *("Mã số CBCC", "Mã công chức", "Mã viên chức", "Mã số công chức", "Mã số viên chức", "Số hiệu CCVC", "MSNV"),
    ),
    "citizen_number": (
        *("Số định danh", "Số định danh cá nhân", "Mã định danh", "Mã định danh cá nhân", "CCCD", "Số CCCD", "CMND"),
        *("Số CMND", "CCCD/CMND", "CMND/CCCD", "Số CCCD/CMND", "Số CMND/CCCD", "Căn cước", "Số căn cước", "Số ĐDCN"),
        *("Căn cước công dân", "Số căn cước công dân", "Chứng minh nhân dân", "Số định danh/CCCD", "Số thẻ căn cước"),
        *("Số định danh cá nhân/CCCD", "Số định danh cá nhân/CMND", "Số ĐDCN/CCCD", "ĐDCN"),
    ),
    "email": (
        *(
            "Email",
            "E-mail",
            "Thư điện tử",
            "Email công vụ",
            "Thư điện tử công vụ",
            "Địa chỉ email",
            "Hộp thư",
            "E-mail công vụ",
        ),
        *("E-mail công vụ", "Địa chỉ thư điện tử", "Hộp thư điện tử", "Hộp thư công vụ", "Địa chỉ thư điện tử công vụ"),
    ),
    "phone": (
        *("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Di động", "Điện thoại di động", "Số ĐT", "ĐTDĐ", "Số di động"),
        *("Số điện thoại di động", "Điện thoại liên hệ", "Số điện thoại liên hệ", "Số ĐTDĐ", "Phone"),
    ),
    "education": (
        *("Trình độ", "Trình độ chuyên môn", "Trình độ đào tạo", "Bằng cấp", "Trình độ chuyên môn cao nhất", "Học vị"),
        *("Trình độ CM", "TĐCM", "Trình độ chuyên môn nghiệp vụ", "Trình độ cao nhất", "Trình độ chuyên môn đào tạo"),
    ),
    "appointed_on": (
        *("Ngày bổ nhiệm", "Ngày bổ nhiệm chức vụ", "Thời điểm bổ nhiệm", "Thời gian bổ nhiệm", "Ngày giữ chức vụ"),
        *("Ngày, tháng, năm bổ nhiệm", "Ngày nhận nhiệm vụ", "Ngày tháng năm bổ nhiệm", "Ngày bổ nhiệm, điều động"),
    ),
    "note": ("Ghi chú", "Note", "Ghi chú khác"),
}
"""Field → headings, the parts of a two-row heading joined by a space. The first heading names the field."""

FIELDS = tuple(HEADINGS)

_FILLER = frozenset(
    re.findall(
        r"\w+",
        "cbccvc cbcc ccvc can bo cong chuc vien nguoi lao dong hien nay tai cua nhan su theo quyet dinh day du neu co "
        "khai sinh dang giu dam nhiem ghi ro in hoa viet",
    )
)
_NEVER = frozenset(re.findall(r"\w+", "cha me vo chong con daarng cap cu noi luong phu quy hoach doan truoc"))
_KEPT = {"năm": "nawm", "đảng": "daarng"}
_PARENTHESIS = re.compile(r"\([^)]*\)?")
_BREAK = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """Folded words without brackets. "năm" (year) is kept apart from "nam" (male): it becomes "nawm"; so is "đảng"."""
    lower = clean(text).lower()
    bare = _PARENTHESIS.sub(" ", lower).strip() or lower
    words = _BREAK.sub(" ", bare).split()
    return " ".join(_KEPT.get(word) or unmark(word) for word in words)


def _keys() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, headings in HEADINGS.items():
        for heading in headings:
            found.setdefault(heading_key(heading), field)
    for key, field in list(found.items()):
        found.setdefault(key.replace("nawm", "nam"), field)
    return found


_KEYS = _keys()
_LONG_FIRST = sorted(_KEYS, key=lambda key: (-len(key), key))


@lru_cache(maxsize=4096)
def guess(heading: str) -> tuple[str, float]:
    """The field a heading means and how sure: 1 a known heading, 0.85 with filler words, 0.6 misspelt, ("", 0) none."""
    key = heading_key(heading)
    if not key or len(key) > 80:
        return "", 0.0
    if key in _KEYS:
        return _KEYS[key], 1.0
    words = key.split()
    if _NEVER.intersection(words):
        return "", 0.0
    for known in _LONG_FIRST:
        if len(known) > 2 and key.startswith(known + " ") and _FILLER.issuperset(key[len(known) :].split()):
            return _KEYS[known], 0.85
    if len(key) < 6:
        return "", 0.0
    near = [(similar(key, known), known) for known in _LONG_FIRST if known.count(" ") == key.count(" ")]
    score, known = max(near, default=(0.0, ""))
    return (_KEYS[known], 0.6) if score >= 0.75 else ("", 0.0)
