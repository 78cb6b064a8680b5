"""A campaign rehearsed before it opens: people drawn from the model sit it, and the figures say what to expect."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nanglucso.core.scope import EVERYTHING
from nanglucso.engines import levels, sittings
from nanglucso.engines.irt import Floats, Ints, reach
from nanglucso.engines.pool import Pool
from nanglucso.measure.assessments import delivery, labgiving
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.queries import eligible
from nanglucso.measure.bank.queries import live_versions
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.queries import required_levels
from nanglucso.workforce.people.models import Person

PEOPLE, BLOCK, SEED = 300, 60, 20260302


def preview(campaign: Campaign, report: Callable[[float, int, int], None]) -> dict[str, Any]:
    """Figures of a rehearsal with at most `PEOPLE` of those whom the campaign would measure.

    Abilities are drawn from the prior in force, N(0, covariance), answers from the items' own response functions, the
    required levels are those of real positions. Keys: people, length (mean, low, high), error (RMSE over required
    competences, logits), sure (share of decisions met or not met), right (share of the sure ones that are right),
    exposure (per item: code, share), over (items above the cap), unused, labs (minutes of
    practice tasks: mean, most). `report(share, done, all)` between blocks.
    Raises `engines.sittings.CannotFill` when the bank is too small for the longest sitting.
    """
    here = _desk(campaign)
    need = required_rows(here, campaign)
    rng = np.random.default_rng(SEED)
    cov = folding.frame_in_force(campaign.framework).prior_cov
    theta = rng.standard_normal((len(need), here.frame.size)) @ np.linalg.cholesky(cov).T
    begin = sittings.Start(np.zeros(here.frame.size), cov, need)
    sat = []
    for at in range(0, len(need), BLOCK):
        report(at / len(need), at, len(need))
        rows = slice(at, at + BLOCK)
        answers = _answers(here.pool, theta[rows], np.random.default_rng([SEED, at]))
        sat.append(sittings.run(here.pool, here.rule, begin.part(rows), answers, SEED + at))
    return _figures(here, campaign, need, theta, sat) | {"labs": labgiving.plan(campaign).figures()}


def _desk(campaign: Campaign) -> delivery.Desk:
    """The campaign's own bank, or, before it opens, the items that are in use now."""
    if campaign.items:
        return delivery.desk(campaign)
    ids = tuple(live_versions(campaign.framework, campaign.competences).values_list("pk", flat=True))
    return delivery.desk_of(campaign, ids)


def required_rows(here: delivery.Desk, campaign: Campaign) -> Ints:
    """(N, K) required levels of the people, at most `PEOPLE` of them, spread evenly over the list."""
    everybody = eligible(campaign, EVERYTHING) | Person.objects.filter(sittings__campaign=campaign)
    ids = list(everybody.distinct().order_by("pk").values_list("pk", flat=True))
    kept = [ids[i] for i in np.linspace(0, len(ids) - 1, min(PEOPLE, len(ids))).astype(int)] if ids else []
    need = required_levels(here.frame, Person.objects.filter(pk__in=kept).order_by("pk"))[0]
    wanted = set(campaign.competences) or set(here.frame.codes)
    asked = np.array([code in wanted for code in here.frame.codes])
    need = np.where(asked[None], need, 0)
    # Whoever is required nothing of what is asked is measured in all of it, as the sitting itself does.
    nothing = need.max(axis=1, initial=0) == 0
    return np.asarray(np.where(np.asarray(nothing)[:, None], asked[None].astype(need.dtype), need))


def _answers(pool: Pool, theta: Floats, rng: np.random.Generator) -> sittings.Answers:
    def answer(rows: Ints, items: Ints) -> Ints:
        bank = pool.bank
        up = reach(theta[rows, bank.competence[items]], bank.a[items], bank.b[items], bank.c[items])
        return np.asarray((rng.random(len(rows))[:, None] < up).sum(1))

    return answer


def _figures(here: delivery.Desk, campaign: Campaign, need: Ints, theta: Floats, sat: list[Any]) -> dict[str, Any]:
    mean, var = np.concatenate([one.mean for one in sat]), np.concatenate([one.var for one in sat])
    length = np.concatenate([(one.administered >= 0).sum(1) for one in sat])
    asked = need > 0
    p = levels.p_met(mean, var, here.pool.cuts, need)
    sure = levels.decided(p, need) & asked
    truth = theta >= levels.required_cut(here.pool.cuts, need)
    share = np.sum([one.counts for one in sat], axis=0) / len(need)
    order = np.argsort(-share)
    return {
        "people": len(need),
        "length": round(float(length.mean()), 1),
        "low": int(np.quantile(length, 0.1)),
        "high": int(np.quantile(length, 0.9)),
        "error": round(float(np.sqrt(((mean - theta)[asked] ** 2).mean())), 3),
        "prior": round(float(np.sqrt((theta[asked] ** 2).mean())), 3),
        "sure": round(float(sure.sum() / asked.sum()), 3),
        "right": round(float(((p > 0.5) == truth)[sure].mean()), 3) if sure.any() else None,
        "exposure": [[here.deck.versions[j].item.code, round(float(share[j]), 3)] for j in order[:10]],
        "over": int((share > campaign.exposure_cap).sum()),
        "unused": int((share == 0).sum()),
        "items": len(share),
    }
