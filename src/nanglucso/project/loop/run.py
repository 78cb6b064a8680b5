"""The whole loop for one staff file: people, evidence, means, plan, documents.

Django must be set up on a database that holds nobody.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.develop.plans.models import Scenario
from nanglucso.develop.plans.services import create_scenario, solve_now
from nanglucso.govern.reports.documents import gaps_workbook, plan_document, to_docx, to_pdf
from nanglucso.govern.reports.documents.content import PlanDocument
from nanglucso.kit.numbers import format_number
from nanglucso.project.loop import database
from nanglucso.project.loop.calendar import teaching_year
from nanglucso.project.loop.evidence import Taken, take_ratings, take_responses
from nanglucso.project.loop.means import Means, scenario_basis, set_means
from nanglucso.project.loop.order import BadInput, Order, check_year
from nanglucso.project.loop.resources import Resources, read_resources
from nanglucso.project.loop.staff import Intake, take_in
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.staffsheet.read import StaffReading, read_staff

Say = Callable[[str], None]
NAME = "Kế hoạch từ danh sách nhân sự"
SEED = 1
AGENCY_NAMES = ("superior", "issuer", "symbol", "place", "signer_title", "signer_name")


@dataclass(frozen=True)
class Inputs:
    """What was read before the database was made, so that a broken file costs nothing."""

    staff: StaffReading
    resources: Resources


def read_inputs(order: Order) -> Inputs:
    """Read the staff list and the resources. Raises `BadFile` and `BadInput`."""
    for path in (order.responses, order.ratings, order.resources):
        if path is not None and not path.is_file():
            raise BadInput(_("The file %(path)s does not exist.") % {"path": path})
    resources = read_resources(order.resources) if order.resources else Resources()
    return Inputs(read_staff(order.staff), resources)


@dataclass
class Loop:
    """One run; `say` hears what is being done."""

    order: Order
    inputs: Inputs
    at: datetime
    say: Say

    def run(self) -> dict[str, bytes]:
        """The files by name. Raises `BadInput` and `Refused`."""
        began = time.monotonic()
        framework = database.fill(self.at, items=self.order.responses is not None)
        self.say(_("The shipped framework, positions, courses and rates are in."))
        intake = self._staff()
        evidence = self._evidence(framework, intake)
        scenario, means = self._plan(framework, intake)
        self.say(_("Writing the plan and the tables."))
        document = plan_document(scenario, at=self.at, organisation_names=_unnamed() if intake.own_tree else None)
        files = {
            "plan.docx": to_docx(document),
            "plan.pdf": to_pdf(document),
            "gaps.xlsx": gaps_workbook(framework, EVERYTHING, self.at),
        }
        report = self._report(intake, evidence, means, scenario, document)
        report["total_seconds"] = round(time.monotonic() - began, 1)
        files["report.json"] = (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()
        return files

    def _staff(self) -> Intake:
        intake = take_in(self.inputs.staff, units=self.order.units, at=self.at)
        text = _("Staff list: %(rows)s rows, %(people)s people, %(duplicates)s twice, %(skipped)s rows not used.")
        self.say(
            text
            % {
                "rows": intake.rows_read,
                "people": intake.people,
                "duplicates": intake.duplicates,
                "skipped": len(intake.skipped),
            }
        )
        if intake.own_tree:
            self.say(_("The units of the file itself were taken as the tree."))
        return intake

    def _evidence(self, framework: Framework, intake: Intake) -> dict[str, Taken]:
        found: dict[str, Taken] = {}
        if self.order.responses:
            found["responses"] = take_responses(self.order.responses, framework, at=self.at)
        if self.order.ratings:
            found["self_ratings"] = take_ratings(self.order.ratings, framework, at=self.at)
        for name, taken in found.items():
            text = _("%(what)s: %(taken)s of %(rows)s rows taken.")
            self.say(text % {"what": name, "taken": taken.taken, "rows": taken.rows})
        if found:
            answers, ratings = found.get("responses", Taken()), found.get("self_ratings", Taken())
            intake.evidence = {"responses": answers.taken, "answered": answers.people, "ratings": ratings.people}
        return found

    def _plan(self, framework: Framework, intake: Intake) -> tuple[Scenario, Means]:
        order, today = self.order, localdate(self.at)
        year = check_year(order.year, today)
        weeks = teaching_year(year, today)
        means = set_means(self.inputs.resources, budget=order.budget, year=year, at=self.at)
        kept = intake.for_plan() | {"assumed_source": "sources" in means.assumed}
        if intake.evidence:
            kept["evidence"] = intake.evidence
        scenario = create_scenario(
            actor=None, year=year, name=NAME, budget=order.budget, at=self.at, first_week=weeks.first_week,
            weeks=weeks.weeks, intake=kept,
        )  # fmt: skip
        self.say(_("Planning for at most %(seconds)s seconds.") % {"seconds": format_number(order.seconds)})
        solve_now(actor=None, framework=framework, scenario=scenario, at=self.at, seconds=order.seconds, seed=SEED)
        scenario.refresh_from_db()
        figures = scenario.figures
        text = _("Plan: %(classes)s classes, %(people)s people, at most %(gap)s%% below the best possible.")
        gap = format_number(100 * figures["gap"], order.lang, 2)
        self.say(text % {"classes": figures["classes"], "people": figures["people"], "gap": gap})
        return scenario, means

    def _report(
        self, intake: Intake, evidence: Mapping[str, Taken], means: Means, scenario: Scenario, document: PlanDocument
    ) -> dict[str, Any]:
        figures, lang = scenario.figures, self.order.lang
        return {
            "rows_read": intake.rows_read,
            "people": intake.people,
            "duplicates": intake.duplicates,
            "skipped": [one.as_row(lang) for one in intake.skipped],
            "positions": intake.positions,
            "own_units": intake.own_tree,
            **{name: taken.as_dict() for name, taken in evidence.items()},
            "means": means.as_dict(),
            "basis": scenario_basis(scenario),
            "year": scenario.year,
            "budget": scenario.budget,
            **{name: figures[name] for name in ("cost", "classes", "seats", "need", "objective", "bound", "gap")},
            "people_in_plan": figures["people"],
            "first_tests": document.figures["first_tests"],
            "seconds": figures["seconds"],
            "notes": [*document.notes],
        }


def _unnamed() -> dict[str, str]:
    """Another city's plan does not carry the default agency: what nobody has set is printed as dots."""
    return {name: "" for name in AGENCY_NAMES if f"NLS_{name.upper()}" not in os.environ}


def run_loop(order: Order, inputs: Inputs, *, at: datetime, say: Say) -> dict[str, bytes]:
    """The files of a run by name: plan.docx, plan.pdf, gaps.xlsx, report.json. Raises `BadInput`.

    Works inside the database that Django is set up with; it must hold nobody.
    """
    try:
        return Loop(order, inputs, at, say).run()
    except Refused as error:
        raise BadInput(str(error.message)) from error


def database_file() -> Path:
    """The file of the run's own SQLite database."""
    from django.conf import settings

    return Path(str(settings.DATABASES["default"]["NAME"]))
