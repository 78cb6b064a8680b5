"""Vacancies, computed suggestions, and what a person decides. Nothing here appoints anybody."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.develop.staffing import queries
from nanglucso.develop.staffing.models import Decision, Suggestion, Vacancy
from nanglucso.develop.staffing.queries.vacancies import allowed
from nanglucso.engines import matching
from nanglucso.kit.text import clean
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Position, Unit

MOST_POSTS = 20


def add_vacancy(
    *, actor: User | None, unit: Unit, position: Position, since: date, at: datetime, number: int = 1,
    reason: str = Vacancy.Reason.LEFT, note: str = "",
) -> list[Vacancy]:  # fmt: skip
    """Enter `number` like posts that stand empty from a day on.

    Raises `Refused` for a position that units of this kind do not have, a dissolved unit, or more than 20 at once.
    """
    if unit.until is not None:
        raise Refused(_("This unit has been dissolved."), field="unit")
    if not 1 <= number <= MOST_POSTS:
        raise Refused(_("Enter 1 to 20 posts at once."), field="number")
    if position.group == Position.Group.LEADING and number > 1:
        raise Refused(_("Enter leading posts one by one."), field="number")
    with act(actor, "staffing.add_vacancy", unit, at=at, position=position.code, number=number):
        told = {"since": since, "reason": reason, "note": clean(note)[:300], "entered_by": actor, "entered_at": at}
        return [Vacancy.objects.create(unit=unit, position=position, **told) for _n in range(number)]


def withdraw_vacancy(*, actor: User | None, vacancy: Vacancy, at: datetime) -> Vacancy:
    """The post is not to be filled after all. Raises `Refused` unless it is open."""
    _open(vacancy)
    with act(actor, "staffing.withdraw_vacancy", vacancy, at=at):
        vacancy.state = Vacancy.State.WITHDRAWN
        vacancy.save(update_fields=["state"])
    return vacancy


def _open(vacancy: Vacancy) -> None:
    if vacancy.state != Vacancy.State.OPEN:
        raise Refused(_("This vacancy is no longer open."))


def suggest(
    *, actor: User | None, framework: Framework, scope: Scope, at: datetime, unit: Unit | None = None,
    floor: float | None = None,
) -> Suggestion:  # fmt: skip
    """Compute the best assignment of the people of a pool to all open vacancies in scope, and keep it.

    `unit`: only its people (a reorganisation); `floor`: fit below which a post stays empty. Raises `Refused` when there
    is no vacancy or nobody to look at.
    """
    least = queries.figures()["floor"] if floor is None else floor
    seats = list(queries.vacancies(scope=scope).filter(state=Vacancy.State.OPEN).order_by("pk"))
    people = queries.pool(scope=scope, unit=unit)
    if not seats:
        raise Refused(_("There is no open vacancy; enter one first."))
    if not people.exists():
        raise Refused(_("Nobody works in this unit."), field="unit")
    table = queries.fit_table(framework, people, [seat.position for seat in seats], at=at)
    fit = table.fit[:, [table.column[seat.position_id] for seat in seats]]
    best = matching.assign(fit, allowed(people, seats), least)
    lines = [_line(seat, int(n), table) for seat, n in zip(seats, best.person, strict=True)]
    with act(
        actor, "staffing.suggest", at=at, people=len(fit), seats=len(seats), unit=unit.name if unit else ""
    ) as this:
        row = Suggestion.objects.create(
            framework=framework, pool=unit, paths=[] if scope.everything else sorted(scope.paths), floor=least,
            people=len(fit), seats=len(seats), total=best.total, lines=lines, made_by=actor, made_at=at,
        )  # fmt: skip
        this.subject = row
    return row


def _line(seat: Vacancy, n: int, table: queries.FitTable) -> dict[str, Any]:
    if n == matching.NOBODY:
        return {"vacancy": seat.pk, "person": None, "fit": 0.0}
    return {"vacancy": seat.pk, **table.candidate(n, seat.position_id).told()}


def decide(
    *, actor: User | None, framework: Framework, vacancy: Vacancy, person: Person | None, authority: str, reason: str,
    scope: Scope, at: datetime,
) -> Decision:  # fmt: skip
    """Record what was decided on a vacancy (`person` None = nobody for now), by whose authority and why.

    The figures of the day and what the newest suggestion proposed are kept beside it. Raises `Refused` when the vacancy
    is not open, the person is not to be moved there, or the authority or the reason is missing.
    """
    _open(vacancy)
    if not authority.strip():
        raise Refused(
            _("Name who decides: the post, and the number of the decision if there is one."), field="authority"
        )
    if len(clean(reason)) < 10:
        raise Refused(_("Write the reason in a sentence: the figures alone decide nothing."), field="reason")
    people = queries.pool(scope=scope)
    shown: dict[str, Any] = {}
    if person is not None:
        if not people.filter(pk=person.pk).exists():
            raise Refused(
                _("This person does not work in your scope, or is chosen for another post already."), field="person"
            )
        table = queries.fit_table(framework, people.filter(pk=person.pk), [vacancy.position], at=at)
        shown = table.candidate(0, vacancy.position_id).told()
    with act(actor, "staffing.decide", vacancy, at=at, person_id=person.pk if person else None):
        vacancy.state = Vacancy.State.DECIDED
        vacancy.save(update_fields=["state"])
        return Decision.objects.create(
            vacancy=vacancy, person=person, suggested_id=_suggested(scope, vacancy), authority=clean(authority)[:200],
            reason=clean(reason), shown=shown, decided_by=actor, decided_at=at,
        )  # fmt: skip


def _suggested(scope: Scope, vacancy: Vacancy) -> int | None:
    made = queries.latest_suggestion(scope=scope)
    line = next((one for one in made.lines if one["vacancy"] == vacancy.pk), None) if made else None
    return line["person"] if line else None
