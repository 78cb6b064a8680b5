"""Pages of lessons over real HTTP: no key before the answer, no completion by posting, the way from own gaps."""

import json
import re

import pytest
from django.urls import reverse

from nanglucso.core.clock import now
from nanglucso.core.models import AuditEntry
from nanglucso.develop.learning import services
from nanglucso.develop.learning.lessons import lesson_of, option_order
from nanglucso.develop.learning.models import CheckAnswer, LessonVersion, Study
from nanglucso.develop.learning.views.player import CHECK
from tests import make
from tests.learning import scorm, taught

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_NLS_OUTBOX": "1"}


@pytest.fixture
def person():
    return make.person(login=True, position=make.position("VTVL-XA-TN-01"))


@pytest.fixture
def me(as_user, person):
    return as_user(person.user)


def begin(me):
    taught.lesson()
    reply = me.post(reverse("learning:begin", args=[taught.CODE]))
    assert reply.status_code == 302
    return Study.objects.select_related("version").get()


def test_no_key_and_no_feedback_reaches_the_page_before_the_answer(me):
    study = begin(me)
    said = me.get(reverse("learning:play", args=[study.pk])).content.decode()
    lesson = lesson_of(study.version)
    for question in lesson.questions:
        for option in question.options:
            assert option.feedback[6:40] not in said
    for row in lesson.exercise.rows:
        assert row.why[:30] not in said
    assert "Đúng:" not in said
    assert "```" not in said


def test_after_an_answer_only_its_own_feedback_is_told(me):
    study = begin(me)
    question = lesson_of(study.version).questions[0]
    order = option_order(study, 1, 3)
    wrong = next(n for n, place in enumerate(order) if place != question.key)
    told = {"round": "1", "question": "1", "o": str(wrong)}
    said = me.post(reverse("learning:answer", args=[study.pk]), told, **SCRIPT).content.decode()
    assert question.options[order[wrong]].feedback[:30] in said
    others = [one.feedback[:30] for n, one in enumerate(question.options) if n != order[wrong]]
    assert not any(one in said for one in others)
    assert CheckAnswer.objects.get().right is False
    assert said.count('class="choice wrong"') == 1
    second = lesson_of(study.version).questions[1]
    right = option_order(study, 2, 3).index(second.key)
    told = {"round": "1", "question": "2", "o": str(right)}
    said = me.post(reverse("learning:answer", args=[study.pk]), told, **SCRIPT).content.decode()
    assert said.count('class="choice wrong"') == 1, "only the wrong choice is crossed"


def test_the_exercise_tells_why_after_a_try_and_asks_for_every_row(me):
    study = begin(me)
    address = reverse("learning:exercise", args=[study.pk])
    reply = me.post(address, {"row0": "0"}, **SCRIPT)
    assert reply.status_code == 422
    reply = me.post(address, {f"row{n}": "0" for n in range(6)}, **SCRIPT)
    said = reply.content.decode()
    assert lesson_of(study.version).exercise.rows[1].why[:30] in said
    study.refresh_from_db()
    assert (study.tries, study.tried["right"]) == (1, 3)


def test_posting_alone_does_not_finish_a_lesson(me):
    study = begin(me)
    for part in (1, 2, 3, 4, 5) * 20:
        me.post(reverse("learning:beat", args=[study.pk]), {"part": part, "seconds": 9999, "spent": 600}, **SCRIPT)
    for question in (1, 2, 3):
        order = option_order(study, question, 3)
        shown = order.index(lesson_of(study.version).questions[question - 1].key)
        me.post(reverse("learning:answer", args=[study.pk]), {"round": 1, "question": question, "o": shown}, **SCRIPT)
    study.refresh_from_db()
    assert study.answers.filter(right=True).count() == 3
    assert study.opened == [1, 2, 3, 4, 5]
    assert study.finished_at is None


@pytest.mark.parametrize("sent", [{}, {"part": "9"}, {"part": "-1"}, {"part": "x"}])
def test_a_broken_sign_of_life_is_refused_in_a_sentence(me, sent):
    study = begin(me)
    reply = me.post(reverse("learning:beat", args=[study.pk]), sent, **SCRIPT)
    assert reply.status_code == 422
    assert len(reply.content.decode()) > 10


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"round": "1", "question": "1"},
        {"round": "7", "question": "1", "o": "1"},
        {"round": "1", "question": "9", "o": "1"},
        {"round": "1", "question": "1", "o": "44"},
    ],
)
def test_a_broken_answer_is_refused_and_nothing_is_stored(me, sent):
    study = begin(me)
    assert me.post(reverse("learning:answer", args=[study.pk]), sent, **SCRIPT).status_code == 422
    assert not CheckAnswer.objects.exists()


def test_looking_writes_nothing(me):
    study = begin(me)
    before = AuditEntry.objects.count()
    for part in range(1, 6):
        me.get(f"{reverse('learning:play', args=[study.pk])}?phan={part}")
    study.refresh_from_db()
    assert study.opened == [1]
    assert AuditEntry.objects.count() == before


def test_without_scripts_the_parts_follow_each_other(me):
    study = begin(me)
    reply = me.post(reverse("learning:beat", args=[study.pk]), {"part": 2}, follow=True)
    assert 'id="phan-2"' in reply.content.decode()
    assert re.search(r'id="phan-1"[^>]* hidden', reply.content.decode())
    assert CHECK == 4


def test_the_way_names_the_lesson_of_a_required_competence_and_all_lessons_can_be_searched(me):
    taught.lesson()
    assert "BH-3.3-TC-01" in me.get(reverse("learning:mine")).content.decode()
    listed = me.get(reverse("learning:all")).content.decode()
    assert "BH-6.4-TC-01" in listed
    assert "BH-6.4-TC-01" not in me.get(reverse("learning:all"), {"muc": "1"}).content.decode()
    assert "BH-6.4-TC-01" in me.get(reverse("learning:all"), {"q": "tri tue"}).content.decode()


def test_a_prerequisite_that_is_not_done_comes_first(person):
    from nanglucso.develop.learning.queries.paths import Shelf, in_order

    taught.lesson()
    shelf = Shelf(person, make.framework())
    ordered = in_order([shelf.lessons["BH-6.4-TC-01"]], shelf)
    assert [row.code for row in ordered] == ["BH-3.3-TC-01", "BH-6.4-TC-01"]
    taught.finished(person)
    shelf = Shelf(person, make.framework())
    assert [row.code for row in in_order([shelf.lessons["BH-6.4-TC-01"]], shelf)] == ["BH-6.4-TC-01"]


def test_a_competence_whose_lesson_is_already_on_the_way_is_not_said_to_have_none(person, monkeypatch):
    from nanglucso.develop.learning.queries import path_of, paths

    taught.lesson()
    gaps = paths._gaps
    monkeypatch.setattr(paths, "_gaps", lambda bars: sorted(gaps(bars), key=lambda bar: bar.competence.code != "6.4"))
    path = path_of(person, make.framework(), make.AT)
    assert [step.lesson.code for step in path.groups[0].steps] == ["BH-3.3-TC-01", "BH-6.4-TC-01"]
    assert len(path.groups) == 1
    assert "3.3" not in [competence.code for competence in path.none]
    assert path.none


def test_the_official_reports_and_the_head_confirms_in_one_tap(me, person, as_user):
    study = taught.finished(person)
    address = reverse("learning:task", args=[study.pk])
    reply = me.post(address, {"note": "xong"})
    assert reply.status_code == 422
    assert "xong" in reply.content.decode()
    me.post(address, {"note": "Đã làm sạch danh sách quý 4, tệp ở thư mục chung."})
    head = as_user(make.user("head", person.unit))
    said = head.get(reverse("learning:tasks")).content.decode()
    assert "danh sách quý 4" in said
    head.post(reverse("learning:confirm", args=[study.pk]))
    study.refresh_from_db()
    assert study.confirmed_at is not None


def test_a_head_of_another_unit_sees_and_confirms_nothing(person, as_user):
    study = taught.finished(person)
    services.report_task(actor=person.user, study=study, note="Đã làm xong việc này.", at=now())
    other = as_user(make.user("head", make.unit("Sở Tài chính")))
    assert person.full_name not in other.get(reverse("learning:tasks")).content.decode()
    assert other.post(reverse("learning:confirm", args=[study.pk])).status_code == 404


def test_statements_follow_the_experience_api(person, as_user):
    study = taught.finished(person)
    reply = as_user(make.user("training")).get(reverse("learning:xapi"))
    rows = [json.loads(line) for line in reply.content.decode().splitlines()]
    assert len(rows) == 1
    one = rows[0]
    assert set(one) == {"id", "actor", "verb", "object", "result", "context", "timestamp", "version"}
    assert one["version"] == "1.0.3"
    assert one["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert set(one["actor"]) == {"objectType", "account"}
    assert one["actor"]["account"]["name"] == str(person.uuid)
    assert person.full_name not in reply.content.decode()
    assert re.fullmatch(r"PT\d+M\d+S", one["result"]["duration"])
    assert one["result"]["score"] == {"raw": 3, "min": 0, "max": 3, "scaled": 1.0}
    assert one["timestamp"].startswith(study.finished_at.isoformat()[:19])
    again = as_user(make.user("training")).get(reverse("learning:xapi"))
    assert json.loads(again.content)["id"] == one["id"]
    assert AuditEntry.objects.filter(verb="learning.export").count() == 2


def test_the_command_writes_the_same_statements(person, tmp_path):
    from nanglucso.__main__ import run

    taught.finished(person)
    out = tmp_path / "xapi.jsonl"
    assert run(["learning", "xapi", "--home", "https://nangluc.vidu.gov.vn/", "--out", str(out)]) == 0
    one = json.loads(out.read_text(encoding="utf-8"))
    assert one["object"]["id"] == "https://nangluc.vidu.gov.vn/hoc/bai/BH-3.3-TC-01/"
    assert run(["learning", "xapi", "--home", "https://a.vn", "--since", "2030-01-01", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == ""


def test_writing_previewing_and_publishing_by_two_people(as_user):
    taught.lesson()
    writer, reader = make.user("author"), make.user("author")
    client = as_user(writer)
    bad = taught.text().replace("minutes: 10", "minutes: 25")
    said = client.post(reverse("learning:preview"), {"source": bad}).content.decode()
    assert "L07" in said
    reply = client.post(reverse("learning:revise", args=[taught.CODE]), {"source": bad})
    version = LessonVersion.objects.get(number=2)
    assert reply.headers["Location"] == reverse("learning:draft", args=[version.pk])
    kept = client.post(
        reverse("learning:draft", args=[version.pk]), {"source": bad.replace("BH-3.3-TC-01", "BH-3.3-TC-77")}
    )
    assert kept.status_code == 422
    assert "BH-3.3-TC-77" in kept.content.decode()
    client.post(reverse("learning:draft", args=[version.pk]), {"source": taught.text().replace("Thứ Năm", "Thứ Tư")})
    client.post(reverse("learning:draft_do", args=[version.pk, "gui"]))
    other = as_user(reader)
    assert other.get(reverse("learning:desk"), {"loc": "read"}).content.decode().count("BH-3.3-TC-01") >= 1
    other.post(reverse("learning:draft_do", args=[version.pk, "dua-vao-dung"]))
    assert taught.lesson().live == version
    assert "Thứ" in other.get(reverse("learning:compare", args=[taught.CODE])).content.decode()


def test_an_author_of_part_of_the_city_does_not_write_lessons(as_user):
    client = as_user(make.user("training", make.unit("Sở Tài chính")))
    assert client.get(reverse("learning:desk")).status_code == 403


def test_what_was_begun_can_be_gone_on_with_though_no_gap_asks_for_it(me, person, monkeypatch):
    monkeypatch.setattr("nanglucso.develop.learning.queries.paths._gaps", lambda bars: [])
    assert "Đang học dở" not in me.get(reverse("learning:mine")).content.decode()
    study, version = taught.begun(person), scorm.kept_package()
    services.use_package(actor=None, version=version, at=make.AT)
    run = services.begin_package(actor=person.user, person=person, package=version.package, at=make.AT)
    text = me.get(reverse("learning:mine")).content.decode()
    assert "Đang học dở" in text
    assert reverse("learning:play", args=[study.pk]) in text
    assert reverse("learning:package_play", args=[run.pk]) in text


def test_a_new_version_says_of_what_it_is_one(as_user):
    taught.lesson()
    text = as_user(make.user("author")).get(reverse("learning:revise", args=[taught.CODE])).content.decode()
    assert "Soạn bản 2" in text
    assert "bản 1 vẫn được dùng" in text
    page = as_user(make.user("author")).get(reverse("learning:revise", args=[taught.CODE]), {"lang": "en"})
    assert f": <span>{taught.lesson().live.title_en}</span></h1>" in page.content.decode()


def test_one_version_alone_is_not_compared_with_itself(as_user):
    taught.lesson()
    client, address = as_user(make.user("author")), reverse("learning:compare", args=[taught.CODE])
    assert "Bài này mới có một bản" in client.get(address).content.decode()
    source = taught.text().replace("Không ai gian dối.", "Không ai có lỗi.")
    services.start_draft(actor=make.user("author"), source=source, at=make.AT)
    page = client.get(address, {"a": "2", "b": "2"}).content.decode()
    assert '<th scope="col">Bản 1</th>' in page
    assert '<th scope="col">Bản 2</th>' in page
