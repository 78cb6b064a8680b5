"""A file handed out says its name and kind; a refusal stands where the person can see it."""

from io import BytesIO

import openpyxl
import pytest
from django import forms

from nanglucso.core.downloads import download, table
from nanglucso.core.refusals import Refused
from nanglucso.kit.xlsxwrite import Column, OutSheet
from tests import make


def sheet() -> OutSheet:
    return OutSheet("Câu hỏi", [Column("Mã", 10), Column("Số", 8, "int")], [("S1", 3), ("=S2", 4)], ["Tháng 11"])


def test_a_table_as_workbook_has_its_titles_and_as_csv_has_none():
    book = table("bang", sheet(), "xlsx", at=make.AT)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows()]
    assert rows[0][0] == "Tháng 11"
    assert rows[-2:] == [["S1", 3], ["=S2", 4]]
    plain = table("bang", sheet(), "csv", at=make.AT)
    assert plain.content.decode("utf-8-sig").splitlines() == ["Mã,Số", "S1,3", "'=S2,4"]
    assert plain["Content-Disposition"] == 'attachment; filename="bang.csv"'
    assert plain["Content-Type"] == "text/csv; charset=utf-8"


def test_an_unknown_kind_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        download(b"", "x", "exe")


class Short(forms.Form):
    name = forms.CharField()


@pytest.mark.parametrize(("field", "place"), [("name", "name"), ("reason", "__all__"), (None, "__all__")])
def test_a_refusal_about_a_field_that_the_form_lacks_stands_above_it(field, place):
    form = Short({"name": "A"})
    assert form.is_valid()
    Refused("Không được.", field=field).show_on(form)
    assert form.errors == {place: ["Không được."]}
