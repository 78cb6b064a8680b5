"""Every kind of stimulus becomes something to read, and nothing that the author wrote is lost."""

from django.template.loader import render_to_string
from django.utils import translation

from nanglucso.measure.bank.showing import stimulus

MAIL = {
    "kind": "mail",
    "title": "Hộp thư",
    "from": "ai-do@vi-du.example",
    "to": ["Hạnh", "Lan"],
    "subject": "Khóa tài khoản",
    "body": "Đề nghị xác nhận.",
    "attachments": ["xacnhan.zip"],
}


def shown(raw):
    with translation.override("en"):
        return render_to_string("bank/stimulus.html", {"s": stimulus(raw)})


def test_a_mail_says_from_whom_to_whom_and_about_what():
    page = shown(MAIL)
    for text in ("From", "ai-do@vi-du.example", "Hạnh; Lan", "Khóa tài khoản", "Đề nghị xác nhận.", "xacnhan.zip"):
        assert text in page
    assert stimulus(MAIL).look == "mail"


def test_a_list_called_items_is_read_as_items_and_not_as_a_method_of_the_dictionary():
    page = shown({"kind": "list", "title": "Việc", "items": ["Trả lời thư", {"text": "Ký văn bản"}]})
    assert "<li>Trả lời thư</li>" in page
    assert "<li>Ký văn bản</li>" in page
    assert "(" not in page.split("<ul")[1]


def test_a_table_several_sheets_a_message_a_screen_and_a_plain_text():
    assert '<th scope="col">Tháng</th>' in shown({"title": "Bảng", "columns": ["Tháng"], "rows": [["9/2026"]]})
    sheets = [{"name": "Một", "columns": ["A"], "rows": [["1"]]}, {"name": "Hai", "columns": ["B"], "rows": [["2"]]}]
    page = shown({"kind": "sheets", "sheets": sheets, "note": "Giả định."})
    assert [page.count(text) for text in ("<table", "Một", "Hai", "Giả định.")] == [2, 2, 2, 1]
    assert stimulus({"kind": "message", "channel": "Trang tin", "text": "Xin chào"}).look == "message"
    assert stimulus({"kind": "screen", "title": "Màn hình", "lines": ["Dòng 1"]}).look == "screen"
    assert "Thông báo" in shown("Thông báo")
    assert stimulus(None) is None


def test_a_field_that_nobody_foresaw_is_shown_with_its_name_and_text_is_escaped():
    page = shown({"title": "Màn hình", "lines": ["<b>x</b>"], "printer_tray": "số 2"})
    assert "Printer tray" in page
    assert "số 2" in page
    assert "&lt;b&gt;x" in page
