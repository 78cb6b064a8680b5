"""My overview, another person's profile, and what moved them."""

import uuid
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nanglucso.core.access import need
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.measure.profiles import drawing, folding, holding, queries, services, steps
from nanglucso.measure.profiles.holding import Held
from nanglucso.ui.figures import num1
from nanglucso.ui.nav import address_for
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person

SHOWN_STEPS = 4


def _framework() -> Framework | None:
    try:
        return current_framework()
    except Refused:
        return None


def _overview(framework: Framework, person: Person, at: datetime, held: Held) -> dict[str, Any]:
    """What the overview of oneself and of another person share.

    What moved the belief is not told while results are held: later points contain what is held.
    """
    where = queries.standing(framework, person, at=at, held=held)
    past = [] if held else _newest(queries.history(framework, person))
    line = [] if held else queries.trend(framework, person)[-6:]
    return {
        "person": person,
        "held": held,
        "where": where,
        "groups": queries.by_domain(framework, where),
        "level_names": list(enumerate(folding.frame(framework).labels)),
        "n_levels": folding.frame(framework).levels,
        "counts": queries.evidence_counts(person, held),
        "trend": drawing.met_trend(line),
        "steps": past,
        "strip": _strip(where),
    }


def _newest(steps: list[queries.Step]) -> list[queries.Step]:
    """The newest pieces of evidence by their own date, whenever they came in."""
    return sorted(steps, key=lambda step: step.evidence.at, reverse=True)[:SHOWN_STEPS]


def _strip(where: queries.Standing) -> list[dict[str, Any]]:
    """Met, not met, not yet known as shares of one bar."""
    parts, x = [], 0.0
    for css, state in (("met", "met"), ("gap", "not_met"), ("unk", "not_yet_known")):
        share = 100 * where.count(state) / max(1, where.required)
        if share:
            parts.append({"css": css, "x": f"{x + 0.2:.2f}", "width": f"{share - 0.4:.2f}"})
        x += share
    return parts


def _nearest(where: queries.Standing, framework: Framework, role: str) -> steps.NextStep | None:
    """When nothing waits: the gap that is easiest to close, and where to read or learn what is missing."""
    bar = queries.nearest_gap(where)
    if bar is None:
        return None
    classes = address_for("training:mine", role)
    told = {
        "name": bar.competence.short,
        "missing": num1(bar.missing),
        "level": folding.frame(framework).label(bar.required),
    }
    return steps.NextStep(
        _("Closest to being met"),
        bar.competence.short,
        _("%(missing)s levels are missing to %(level)s, which the position requires.") % told,
        _("See my classes") if classes else _("Read what the level asks"),
        classes or reverse("framework:competence", args=[bar.competence.code]),
    )


@need("own.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Where I stand, the next step, the evidence."""
    person, framework, at = request.access.person, _framework(), now()  # type: ignore[attr-defined]
    if person is None or framework is None:
        return render(request, "profiles/nobody.html", {"person": person})
    shown = _overview(framework, person, at, holding.held_for(person))
    role = request.access.role  # type: ignore[attr-defined]
    late = [address_for(name, role) for name in ("training:mine_slot", "hours:mine_slot", "credentials:mine_slot")]
    step = steps.next_step(person, at) or _nearest(shown["where"], framework, role)
    return render(request, "profiles/mine.html", shown | {"step": step, "late": [a for a in late if a]})


def _other(request: HttpRequest, pk: uuid.UUID, page: str) -> Person:
    """Another person inside the viewer's scope; looking leaves a trace."""
    access = request.access  # type: ignore[attr-defined]
    person = get_object_or_404(queries.people_in(access.scope), uuid=pk)
    if person != access.person:
        services.note_view(actor=request.user, person=person, at=now(), page=page)  # type: ignore[arg-type]
    return person


def _held(request: HttpRequest, row: Person) -> Held:
    """What this viewer is not shown yet of somebody else: the training officer, who releases, sees everything."""
    return Held() if request.access.may("campaigns.view") else holding.held_for(row)  # type: ignore[attr-defined]


@need("profiles.view")
@require_GET
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The profile of somebody in the viewer's units."""
    row, framework = _other(request, pk, "overview"), _framework()
    if framework is None:
        return render(request, "profiles/nobody.html", {"person": row})
    return render(request, "profiles/person.html", _overview(framework, row, now(), _held(request, row)))


def _why(request: HttpRequest, row: Person, own: bool) -> HttpResponse:
    framework = _framework()
    if framework is None:
        return render(request, "profiles/nobody.html", {"person": row})
    competences = list(framework.competences.select_related("domain").order_by("index"))
    held = holding.held_for(row) if own else _held(request, row)
    if held:
        return render(request, "profiles/held.html", {"person": row, "own": own, "held": held})
    chosen = next((c for c in competences if c.code == request.GET.get("competence")), None)
    shown: dict[str, Any] = {"person": row, "own": own, "competences": competences, "chosen": chosen}
    past = queries.history(framework, row, only=chosen)
    late = any(later.evidence.at < earlier.evidence.at for later, earlier in pairwise(past))
    shown |= {"steps": past, "late": late}
    if chosen:
        points = queries.competence_points(framework, row, chosen)
        bar = queries.standing(framework, row, at=now()).bars[chosen.index]
        labels = folding.frame(framework).labels
        shown |= {
            "bar": bar,
            "required_name": labels[bar.required],
            "charts": [
                (css, drawing.competence_trend(points, bar.required, labels, width))
                for css, width in (("wide-only", 560), ("phone", 320))
            ],
        }
    return render(request, "profiles/why.html", shown)


@need("own.view")
@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """What moved my result, the last recorded first; `?competence=3.3` looks at one."""
    row = request.access.person  # type: ignore[attr-defined]
    return _why(request, row, own=True) if row else render(request, "profiles/nobody.html", {"person": None})


@need("profiles.view")
@require_GET
def why_person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What moved the result of somebody in the viewer's units."""
    return _why(request, _other(request, pk, "why"), own=False)
