"""An item's curve and its parameters in plain words.

The share that succeeds follows `engines.irt.reach`; the band is first-order error propagation of the priors
(sd of b 0.5 logits, sd of log a 0.3), 90%.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.engines import irt
from nanglucso.engines.irt import Floats
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.ui.figures import num, pct
from nanglucso.workforce.framework.queries import FrameArrays

Z90, SD_B, SD_LOG_A, JUST = 1.6449, 0.5, 0.3, 0.55
WEAK, GOOD, MISPLACED = 0.7, 1.0, 0.6


@dataclass(frozen=True)
class Curve:
    """Coordinates for one SVG; `lines` one path a score step, `marks` the shares read aloud in `caption`."""

    width: int
    height: int
    lines: list[str]
    band: str
    grid: list[tuple[float, str]]
    cuts: list[float]
    names: list[tuple[float, str, bool]]
    own: tuple[float, float]
    guess: float | None
    mark: tuple[float, float, str]
    label: str


@dataclass(frozen=True)
class Fact:
    """One parameter: its name, the word for it, the figure behind it and a sentence."""

    name: str
    word: str
    why: str


def _share(version: ItemVersion, theta: Floats, step: int, a: float, shift: float = 0.0) -> Floats:
    b = np.array(version.b, float)[step : step + 1] + shift
    return irt.reach(
        theta, np.full_like(theta, a), np.broadcast_to(b, (len(theta), 1)), np.full_like(theta, version.c)
    )[:, 0]


def share_at(version: ItemVersion, theta: float) -> float:
    """Share of people at `theta` who reach the full score."""
    return float(_share(version, np.array([theta]), len(version.b) - 1, version.a)[0])


def _band(version: ItemVersion, theta: Floats) -> tuple[Floats, Floats]:
    last, eps = len(version.b) - 1, 1e-3
    middle = _share(version, theta, last, version.a)
    by_b = (_share(version, theta, last, version.a, eps) - middle) / eps
    by_a = (_share(version, theta, last, version.a * np.exp(eps)) - middle) / eps
    half = Z90 * np.sqrt((by_b * SD_B) ** 2 + (by_a * SD_LOG_A) ** 2)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def _ladder(frame: FrameArrays, competence: int) -> tuple[Floats, float, float]:
    cuts = frame.cuts[competence]
    return cuts, float(cuts[0] - 1.2), float(cuts[-1] + 1.2)


def curve(version: ItemVersion, frame: FrameArrays, width: int) -> Curve:
    """The curve over the levels of the item's competence, `width` pixels wide."""
    cuts, low, high = _ladder(frame, version.item.competence.index)
    left, right, top, bottom = 40, width - 12, 18, 210
    theta = np.linspace(low, high, 61)
    level, short = version.item.level, width < 400

    def x(value: Any) -> Any:
        return left + (right - left) * (value - low) / (high - low)

    def path(values: Floats, over: Floats = theta) -> str:
        return "L".join(f"{x(t):.1f} {bottom - (bottom - top) * v:.1f}" for t, v in zip(over, values, strict=True))

    lower, upper = _band(version, theta)
    edges = [low, *cuts, high]
    names = [
        (float(x((edges[n] + edges[n + 1]) / 2)), str(n) if short and n else name, n == level)
        for n, name in enumerate(_short(frame.labels))
    ]
    at = float(cuts[level - 1])
    share = share_at(version, at)
    return Curve(
        width=width,
        height=252,
        lines=["M" + path(_share(version, theta, step, version.a)) for step in range(len(version.b))],
        band="M" + path(upper) + "L" + path(lower[::-1], theta[::-1]) + "Z"
        if version.parameters_from == "prior"
        else "",
        grid=[(bottom - (bottom - top) * s / 4, pct(s / 4, 0)) for s in range(5)],
        cuts=[float(x(c)) for c in cuts],
        names=names,
        own=(float(x(at)), float(x(edges[level + 1]) - x(at))),
        guess=bottom - (bottom - top) * version.c if version.c > 0 else None,
        mark=(float(x(at)), bottom - (bottom - top) * share, pct(share, 0)),
        label=caption(version, frame),
    )


def spots(version: ItemVersion, frame: FrameArrays, width: int, told: list[tuple[float, float]]) -> list[Any]:
    """(x, y) on the drawing of `curve` with this width of points (ability in logits, share 0..1)."""
    _cuts, low, high = _ladder(frame, version.item.competence.index)
    left, right, top, bottom = 40, width - 12, 18, 210
    return [
        (left + (right - left) * (min(max(t, low), high) - low) / (high - low), bottom - (bottom - top) * share)
        for t, share in told
    ]


def _short(labels: tuple[str, ...]) -> list[str]:
    """Level names without their numbers; the one below the first as a dash."""
    return ["–", *(label.rsplit(" ", 1)[0] for label in labels[1:])]


def caption(version: ItemVersion, frame: FrameArrays) -> str:
    """Three points of the curve in one sentence."""
    cuts, level = frame.cuts[version.item.competence.index], version.item.level
    told = {
        "just": pct(share_at(version, cuts[level - 1]), 0),
        "level": frame.label(level),
        "below": pct(share_at(version, cuts[level - 1] - 1.0), 0),
        "above": pct(share_at(version, cuts[level - 1] + 1.0), 0),
    }
    text = _(
        "Somebody just at %(level)s succeeds %(just)s of the time; one level below %(below)s, one above %(above)s."
    )
    return text % told


def headline(version: ItemVersion, frame: FrameArrays) -> str:
    """What the item does: between which two levels it tells people apart."""
    cuts = frame.cuts[version.item.competence.index]
    near = int(np.argmin(np.abs(cuts - float(np.mean(version.b)))))
    told = {"low": frame.label(near), "high": frame.label(near + 1)}
    return _("This item tells %(low)s from %(high)s") % told


def _place(version: ItemVersion, cut: float, level: str) -> Fact:
    """Where 55% succeed, against the lower edge of the item's own level."""
    off = float(np.mean(version.b)) + float(np.log(JUST / (1 - JUST))) / version.a - cut
    easy, hard = _("easier than its level"), _("harder than its level")
    word = _("in its place") if abs(off) <= MISPLACED else easy if off < 0 else hard
    why = _("Guessing aside, 55%% succeed %(off)s logits from the lower edge of %(level)s; %(allowed)s is allowed.")
    told = {"off": num(abs(off)), "level": level, "allowed": num(MISPLACED)}
    return Fact(_("Difficulty against its level"), word, why % told)


def _chance(version: ItemVersion) -> Fact:
    """Guessing of a one-step item; the steps of a graded one."""
    if len(version.b) > 1:
        word = _("in %(n)s steps") % {"n": len(version.b)}
        return Fact(_("Score"), word, _("Part of the answer right counts as part of the score."))
    why = _("Share that succeeds without knowing; it is counted out of the result.")
    return Fact(_("Guessing"), pct(version.c, 0), why)


def facts(version: ItemVersion, frame: FrameArrays) -> list[Fact]:
    """Discrimination, place, guessing and where the figures come from, each as a word and a sentence."""
    cut = float(frame.cuts[version.item.competence.index][version.item.level - 1])
    slope = _("good") if version.a >= GOOD else _("fair") if version.a >= WEAK else _("weak")
    told = _("Slope %(a)s; under %(weak)s an item says little about anybody.")
    prior = version.parameters_from == "prior"
    by_hand = _("Set by the author's judgement and the item type, not yet by answers.")
    return [
        Fact(_("Tells people apart"), slope, told % {"a": num(version.a), "weak": num(WEAK)}),
        _place(version, cut, frame.label(version.item.level)),
        _chance(version),
        Fact(_("Expected time"), _("%(n)s s") % {"n": round(60 * version.minutes)}, _("As the author expects it.")),
        Fact(
            _("Where the figures come from"),
            _("prior") if prior else _("calibration"),
            by_hand if prior else _("Worked out from answers."),
        ),
    ]
