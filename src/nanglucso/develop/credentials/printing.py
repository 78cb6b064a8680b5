"""The certificate as PDF: the words of `Certificate.content` set by typst, the check address as a QR code."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from nanglucso import ui
from nanglucso.develop.credentials.models import Certificate

TEMPLATE = Path(__file__).with_name("certificate.typ")
FONTS = Path(ui.__file__).parent / "fonts"


def _long_date(day: date) -> str:
    """ngày 05 tháng 02 năm 2026: days under 10 and the months 1 and 2 take a 0."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _qr(text: str) -> str:
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=True, border=0, omitsize=False, scale=4)
    return out.getvalue().decode()


def _until(content: dict[str, Any]) -> str:
    end = content.get("valid_until")
    return f"Có giá trị đến hết ngày {date.fromisoformat(end):%d/%m/%Y}" if end else ""


def words(content: dict[str, Any], *, code: str, address: str) -> dict[str, str]:
    """Everything that stands on the page; `address`: where the certificate can be checked."""
    start, end, day = (date.fromisoformat(content[key]) for key in ("from", "to", "issued_on"))
    return {
        "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "motto": "Độc lập - Tự do - Hạnh phúc",
        "superior": content["superior"],
        "issuer": content["issuer"],
        "title": "GIẤY XÁC NHẬN HOÀN THÀNH",
        "number": content["number"],
        "book": f"Số vào sổ: {content['number']}",
        "confirms": "Xác nhận đồng chí",
        "name": content["name"],
        "unit": f"Đơn vị công tác: {content['unit']}" if content["unit"] else "",
        "done": "đã hoàn thành lớp bồi dưỡng",
        "course": content["course"],
        "until": _until(content),
        "when": f"Thời lượng tham dự {content['tiet']} tiết, từ ngày {start:%d/%m/%Y} đến ngày {end:%d/%m/%Y} "
        f"(lớp {content['class']})",
        "place_date": f"{content['place']}, {_long_date(day)}",
        "signer_title": content["signer_title"],
        "signer_name": content["signer_name"],
        "sign_here": "(Ký, ghi rõ họ tên và đóng dấu)",
        "check": "Kiểm tra giấy này bằng mã:",
        "code": code,
        "address": address,
        "made_up": "Bản minh họa: người và số liệu đều là giả định." if content["made_up"] else "",
        "qr": _qr(address),
        "qr_alt": f"Mã QR dẫn tới trang kiểm tra, mã {code}",
    }


def certificate_pdf(certificate: Certificate, *, address: str) -> bytes:
    """One A4 page, tagged (PDF/UA-1); the same certificate and address give the same bytes."""
    told = words(certificate.content, code=certificate.check_code, address=address)
    return bytes(
        typst.compile(
            str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf",
            sys_inputs={"data": json.dumps(told, ensure_ascii=False)}, pdf_standards="ua-1",
            timestamp=int(certificate.issued_at.timestamp()),
        )
    )  # fmt: skip
