"""A lesson is finished by time that the server saw, all parts and two of three questions; nothing else finishes it."""

from datetime import timedelta

import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import grading, services, timing
from nanglucso.develop.learning.exercises import Exercise, Row
from nanglucso.develop.learning.lessons import lesson_of, option_order, shuffled
from nanglucso.develop.learning.models import CheckAnswer, Lesson, Study
from tests import make
from tests.learning import taught

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.person(login=True)


def test_loading_twice_brings_each_lesson_in_once():
    taught.lesson()
    assert services.load_lessons(at=make.AT, folder=taught.FOLDER) == 0
    assert [(row.code, row.live.number) for row in Lesson.objects.all()] == [("BH-3.3-TC-01", 1), ("BH-6.4-TC-01", 1)]


def test_a_lesson_is_finished_by_time_parts_and_questions(person):
    study = taught.finished(person)
    assert study.seconds >= timing.needed(10) == 240
    assert AuditEntry.objects.filter(verb="learning.finish", person_id=person.pk).count() == 1


def test_many_signs_at_once_are_worth_nothing(person):
    study = taught.begun(person)
    for n in range(400):
        study = taught.sign(study, n % 5 + 1, 2 + n / 1000)
    for question in (1, 2, 3):
        study = taught.reply(study, question, True, 3)
    assert study.seconds < 4
    assert study.finished_at is None


def test_one_sign_after_an_hour_is_worth_half_a_minute(person):
    study = taught.begun(person)
    study = taught.sign(study, 5, 3600)
    assert study.seconds == timing.LONGEST


def test_a_clock_set_back_takes_and_gives_nothing(person):
    study = taught.begun(person)
    taught.sign(study, 1, 20)
    study = taught.sign(study, 2, 5)
    assert study.seconds == 20
    assert taught.sign(study, 2, 30).seconds == 30


def test_lessons_open_beside_each_other_share_one_clock(person):
    one, other = taught.begun(person), taught.begun(person, "BH-6.4-TC-01")
    for n in range(1, 41):
        taught.sign(one, 1, 10 * n - 5)
        taught.sign(other, 1, 10 * n)
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.seconds + other.seconds == 400


@pytest.mark.parametrize("missing", ["time", "part", "questions"])
def test_what_is_missing_keeps_the_lesson_open(person, missing):
    study = taught.begun(person)
    for n in range(10 if missing == "time" else 20):
        taught.sign(study, min(4 if missing == "part" else 5, n // 2 + 1), 15 * (n + 1))
    for question in (1, 2, 3):
        study = taught.reply(study, question, missing != "questions" or question == 1, 301)
    assert study.finished_at is None


def test_two_of_three_are_enough(person):
    study = taught.begun(person)
    for n in range(20):
        taught.sign(study, min(5, n // 2 + 1), 15 * (n + 1))
    for question in (1, 2):
        study = taught.reply(study, question, True, 301)
    assert study.finished_at is not None


def test_the_first_answer_of_a_round_counts(person):
    study = taught.begun(person)
    taught.reply(study, 1, False, 20)
    taught.reply(study, 1, True, 21)
    assert [row.right for row in CheckAnswer.objects.all()] == [False]


def test_the_questions_open_anew_after_a_minute_and_stand_in_another_order(person):
    study = taught.begun(person)
    for question in (1, 2, 3):
        taught.reply(study, question, False, 20)
    told = {"actor": person.user, "study_id": study.pk, "person_id": person.pk}
    with pytest.raises(Refused):
        services.again(at=make.AT + timedelta(seconds=50), **told)
    study = services.again(at=make.AT + timedelta(seconds=81), **told)
    assert study.round == 2
    orders = {tuple(shuffled(3, study.pk, n, q)) for n in range(1, 9) for q in (1, 2, 3)}
    assert len(orders) > 3
    taught.reply(study, 1, True, 90)
    assert CheckAnswer.objects.filter(round=2, right=True).count() == 1


def test_rights_of_two_rounds_are_not_added_up(person):
    study = taught.begun(person)
    for n in range(20):
        taught.sign(study, min(5, n // 2 + 1), 15 * (n + 1))
    for question in (1, 2, 3):
        study = taught.reply(study, question, question == 1, 301)
    study = services.again(
        actor=person.user, study_id=study.pk, person_id=person.pk, at=make.AT + timedelta(seconds=400)
    )
    study = taught.reply(study, 2, True, 401)
    assert study.finished_at is None
    assert taught.reply(study, 3, True, 402).finished_at is not None


def test_somebody_else_s_study_cannot_be_moved(person):
    study, other = taught.begun(person), make.person(login=True)
    with pytest.raises(Study.DoesNotExist):
        services.beat(study_id=study.pk, person_id=other.pk, part=2, at=make.AT)


def test_a_new_version_does_not_pull_the_rug_from_under_a_reader(person):
    study = taught.begun(person)
    writer, reader = make.user("author"), make.user("author")
    changed = taught.text().replace("Không ai gian dối.", "Không ai gian dối cả.")
    draft = services.start_draft(actor=writer, source=changed, at=make.AT)
    services.send(actor=writer, version=draft, at=make.at(1))
    services.publish(actor=reader, version=draft, at=make.at(1))
    assert taught.begun(person).pk == study.pk
    assert taught.begun(make.person(login=True)).version == draft


EACH = Exercise("each", (Row("a", ("X",), "w"), Row("b", ("Y",), "w")), ("X", "Y"))
FILL = Exercise("fill", (Row("n", ("1.234", "1234 người"), "w"), Row("t", ("Hòa",), "w")))
PARTS = Exercise("fill", (Row("n", ("1,5", "1.5"), "w"), Row("m", ("4.517,5",), "w")))
ORDER = Exercise("order", (Row("a", ()), Row("b", ()), Row("c", ())), why="w")


@pytest.mark.parametrize(
    ("exercise", "given", "right"),
    [
        (EACH, ["0", "1"], [True, True]),
        (EACH, ["1", "1"], [False, True]),
        (FILL, ["1234", "hoa"], [True, True]),
        (FILL, [" 1 234 ", "Hoà."], [True, True]),
        (FILL, ["1235", "Hằng"], [False, False]),
        (PARTS, ["1,5", "4517,5"], [True, True]),
        (PARTS, ["1.5", "4517.5"], [True, True]),
        (PARTS, ["15", "45175"], [False, False]),
        (ORDER, ["0", "1", "2"], [True, True, True]),
        (ORDER, ["1", "0", "2"], [False, False, True]),
    ],
)  # fmt: skip
def test_a_try_is_graded_row_by_row(exercise, given, right):
    assert [one.right for one in grading.grade(exercise, given)] == right


@pytest.mark.parametrize(
    ("exercise", "given"), [(EACH, ["0"]), (EACH, ["0", "7"]), (ORDER, ["0", "0", "1"]), (ORDER, ["a", "b", "c"])]
)
def test_a_try_of_the_wrong_shape_is_refused(exercise, given):
    with pytest.raises(grading.BadTry):
        grading.grade(exercise, given)


def test_the_task_is_reported_by_the_official_and_confirmed_by_somebody_else(person):
    study = taught.begun(person)
    note = "Đã làm sạch danh sách hộ nghèo quý 4."
    with pytest.raises(Refused):
        services.report_task(actor=person.user, study=study, note=note, at=make.AT)
    study = taught.finished(person)
    with pytest.raises(Refused):
        services.report_task(actor=person.user, study=study, note="xong", at=make.at(1))
    services.report_task(actor=person.user, study=study, note=note, at=make.at(1))
    with pytest.raises(Refused):
        services.confirm_task(actor=person.user, study_id=study.pk, at=make.at(2))
    head = make.user("head", person.unit)
    assert services.confirm_task(actor=head, study_id=study.pk, at=make.at(2)).confirmed_by == head
    with pytest.raises(Refused):
        services.report_task(actor=person.user, study=Study.objects.get(), note=note, at=make.at(3))


def test_every_answer_and_finish_leaves_a_trace(person):
    taught.finished(person)
    verbs = list(AuditEntry.objects.filter(person_id=person.pk).values_list("verb", flat=True))
    assert verbs.count("learning.answer") == 3
    assert {"learning.begin", "learning.finish"} <= set(verbs)


def test_options_stand_at_every_place(person):
    study = taught.begun(person)
    asked = lesson_of(study.version).questions
    assert all(sorted(option_order(study, n, 3)) == [0, 1, 2] for n in range(1, len(asked) + 1))
