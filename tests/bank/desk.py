"""Items as an author types them, for the tests of this folder."""

from nanglucso.measure.bank.draftforms import DraftEditor
from nanglucso.measure.bank.drafting import indicators

WHY = "Câu phản hồi này có đủ mười hai tiếng để giải thích vì sao chọn như vậy."


def posted(raw):
    """The fields of a draft's form exactly as the page shows them, ready to be posted back."""
    refs, cut = indicators(raw)
    editor = DraftEditor(raw, refs, cut)
    bound = [*editor.form, *(field for row in editor.rows or [] for field in row)]
    bound += list(editor.rows.management_form) if editor.rows else []
    data = {}
    for field in bound:
        value = field.value()
        if hasattr(field.field, "prepare_value"):
            value = field.field.prepare_value(value)
        if isinstance(value, list):
            data[field.html_name] = value
        elif field.field.widget.input_type == "checkbox" if hasattr(field.field.widget, "input_type") else False:
            if value:
                data[field.html_name] = "on"
        elif hasattr(value, "strftime"):
            data[field.html_name] = value.strftime("%d/%m/%Y")
        else:
            data[field.html_name] = "" if value is None else str(value)
    return data


def filled(**change):
    """A single-choice item without a fault."""
    rows = [("Dọn tệp tạm trên ổ C", True), ("Thay màn hình máy tính", False), ("Đổi mật khẩu hộp thư", False)]
    data = {
        "row-TOTAL_FORMS": "4", "row-INITIAL_FORMS": "0", "indicator": "1.1.CB.a",
        "stem": "Máy báo ổ đĩa C gần hết chỗ. Làm gì trước?", "family": "o-dia-day-khi-lam-viec", "time_s": "60",
        "rationale": "Biết việc nhẹ nhất trước.", "source_doc": "kỹ năng chung", "source_as_of": "01/03/2026",
        "confidence": "S", "review_by": "01/03/2027", "gloss_en": "Free disk space first.", "stim_shape": "none",
    }  # fmt: skip
    for n, (text, right) in enumerate(rows):
        data |= {f"row-{n}-text": text, f"row-{n}-feedback": WHY, f"row-{n}-misconception": "" if right else "nhầm"}
        data |= {f"row-{n}-right": "on"} if right else {}
    return data | change
