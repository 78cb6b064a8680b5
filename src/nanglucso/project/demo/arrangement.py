"""The demo's register of duties with a few reviews, and vacancies with a suggestion and one decision."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from nanglucso.core.content import read_yaml, root
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.staffing import queries, services
from nanglucso.develop.staffing.models import Overlap, Vacancy
from nanglucso.project.demo.year import City
from nanglucso.workforce.people.models import Person, Position, Unit

POSTS = 8
DIRECTOR, DEPUTY = "VTVL-SO-LD-01", "VTVL-SO-LD-02"


def fill(city: City, days: float) -> None:
    """Enter functions and vacancies as the training officer does, `days` from the anchor; the fill is made up."""
    officer, at = city.logins["training"], city.at(days)
    for unit, text in _functions():
        services.add_duty(actor=officer, unit=unit, text=text, since=local_day(at), at=at)
    services.take_profiles(actor=officer, at=at)
    done = services.find_overlaps(actor=officer, at=at)
    _review(officer, city, days)
    for unit, position in _posts():
        services.add_vacancy(actor=officer, unit=unit, position=position, since=local_day(city.at(days + 30)), at=at)
    made = services.suggest(actor=officer, framework=city.framework, scope=EVERYTHING, at=at)
    _decide(officer, city, days)
    city.say(f"{done['duties']} duties, {done['new']} pairs that read alike, {made.seats} vacancies")


def _functions() -> Iterable[tuple[Unit, str]]:
    told = cast(dict[str, Any], read_yaml(root() / "duties" / "functions.yaml"))
    for name, texts in told["agencies"].items():
        yield from ((Unit.objects.get(name=name), text) for text in texts)
    for kind in (Unit.Kind.COMMUNE, Unit.Kind.WARD):
        place = Unit.objects.filter(kind=kind).order_by("path").first()
        for unit in Unit.objects.get_children(place) if place else []:
            yield from ((unit, text) for text in told["commune"].get(unit.name, []))


def _review(officer: User, city: City, days: float) -> None:
    """The first units' pairs reviewed; one resolved and closed, one to be done."""
    owner = Unit.objects.get(name="Sở Nội vụ")
    pairs = Overlap.objects.exclude(one__unit=None).filter(across_levels=False).order_by("-score", "pk")[:4]
    for place, pair in enumerate(pairs):
        at = city.at(days + 1 + place)
        verdict = pair.hint if pair.hint != "shared_by_law" else "same"
        services.review_overlap(actor=officer, pair=pair, verdict=verdict, at=at)
        if place == 3:
            continue
        told: dict[str, Any] = {
            "action": "divide",
            "plan": "Ghi rõ phần việc của từng cơ quan",
            "due": local_day(at + timedelta(days=60)),
        }
        services.resolve_overlap(actor=officer, pair=pair, owner=owner, at=at, **told)
        if place == 0:
            closing = "Công văn giả định số 01/SNV"
            services.close_overlap(actor=officer, pair=pair, on=local_day(at), closing=closing, at=at)


def _posts() -> list[tuple[Unit, Position]]:
    """Posts as people of the city hold them, one of every few."""
    people = Person.objects.filter(active=True, position__isnull=False, unit__isnull=False)
    held = list(people.select_related("unit", "position").order_by("pk"))
    step = max(1, len(held) // POSTS)
    return [(one.unit, one.position) for one in held[::step][:POSTS] if one.unit and one.position]


def _decide(officer: User, city: City, days: float) -> None:
    """A department's deputy is chosen to lead it; without such a vacancy what was suggested for the first post."""
    authority = "Chủ tịch Ủy ban nhân dân thành phố (giả định)"
    vacancy, person = _promoted()
    if person is None:
        made = queries.latest_suggestion(scope=EVERYTHING)
        line = next((one for one in queries.suggestion_lines(made) if one["person"]), None) if made else None
        if line is None:
            return
        vacancy, person, authority = line["vacancy"], line["person"], "Cấp có thẩm quyền bổ nhiệm (giả định)"
    services.decide(
        actor=officer, framework=city.framework, vacancy=vacancy, person=person, authority=authority,
        scope=EVERYTHING, at=city.at(days + 2),
        reason="Phù hợp yêu cầu của vị trí; đã trao đổi với người được chọn và tập thể lãnh đạo đơn vị.",
    )  # fmt: skip


def _promoted() -> tuple[Any, Person | None]:
    """The first open post of a director whose agency has a deputy, and that deputy."""
    for vacancy in queries.vacancies(scope=EVERYTHING).filter(state=Vacancy.State.OPEN, position__code=DIRECTOR):
        deputy = queries.pool(scope=EVERYTHING, unit=vacancy.unit).filter(position__code=DEPUTY).first()
        if deputy:
            return vacancy, deputy
    return None, None
