"""The year that the demo city has lived: campaign, ratings, plan, classes, re-measurement, next year's drafts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nanglucso.core.models import User
from nanglucso.develop.budget.services import set_source
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import (
    approve,
    create_scenario,
    propose,
    set_lecturer,
    set_round,
    set_venue,
    solve_now,
    submit_scenario,
)  # fmt: skip
from nanglucso.measure.assessments import exposing
from nanglucso.measure.assessments import services as measuring
from nanglucso.measure.assessments.models import Campaign, Rating
from nanglucso.measure.gaps.services import take_snapshot
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.services import update_family_priors
from nanglucso.project.demo import practice, takers
from nanglucso.project.demo.names import made_up_name
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, TravelArea

MILLION = 1_000_000
MILLIONS_A_PERSON = 0.55
SELF_SHARE, SAT_SHARE, NOW_SHARE = 0.2, 0.87, 0.15
TASKS = 30


@dataclass
class City:
    """What the steps share. `truth`: person id → ability (K,), which no service ever sees.

    `gains`: class id → person id → what the class has added to it (K,).
    """

    framework: Framework
    people: list[Person]
    logins: dict[str, User]
    anchor: datetime
    rng: np.random.Generator
    say: Callable[[str], None]
    truth: dict[int, np.ndarray] = field(default_factory=dict)
    gains: dict[int, dict[int, np.ndarray]] = field(default_factory=dict)

    def at(self, days: float) -> datetime:
        """`days` from the anchor (negative = before)."""
        return self.anchor + timedelta(days=days)

    def live(self) -> None:
        """Draw the abilities."""
        cov = folding.frame(self.framework).prior_cov
        self.truth = takers.abilities(self.people, cov, self.rng)


def _campaign(
    city: City, code: str, name_vi: str, name_en: str, opens: float, closes: float, task: str
) -> Campaign:  # fmt: skip
    officer = city.logins["training"]
    row = measuring.create_campaign(
        actor=officer, code=code, name_vi=name_vi, name_en=name_en, framework=city.framework,
        opens_at=city.at(opens), closes_at=city.at(closes), at=city.at(opens - 1), items_min=14, items_max=18,
        labs=[practice.task_of(task)],
    )  # fmt: skip
    measuring.open_campaign(actor=officer, campaign=row, at=city.at(opens))
    everyone = Person.objects.filter(pk__in=[p.pk for p in city.people])
    measuring.assign(actor=officer, campaign=row, people=everyone, at=city.at(opens))
    if not row.trial_bank:
        exposing.price(row)
    return row


def first_campaign(city: City) -> None:
    """A whole campaign, closed and released: the demo's log-ins and most others sit, some rate themselves."""
    year = city.at(-310).year
    row = _campaign(
        city, f"dot-1-{year}", f"Đợt đánh giá đầu năm {year}", f"Campaign at the start of {year}", -320, -295,
        "LAB-5.2-HOPTHU",
    )  # fmt: skip
    sittings = list(row.sittings.select_related("campaign", "person__position__family", "person__unit").order_by("pk"))
    own = {user.person.pk for user in city.logins.values()}
    sat = [s for s in sittings if city.rng.random() < SAT_SHARE or s.person_id in own]
    city.say(f"campaign: {len(sat)} people sit the test")
    takers.sit_many(sat, city.truth, city.rng, city.at(-319), city.at(-296))
    _practice(city, row, [s.person_id for s in sat], city.at(-318))
    _ratings(city, [s.person for s in sat if city.rng.random() < SELF_SHARE])
    measuring.close_campaign(actor=city.logins["training"], campaign=row, at=city.at(-294))
    measuring.release(actor=city.logins["training"], campaign=row, at=city.at(-292))
    update_family_priors(actor=None, framework=city.framework, at=city.at(-292))
    take_snapshot(actor=None, framework=city.framework, label=row.name_vi, at=city.at(-291))


def _practice(city: City, campaign: Campaign, people: list[int], begin: datetime) -> None:
    """The first of these people, the demo's own log-ins before others, do their practice task."""
    own = [user.person.pk for user in city.logins.values() if user.person.pk in people]
    chosen = [*own, *(pk for pk in people if pk not in own)][:TASKS]
    frame = folding.frame(city.framework)
    city.say(f"practice tasks: {practice.do_tasks(campaign, chosen, city.truth, frame, begin)} done")


def _ratings(city: City, people: list[Person]) -> None:
    frame = folding.frame(city.framework)
    for person in people:
        seen = city.truth[person.pk] + city.rng.normal(0.3, 0.5) + city.rng.normal(0, 0.6, frame.size)
        levels = {c: int(np.searchsorted(frame.cuts[k], seen[k])) for k, c in enumerate(frame.codes)}
        measuring.rate(
            actor=person.user, person=person, kind=Rating.Kind.SELF, levels=levels, framework=city.framework,
            at=city.at(-295),
        )  # fmt: skip


def means(city: City, year: int) -> None:
    """Rooms, lecturers and money of a year; all marked as assumed."""
    rng, at = np.random.default_rng(year), city.at(-290)
    for area in TravelArea.objects.all():
        for i in range(2):
            set_venue(
                actor=None, code=f"phong-{area.code.lower()}-{i + 1}", name=f"Phòng máy {i + 1}, {area.name_vi}",
                area=area, seats=35 + 5 * i, rate=600_000, at=at, buoi_week=8, assumed=True,
            )  # fmt: skip
    for i in range(max(2, round(len(city.people) / 650))):
        name, _gender = made_up_name(rng)
        set_lecturer(
            actor=None, code=f"gv-{i + 1:02d}", name=name, rate=1_500_000, at=at, week_max=4, quarter_max=22,
            organisation="Trường Chính trị thành phố (giả định)", assumed=True, made_up=True,
        )  # fmt: skip
    whole = round(MILLIONS_A_PERSON * len(city.people)) * MILLION
    set_source(
        actor=None, code="ns_thanh_pho", year=year, name_vi="Ngân sách thành phố", name_en="City budget",
        amount=round(whole * 0.8), at=at, order=1,
    )  # fmt: skip
    set_source(
        actor=None, code="ns_khoa_hoc", year=year, name_vi="Ngân sách khoa học, công nghệ và chuyển đổi số",
        name_en="Science, technology and digital transformation budget", amount=round(whole * 0.2), at=at, order=2,
    )  # fmt: skip


def plan_year(city: City, *, year: int, names: tuple[str, ...], factors: tuple[float, ...], at: datetime, seconds: float) -> list[Scenario]:  # noqa: E501  # fmt: skip
    """Scenarios of one year at several budgets, computed."""
    officer = city.logins["training"]
    whole = MILLIONS_A_PERSON * len(city.people)
    monday = (at + timedelta(days=21)).date()
    monday -= timedelta(days=monday.weekday())
    made = []
    for name, factor in zip(names, factors, strict=True):
        row = create_scenario(
            actor=officer, year=year, name=name, budget=round(whole * factor) * MILLION, at=at,
            first_week=monday if monday.year == year else None, weeks=40,
        )  # fmt: skip
        solve_now(actor=officer, framework=city.framework, scenario=row, at=at, seconds=seconds)
        city.say(f"plan {year}, {name}: {row.figures['classes']} classes, gap to the bound {row.figures['gap']:.1%}")
        made.append(row)
    return made


def wishes(city: City, year: int) -> None:
    """Next year's round of proposals, and the first two of them: from the unit whose head has a log-in."""
    at, head = city.at(-6), city.logins["head"]
    unit = head.grants.get(role="head").unit
    if unit is None:
        return
    set_round(actor=city.logins["training"], year=year, deadline=city.at(24).date(), weight=1.5, at=at)
    told: dict[str, Any] = {"actor": head, "year": year, "unit": unit, "today": at.date(), "at": at}
    named = [one for one in city.people if one.unit and one.unit.path.startswith(unit.path)][:3]
    for code, quarter, people, reason in (
        ("4.2", 2, named, "Đơn vị tiếp nhận thêm hồ sơ có dữ liệu cá nhân từ năm sau."),
        ("6.1", 0, [], "Thử trợ lý AI trong việc soạn thảo văn bản."),
    ):
        competence = city.framework.competences.filter(code=code).first() or city.framework.competences.first()
        propose(competence=competence, quarter=quarter, people=people, heads=4, reason=reason, **told)


def approve_plan(city: City, scenario: Scenario, days: float) -> None:
    submit_scenario(actor=city.logins["training"], scenario=scenario, at=city.at(days))
    approve(actor=city.logins["leader"], scenario=scenario, at=city.at(days + 5))


def second_campaign(city: City) -> None:
    """A campaign that is open today: a few have sat, nobody with a log-in has begun, so each can try it."""
    year = city.at(-9).year
    row = _campaign(
        city, f"dot-2-{year}", f"Đợt đánh giá cuối năm {year}", f"Campaign at the end of {year}", -9, 21,
        "LAB-4.1-VANBANDI",
    )  # fmt: skip
    wait = [user.person.pk for user in city.logins.values()]
    sittings = list(row.sittings.exclude(person__in=wait).select_related("campaign", "person__position__family"))
    sat = [s for s in sittings if city.rng.random() < NOW_SHARE]
    city.say(f"open campaign: {len(sat)} people have sat")
    takers.sit_many(sat, city.truth, city.rng, city.at(-8), city.at(-1))
    _practice(city, row, [s.person_id for s in sat], city.at(-7))
    take_snapshot(actor=None, framework=city.framework, label=row.name_vi, at=city.at(-0.5))
