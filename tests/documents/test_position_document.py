"""The printed form of a position has every section of the official form and what it requires."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from nanglucso.core.models import AuditEntry
from nanglucso.govern.reports.documents import position_document, to_docx
from tests import make
from tests.documents.reading import docx_text

pytestmark = pytest.mark.django_db


def _close(words):
    return "".join(words.split())


def test_every_section_duty_and_requirement_is_printed():
    position = make.position("VTVL-SN-DKDD-01")
    data = to_docx(position_document(position, at=make.AT))
    said = docx_text(data)  # without blanks
    for words in ("I. THÔNG TIN CHUNG", "II. MỤC TIÊU", "III, IV, V.", "VI. KHUNG NĂNG LỰC", "VII.", "VIII.", "IX."):
        assert _close(words) in said
    for duty in position.profile["III_cong_viec"]:
        assert _close(duty["viec"]) in said
        assert _close(duty["tieu_chi"]) in said
    for row in position.requirements.select_related("competence"):
        assert _close(row.competence.name_vi) in said
    assert said.count("bắtbuộcđạt") == position.requirements.filter(must_have=True).count()
    assert len(Document(BytesIO(data)).tables) >= 3


def test_every_shipped_position_prints():
    make.city()
    from nanglucso.workforce.people.models import Position

    for position in Position.objects.select_related("framework"):
        assert len(position_document(position, at=make.AT).blocks) > 20, position.code


def test_the_file_is_handed_out_and_logged(as_user):
    position = make.position("VTVL-SO-VT-01")
    reply = as_user(make.user()).get(reverse("reports:position_docx", args=[position.pk]))
    assert reply.content[:2] == b"PK"
    assert AuditEntry.objects.filter(verb="reports.position_file").count() == 1
