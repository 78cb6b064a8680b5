"""Items out and in again: the same rows, in both forms; and files that nobody should have to guess about."""

import pytest
from django.utils import translation

from nanglucso.measure.bank.exchange import read_file, to_csv, to_yaml
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.rawitem import raw_of
from nanglucso.measure.bank.reading import BadItemFile, read_row
from nanglucso.measure.bank.services import load_items
from tests import make

pytestmark = pytest.mark.django_db


def shipped():
    versions = ItemVersion.objects.filter(current=True).select_related("item__competence__framework")
    return list(versions.order_by("item__code"))


def as_text(row):
    """A row with every cell of its stimulus as text."""

    def said(value):
        if isinstance(value, dict):
            return {key: said(inner) for key, inner in value.items()}
        return [said(one) for one in value] if isinstance(value, list) else str(value)

    return {**vars(row), "body": {**row.body, "stimulus": said(row.body["stimulus"])}}


def test_every_stored_version_goes_out_as_yaml_and_comes_back_the_same():
    versions = shipped()
    found = [read_row(raw, "a.yaml") for raw in read_file("a.yaml", to_yaml([raw_of(v) for v in versions]))]
    assert len(found) == len(versions) > 200
    for row, version in zip(found, versions, strict=True):
        item = version.item
        assert (row.code, row.version, row.type, row.family) == (item.code, version.number, item.type, item.family)
        assert (row.body, row.key, row.notes) == (version.body, version.key, version.notes)
        assert (row.a, row.b, row.c, row.minutes) == (version.a, version.b, version.c, version.minutes)
        assert (row.indicator, row.review_by, row.gloss_en) == (item.indicator, item.review_by, item.gloss_en)


def test_every_stored_version_goes_out_as_csv_and_comes_back_the_same():
    rows = [raw_of(v) for v in shipped()]
    back = read_file("a.csv", to_csv(rows))
    for one, other in zip(rows, back, strict=True):
        assert as_text(read_row(one, "a")) == as_text(read_row(other, "b"))


def test_an_exported_file_loads_as_nothing_new(tmp_path):
    (tmp_path / "a.yaml").write_bytes(to_yaml([raw_of(v) for v in shipped()]))
    assert load_items(framework=make.framework(), at=make.AT, folder=tmp_path) == 0


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.yaml", b"- id: x\n  y: [", "line"),
        ("a.yaml", b"id: x", "list of items"),
        ("a.yaml", b"- 1\n- 2", "list of items"),
        ("a.yaml", b"- &a {id: x}\n- *a", "aliases"),
        ("a.yaml", b"\xff\xfe\x00", "UTF-8"),
        ("a.yaml", b"- id: x\n" * 501, "at most 500"),
        ("a.yaml", b"#" * (2 * 2**20 + 1), "larger than 2 MB"),
        ("a.csv", "câu,mức\n1,2\n".encode(), "id and type"),
        ("a.csv", b"id,type,version\nS1.1-CB-901,single,hai\n", "line 2"),
        ("a.csv", b"id,type,options,options.1.text\nS1.1-CB-901,single,x,y\n", "contradicts"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(name, data, word):
    with translation.override("en"), pytest.raises(BadItemFile, match=word):
        read_file(name, data)
