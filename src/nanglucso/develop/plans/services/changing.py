"""A planner's own changes to a computed plan: tried first, written only when every rule is still kept."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans import handwork
from nanglucso.develop.plans.handwork import Loaded, Trial
from nanglucso.develop.plans.models import HandChange, PlannedClass, Scenario
from nanglucso.develop.plans.services.versions import claim, record
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person


class Conflicts(Refused):
    """The change breaks a rule; `trial` has the findings and `loaded` the plan they speak of."""

    def __init__(self, loaded: Loaded, trial: Trial) -> None:
        super().__init__(_("This change would break a rule of the plan; nothing was changed."))
        self.loaded, self.trial = loaded, trial


def change_by_hand(
    *, actor: User | None, framework: Framework, scenario: Scenario, version: int, kind: str, person: Person,
    number: int, reason: str, at: datetime,
) -> HandChange:  # fmt: skip
    """Put somebody into class `number`, out of it, or move them to it. Raises Refused, Conflicts, Overtaken."""
    if scenario.status != Scenario.Status.SOLVED:
        raise Refused(_("Only a computed plan that was not sent yet can be changed by hand."))
    if not reason.strip():
        raise Refused(_("Write why: the approver reads it."), field="reason")
    loaded = handwork.load(framework, scenario, at=at)
    if number not in loaded.numbers:
        raise Refused(_("The plan has no class with this number."), field="number")
    row, target = loaded.row_of(person.pk), loaded.numbers.index(number)
    trial = handwork.attempt(loaded, kind, row, target)
    if trial.conflicts:
        raise Conflicts(loaded, trial)
    with act(actor, "plans.change_by_hand", scenario, at=at, person_id=person.pk, kind=kind, number=number) as this:
        claim(scenario, version)
        planned = PlannedClass.objects.get(scenario=scenario, number=number)
        handwork.keep(scenario, loaded, kind, row, target, trial.seats)
        made = HandChange.objects.create(
            scenario=scenario, kind=kind, person=person, course=planned.course, form=planned.form, start=planned.start,
            price=round(trial.price, 4), cost=trial.cost, reason=reason.strip(), by=actor, at=at,
        )  # fmt: skip
        record(scenario, actor, at, {"hand": ["", f"{kind} {person.full_name}, {number}"]})
        scenario.save(update_fields=["figures", "version"])
        this.note(price=made.price, cost=made.cost)
    return made


def take_back(*, actor: User | None, change: HandChange, at: datetime) -> None:
    """Forget a decision: the seats stay as they are, the next computation is free again."""
    scenario = change.scenario
    with act(actor, "plans.take_back", scenario, at=at, person_id=change.person_id, kind=change.kind):
        claim(scenario, None)
        record(scenario, actor, at, {"hand": [f"{change.kind} {change.person.full_name}", ""]})
        scenario.save(update_fields=["version"])
        change.delete()
