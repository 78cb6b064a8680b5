"""A lesson is written by one person and published by another; a shipped text never takes the place of one written here."""

import pytest

from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import queries, services
from nanglucso.develop.learning.comparing import compare
from nanglucso.develop.learning.models import LessonVersion
from tests import make
from tests.learning import taught

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make.user("author")


def draft(writer, old="Không ai gian dối.", new="Không ai có lỗi."):
    taught.lesson()
    return services.start_draft(actor=writer, source=taught.text().replace(old, new), at=make.AT)


def test_nobody_publishes_a_lesson_of_their_own(writer):
    version = draft(writer)
    with pytest.raises(Refused):
        services.publish(actor=make.user("author"), version=version, at=make.AT)
    services.send(actor=writer, version=version, at=make.AT)
    with pytest.raises(Refused):
        services.publish(actor=writer, version=version, at=make.AT)
    services.publish(actor=make.user("training"), version=version, at=make.AT)
    assert taught.lesson().live == version
    assert version.number == 2


def test_a_draft_with_faults_is_kept_but_not_sent(writer):
    version = draft(writer, "minutes: 10", "minutes: 25")
    with pytest.raises(Refused) as no:
        services.send(actor=writer, version=version, at=make.AT)
    assert "8" in str(no.value)


def test_only_the_author_changes_a_draft_and_not_its_id(writer):
    version = draft(writer)
    with pytest.raises(Refused):
        services.save_draft(actor=make.user("author"), version=version, source=taught.text(), at=make.AT)
    with pytest.raises(Refused):
        services.save_draft(actor=writer, version=version, source=taught.text("BH-6.4-TC-01"), at=make.AT)
    services.save_draft(actor=writer, version=version, source=taught.text().replace("Thứ Năm", "Thứ Tư"), at=make.AT)
    version.refresh_from_db()
    assert "Thứ Tư" in version.source


def test_one_lesson_has_one_open_draft(writer):
    draft(writer)
    with pytest.raises(Refused):
        services.start_draft(actor=make.user("author"), source=taught.text(), at=make.AT)


def test_a_reader_sends_it_back_with_a_reason(writer):
    version, reader = draft(writer), make.user("author")
    services.send(actor=writer, version=version, at=make.AT)
    assert list(queries.to_review(user=reader)) == [version]
    assert list(queries.to_review(user=writer)) == []
    with pytest.raises(Refused):
        services.send_back(actor=reader, version=version, note="", at=make.AT)
    services.send_back(actor=reader, version=version, note="Bảng ở phần 2 thiếu một dòng.", at=make.AT)
    version.refresh_from_db()
    assert version.state == LessonVersion.State.DRAFT
    assert version.note.startswith("Bảng")


def test_what_was_written_here_is_not_overwritten_by_shipped_files(writer, tmp_path):
    version = draft(writer)
    services.send(actor=writer, version=version, at=make.AT)
    services.publish(actor=make.user("author"), version=version, at=make.AT)
    (tmp_path / "3.3-TC-01-a.md").write_text(taught.text().replace("Thứ Năm", "Thứ Ba"), encoding="utf-8")
    assert services.load_lessons(at=make.at(1), folder=tmp_path) == 0
    assert taught.lesson().live == version


def test_versions_side_by_side_mark_what_changed(writer):
    version = draft(writer)
    rows = compare(taught.lesson().live, version)
    assert [row.name for row in rows if row.changed] == ["1. Tình huống"]
    changed = next(row for row in rows if row.changed)
    assert "".join(text for new, text in changed.left if new).strip() == "gian dối."
    assert "".join(text for new, text in changed.right if new).strip() == "có lỗi."


def test_a_dropped_draft_makes_room_for_another(writer):
    version = draft(writer)
    services.drop(actor=writer, version=version, at=make.AT)
    assert services.start_draft(actor=writer, source=taught.text(), at=make.AT).number == 3
