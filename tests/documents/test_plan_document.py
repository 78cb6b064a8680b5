"""The plan's document: both files say the same, on the form of the decree, and the numbers add up."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from pypdf import PdfReader

from tests import needs
from tests.documents.conftest import PEOPLE, STRANGE
from tests.documents.reading import docx_text, pdf_pages, pdf_text, squeezed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def tables(document, annex):
    return [block for block in document.annexes[annex].blocks if block.kind == "table"]


def test_docx_and_pdf_say_the_same_words_in_the_same_order(made):
    words = docx_text(made.docx)
    assert len(words) > 5000
    assert pdf_text(made.pdf, made.document, words) == words


def test_every_text_of_the_document_is_printed(made):
    words = docx_text(made.docx)
    d = made.document
    for text in (
        *d.superior,
        d.issuer,
        d.nation,
        d.motto,
        d.number,
        d.place_date,
        d.kind,
        *d.subject,
        *d.notes,
        *d.bases,
    ):
        assert squeezed(text) in words
    for block in (*d.blocks, *(block for annex in d.annexes for block in annex.blocks)):
        assert squeezed(block.text) in words
        assert all(squeezed(cell) in words for row in block.rows for cell in row.cells)


def test_letterhead_number_and_date_are_left_blank_for_the_signer(made):
    d = made.document
    assert d.superior == ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ CẦN THƠ")
    assert d.motto == "Độc lập - Tự do - Hạnh phúc"
    assert re.fullmatch(r"Số:\s+/KH-SNV", d.number)
    assert re.fullmatch(r"Cần Thơ, ngày\s+tháng 3 năm 2026", d.place_date)
    assert d.blocks[-1].text.endswith("./.")
    assert d.recipients[-1] == "- Lưu: VT, SNV."


def test_bases_are_one_a_line_and_in_force_on_the_day(made):
    bases = made.document.bases
    assert all(line.startswith("Căn cứ ") for line in bases)
    assert all(line.endswith(";") for line in bases[:-1])
    assert bases[-1].endswith(".")
    whole = " ".join(bases)
    assert "Luật Cán bộ, công chức ngày 24 tháng 6 năm 2025" in whole
    assert "Nghị định số 101/2017/NĐ-CP ngày 01 tháng 9 năm 2017 của Chính phủ" in whole
    assert "Chuyển đổi số" not in whole.replace("chuyển đổi số", "")
    assert "259/2026" not in whole


def test_docx_has_the_page_and_type_of_the_decree(made):
    document = Document(BytesIO(made.docx))
    for section in document.sections:
        assert section.different_first_page_header_footer
        lying = section.orientation == WD_ORIENT.LANDSCAPE
        assert round(section.page_width / Mm(1)) == (297 if lying else 210)
    body = document.sections[0]
    assert [round(m / Mm(1)) for m in (body.top_margin, body.bottom_margin, body.left_margin, body.right_margin)] == [
        20, 20, 30, 15,
    ]  # fmt: skip
    assert [s.orientation == WD_ORIENT.LANDSCAPE for s in document.sections] == [False, True, True, False, False, False]
    assert "PAGE" in body.header._element.xml
    assert not body.first_page_header.paragraphs[0].text
    assert document.styles["Normal"].font.name == "Times New Roman"
    sizes = {name: document.styles[name].font.size.pt for name in ("NLS Body", "NLS Base", "NLS Recipient")}
    assert sizes == {"NLS Body": 14, "NLS Base": 14, "NLS Recipient": 11}
    assert document.styles["NLS Base"].font.italic
    fonts = ZipFile(BytesIO(made.docx)).read("word/fontTable.xml").decode()
    assert 'w:altName w:val="Liberation Serif"' in fonts


def test_each_part_counts_its_pages_and_hides_the_first_number(made):
    pages = pdf_pages(made.pdf)
    starts = [0] + [
        next(i for i, page in enumerate(pages) if page.startswith(squeezed(f"{annex.label}{annex.title}")))
        for annex in made.document.annexes
    ]
    for begin, end in zip(starts, [*starts[1:], len(pages)], strict=True):
        assert not pages[begin][0].isdigit()
        for number, page in enumerate(pages[begin + 1 : end], 2):
            assert page.startswith(str(number))


def test_pdf_embeds_the_open_font_and_is_tagged(made):
    reader = PdfReader(BytesIO(made.pdf))
    names = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    fonts = {
        str(page["/Resources"]["/Font"][key]["/BaseFont"])
        for page in reader.pages
        for key in page["/Resources"]["/Font"]
    }
    assert names
    assert all("LiberationSerif" in font and "+" in font for font in fonts)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_first_page_says_what_the_numbers_rest_on(made):
    notes = " ".join(made.document.notes)
    assert f"nhu cầu của cả {PEOPLE} người lấy từ giá trị ban đầu" in notes
    assert "1 phòng học và 2 giảng viên do phần mềm đặt ra" in notes
    assert "người giả định" in notes
    assert "Dự thảo" in notes
    first = pdf_pages(made.pdf)[0]
    assert all(squeezed(note) in first for note in made.document.notes)


def test_what_a_person_typed_stays_text(made):
    strange = squeezed(STRANGE.rpartition(" ")[0].replace("\x0b", ""))
    assert strange in docx_text(made.docx)
    assert strange in "".join(pdf_pages(made.pdf))


def test_lists_hold_every_seat_and_no_identity_number(made):
    rows = [row for block in tables(made.document, 1) for row in block.rows]
    assert len(rows) == made.seats == made.document.figures["seats"]
    titles = {column.title for block in tables(made.document, 1) for column in block.columns}
    assert not any("định danh" in title or "CCCD" in title for title in titles)
    assert {row.cells[-1] for row in rows} <= {"Đ", "T, Đ"}


def test_cost_table_adds_up_to_the_plan(made):
    by_source = {}
    for line in made.lines:
        by_source[line.source] = by_source.get(line.source, 0) + line.amount
    assert sum(by_source.values()) == made.cost == made.document.figures["cost"]
    printed = tables(made.document, 2)
    for block in printed:
        amounts = [digits(row.cells[4]) for row in block.rows]
        assert sum(amounts[:-1]) == amounts[-1]
    assert sum(digits(block.rows[-1].cells[4]) for block in printed) == made.cost
    assumed = [row.cells[5] for block in printed for row in block.rows if "Tài khoản học trực tuyến" in row.cells[0]]
    assert assumed
    assert all(cell == "giả định" for cell in assumed)


def test_classes_table_agrees_with_the_lists(made):
    rows = [row for block in tables(made.document, 0) for row in block.rows]
    assert len(rows) == made.document.figures["classes"]
    assert sum(digits(row.cells[6]) for row in rows) == made.seats
    assert sum(digits(row.cells[10]) for row in rows) == made.cost


def test_first_tests_name_everybody_who_was_never_measured(made):
    counts, names = tables(made.document, 3)
    assert digits(counts.rows[-1].cells[1]) == PEOPLE == made.document.figures["first_tests"]
    assert sum(digits(row.cells[2]) for row in names.rows) == PEOPLE
    assert sum(len(row.cells[3].split("; ")) for row in names.rows) == PEOPLE


def test_unmeasured_sit_before_the_first_class_a_quarter_of_a_unit_a_week(made):
    (counts, _names) = tables(made.document, 3)
    for row in counts.rows[:-1]:
        weeks = [digits(cell) for cell in row.cells[2:]]
        assert max(weeks) - min(weeks) <= 1


@pytest.mark.office
def test_libreoffice_prints_the_docx_without_an_empty_page(made, tmp_path):
    import subprocess

    office = needs.program("soffice")
    (tmp_path / "plan.docx").write_bytes(made.docx)
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "plan.docx")], check=True, timeout=120, capture_output=True
    )
    pages = pdf_pages((tmp_path / "plan.pdf").read_bytes())
    assert all(len(page) > 3 for page in pages)
    assert not pages[0][0].isdigit()
    assert pages[1].startswith("2")


def test_class_management_is_stated_as_its_share_once_however_many_classes_there_are(made):
    shares = [line for line in made.lines if line.code == "=management"]
    assert shares
    assert {line.quantity for line in shares} == {0.08}
    assert squeezed("Chi quản lý lớp (8% kinh phí trực tiếp)") in docx_text(made.docx)


def test_days_off_stand_in_the_timetable_and_what_is_assumed_of_them_in_the_last_annex(made):
    said = [block.text for block in made.document.blocks]
    last = [block.text for block in made.document.annexes[-1].blocks]
    assert any("chờ quyết định hằng năm" in text and "Quốc khánh 2026" in text for text in last)
    mondays = made.scenario.basis["mondays"]
    assert "2026-04-27" not in mondays
    told = [text for text in said if text.startswith("c) Không xếp lớp")]
    assert told == ["c) Không xếp lớp trong tuần nghỉ lễ, tết: từ 27/04 đến 01/05/2026."]


def test_a_caption_a_head_and_a_sum_never_stand_alone(made):
    document = Document(BytesIO(made.docx))
    tables = [one for one in document.tables if one.style is not None and one.style.style_id == "NLSTable"]
    assert len(tables) > 3
    for table in tables:
        before = table._tbl.getprevious()
        assert before.find(f"{W}pPr/{W}keepNext") is not None
        for row in (table.rows[0], table.rows[-2]):
            assert all(one.find(f"{W}pPr/{W}keepNext") is not None for one in row._tr.iter(f"{W}p"))


def test_people_measured_too_little_are_named_beside_those_never_measured(made, monkeypatch):
    from types import SimpleNamespace

    from nanglucso.govern.reports.documents import planbody

    never, doubtful = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    rows = [SimpleNamespace(person_id=one.pk) for one in (never, doubtful)]
    monkeypatch.setattr(planbody, "people_in", lambda scenario, scope, only: rows if only == "retest" else [])
    assert planbody._again(SimpleNamespace(scenario=made.scenario, unmeasured=[never])) == 1
