"""Every shipped task done wrongly, partly and fully: the rubric's points, the replay, the evidence of a sitting."""

import uuid

import pytest
from tests import make
from tests.assessments import labsat

from nanglucso.core.content import read_yaml, root
from nanglucso.engines import lab as engine
from nanglucso.engines.lab_score import outcome
from nanglucso.measure.assessments import labexam, labfeedback, labruns
from nanglucso.measure.assessments.models import LabRun
from nanglucso.measure.bank.models import Lab
from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.people.models import Position

pytestmark = pytest.mark.django_db
DATA = {body["id"]: body for body in map(read_yaml, sorted((root() / "labs").glob("*.yaml")))}
TRACES = [(code, name) for code, body in DATA.items() for name in body["traces"]]


@pytest.fixture
def person():
    make.bank()
    return make.person(login=True)


def practised(person, code, name):
    """The trace as a run of free practice in its own data variant, ended ten minutes after the beginning."""
    trace = DATA[code]["traces"][name]
    run = labruns.begin(actor=person.user, person=person, lab=Lab.objects.get(code=code), at=make.at(1))
    LabRun.objects.filter(pk=run.pk).update(seed=trace["seed"])
    run.refresh_from_db()
    for seconds, verb, args in trace["acts"]:
        labruns.act(run=run, key=uuid.uuid4(), verb=verb, args=args, at=make.at(1, seconds=seconds))
    return labruns.finish(actor=person.user, run=run, at=make.at(1, seconds=600))


def points(body, done):
    """Points and category of each competence by hand: sum, cuts."""
    found = {}
    for code, rule in body["score"].items():
        got = sum(step["points"] for step in body["steps"] if step["competence"] == code and step["id"] in done)
        found[code] = (got, sum(got >= cut for cut in rule["cuts"]))
    return found


@pytest.mark.parametrize(("code", "name"), TRACES)
def test_a_run_is_worth_what_its_rubric_says(person, code, name):
    body, run = DATA[code], practised(person, code, name)
    done, errors = set(run.result["done"]), run.result["errors"]
    for competence, (_got, category) in points(body, done).items():
        caps = [e["cap"][competence] for e in body["critical"] if e["id"] in errors and competence in e["cap"]]
        assert min([category, *caps]) == body["traces"][name]["expect"][competence]
    assert not Evidence.objects.filter(person=person).exists(), "practice never counts"


@pytest.mark.parametrize("code", DATA)
def test_every_task_has_a_wrong_a_partly_right_and_a_right_run(code):
    body = DATA[code]
    full = {one: len(rule["cuts"]) for one, rule in body["score"].items()}
    ends = [trace["expect"] for trace in body["traces"].values()]
    assert ends.count(full) >= 2, "two ways to the goal"
    assert dict.fromkeys(full, 0) in ends
    assert any(0 < sum(end.values()) < sum(full.values()) for end in ends)
    assert {trace["seed"] % 2 for trace in body["traces"].values() if trace["expect"] == full} == {0, 1}


@pytest.mark.parametrize("code", DATA)
def test_the_stored_log_replays_to_the_same_state_at_every_moment(person, code):
    run = practised(person, code, "good")
    lab, rows = labruns.task(run), labruns.log(run)
    state = engine.start(lab, run.seed)
    for n, row in enumerate(rows, 1):
        state = engine.attempt(lab, state, row)
        assert engine.replay(lab, run.seed, rows[:n]) == state
    again = engine.replay(lab, run.seed, labruns.log(LabRun.objects.get(pk=run.pk)), until=600)
    assert again == engine.wait(lab, state, 600)
    assert sorted(outcome(lab, again).done) == run.result["done"]
    reached = [said for one in labfeedback.replayed(run) for said in one["reached"]]
    assert set(reached) >= {step["feedback_ok"] for step in DATA[code]["steps"] if step["id"] in run.result["done"]}


@pytest.mark.parametrize("code", DATA)
def test_nobody_earns_a_step_by_doing_nothing_or_with_the_other_variants_answers(person, code):
    body, lab = DATA[code], engine.read(DATA[code])
    for seed in (0, 1):
        idle = outcome(lab, engine.wait(lab, engine.start(lab, seed), lab.seconds))
        assert not idle.done
        assert not idle.errors
    assert {code: len(rule["cuts"]) for code, rule in body["score"].items()} != _copied(lab, body["traces"]["good"])


def _copied(lab, trace):
    """Categories of a good run's acts sent to the other data variant; what is refused there is left out."""
    state, n = engine.start(lab, trace["seed"] + 1), 0
    for seconds, verb, args in trace["acts"]:
        try:
            row = {"seq": n + 1, "t": seconds, "key": str(n), "verb": verb, "args": args}
            state, n = engine.attempt(lab, state, row), n + 1
        except engine.ActRefused:
            continue
    return outcome(lab, state).categories()


def fitting(body):
    """The first shipped position that requires every competence of the task."""
    make.city()
    rows = Position.objects.filter(is_generic=False).order_by("code")
    for competence in body["score"]:
        rows = rows.filter(requirements__competence__code=competence, requirements__level__gt=0)
    return rows.first()


@pytest.mark.parametrize("name", ["good", "careless"])
@pytest.mark.parametrize("code", DATA)
def test_in_a_campaign_it_leaves_one_row_with_each_competence_graded(code, name):
    body = DATA[code]
    person = make.person(position=fitting(body), login=True)
    row = labsat.sat(labsat.campaign([person], codes=(code,)), person, name)
    (found,) = Evidence.objects.filter(person=person, kind=Evidence.Kind.PRACTICE)
    assert {one["k"]: one["score"] for one in row.graded} == body["traces"][name]["expect"]
    assert found.source == f"lab:{row.pk}"
    again = labexam.finish(actor=person.user, sitting=row, at=make.at(1, seconds=900))
    assert again.finished_at == row.finished_at
