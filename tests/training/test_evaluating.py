"""Evaluation of the six objects: once, complete, without a name; no figure from fewer than five answers."""

from datetime import timedelta

import pytest
import yaml
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Course
from nanglucso.develop.training import queries, questionnaires, services
from nanglucso.develop.training.models import EvaluationAnswer, EvaluationGiven, TrainingClass
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
FORM, LATER = "sau-lop", "sau-boi-duong"


def ids(form=FORM):
    return [one.id for one in questionnaires.asked_for(form, make.AT.date()).questions]


def give(row, person, value=4, form=FORM, days=1, **other):
    at = row.closed_at + timedelta(days=days)
    answers = dict.fromkeys(ids(form), value) | other
    services.evaluate(actor=None, training_class=row, person=person, form=form, answers=answers, at=at)


@pytest.fixture
def people():
    return [make.person() for _ in range(7)]


@pytest.fixture
def row(people):
    return plan.finished(people)


def scores(row, days=31):
    [one] = queries.class_scores(queries.finished(course=row.course), row.closed_at + timedelta(days=days))
    return one.scores


def test_the_two_forms_ask_about_all_six_objects_in_few_sentences():
    asked = [one for form in (FORM, LATER) for one in questionnaires.asked_for(form, make.AT.date()).questions]
    assert {one.object for one in asked} == {one.code for one in questionnaires.rules().objects}
    assert len(questionnaires.rules().objects) == 6
    assert len(ids()) <= 12
    assert all(one.text.vi and one.text.en for one in asked)


def test_no_figure_from_four_answers_and_one_from_five(row, people):
    for person in people[:4]:
        give(row, person)
    assert not any(scores(row).values())
    give(row, people[4], value=1)
    made = scores(row)
    assert {name: (one.people, round(one.mean, 2), round(one.share)) for name, one in made.items()} == dict.fromkeys(
        ("programme", "learners", "lecturers", "facilities", "course"), (5, 3.4, 80)
    )


def test_no_figure_while_the_form_is_open_so_that_single_answers_cannot_be_read_off(row, people):
    for person in people[:6]:
        give(row, person)
    assert not scores(row, days=20)
    assert scores(row, days=31)


def test_an_answer_leads_to_nobody(row, people):
    give(row, people[0], value=2)
    answer = EvaluationAnswer.objects.get()
    assert {field.name for field in answer._meta.fields} == {"id", "training_class", "form", "version", "answers"}
    assert EvaluationGiven.objects.get().person == people[0]
    assert "person" not in {field.name for field in EvaluationAnswer._meta.fields}
    assert AuditEntry.objects.get(verb="training.evaluate").details == {"form": FORM}
    for person in people[1:]:
        give(row, person)
    keys = list(EvaluationAnswer.objects.values_list("pk", flat=True))
    assert all(key.version == 4 for key in keys), "a random key keeps no order"


def test_once_only_complete_only_in_time_only_by_who_came(row, people):
    give(row, people[0])
    for told in (
        {"person": people[0]}, {"person": make.person()}, {"person": people[1], "days": 31},
        {"person": people[1], "ct1": 6}, {"person": people[1], "ct2": 0}, {"person": people[1], "form": LATER},
    ):  # fmt: skip
        with pytest.raises(Refused):
            give(row, **told)
    assert EvaluationAnswer.objects.count() == EvaluationGiven.objects.count() == 1
    give(row, people[1], form=LATER, days=100)
    running = plan.opened([people[0]], course="S5-CB-01", start=6)
    with pytest.raises(Refused):
        services.evaluate(
            actor=None, training_class=running, person=people[0], form=FORM, answers=dict.fromkeys(ids(), 4), at=make.AT
        )


def test_who_is_asked_is_asked_until_it_is_given_or_closed(row, people):
    def asked(days):
        return [form.code for _row, form in queries.asked(people[0], row.closed_at + timedelta(days=days))]

    assert (asked(1), asked(40), asked(100), asked(200)) == ([FORM], [], [LATER], [])
    give(row, people[0])
    assert asked(1) == []
    assert queries.asked(make.person(), row.closed_at) == []


def test_a_course_adds_up_its_classes_with_figures_and_no_other(row, people):
    for person in people[:5]:
        give(row, person, value=5)
    small = plan.finished([make.person() for _ in range(6)], start=8)
    for place in small.enrolments.all()[:4]:
        give(small, place.person, value=1)
    at = small.closed_at + timedelta(days=31)
    [whole] = queries.course_scores(queries.finished(course=row.course), at)
    assert (len(whole.classes), whole.hidden, whole.given, whole.attended) == (2, 1, 5, 13)
    assert whole.scores["programme"].mean == 5
    assert [bool(one) for one in whole.row] == [True] * 5 + [False]
    assert queries.course_scores(queries.finished(year=2019), at) == []


def test_a_new_version_is_asked_from_its_day_on_and_the_old_stays(tmp_path):
    for file in questionnaires.folder().glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "sau-lop.yaml"
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    told["versions"].append({**told["versions"][0], "version": 2, "since": (make.AT + timedelta(days=9)).date()})
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    assert [one.version for one in questionnaires.questionnaires(tmp_path) if one.code == FORM] == [1, 2]
    told["versions"][1]["questions"] = [
        *told["versions"][0]["questions"],
        {"id": "x", "object": "mood", "vi": "", "en": ""},
    ]
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    questionnaires.questionnaires.cache_clear()
    with pytest.raises(ValueError, match="version 2"):
        questionnaires.questionnaires(tmp_path)


def test_a_threshold_below_five_is_not_read(tmp_path):
    text = (questionnaires.folder() / "rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(text.replace("threshold: 5", "threshold: 3"), encoding="utf-8")
    with pytest.raises(ValueError, match="fewer than 5"):
        questionnaires.rules(tmp_path)


def test_the_form_keeps_what_was_chosen_and_is_gone_once_sent(as_user, monkeypatch):
    person = make.person(login=True)
    row = plan.finished([person])
    monkeypatch.setattr("nanglucso.develop.training.views.evaluating.now", lambda: row.closed_at + timedelta(days=1))
    client, address = as_user(person.user), reverse("training:evaluate", args=[row.pk, FORM])
    assert client.get(address).status_code == 200
    reply = client.post(address, {"ct1": "5", "ct2": "4"})
    assert reply.status_code == 422
    assert reply.content.decode().count(" checked") == 2
    assert client.post(address, dict.fromkeys(ids(), "4")).url == reverse("training:mine")
    assert client.get(address).status_code == 404
    assert as_user(make.user()).get(address).status_code == 404


def test_the_officer_reads_scores_by_course_and_over_time(as_user, row, people, monkeypatch):
    for person in people[:5]:
        give(row, person, value=5)
    later = row.closed_at + timedelta(days=31)
    monkeypatch.setattr("nanglucso.develop.training.views.evaluating.now", lambda: later)
    client = as_user(make.user("training"))
    assert "5,0" in client.get(reverse("training:evaluations"), {"year": "2026"}).content.decode()
    shown = client.get(reverse("training:evaluation", args=[row.course.code])).content.decode()
    assert row.code in shown
    assert "5,0" in shown
    assert all(f'data-l="{one.vi}"' in shown for one in questionnaires.rules().objects)
    assert client.get(reverse("training:evaluation", args=["KHONG-CO"])).status_code == 404
    other = Course.objects.exclude(pk__in=TrainingClass.objects.values("course")).first()
    assert client.get(reverse("training:evaluation", args=[other.code])).status_code == 200
