"""The report of a run in words: Markdown, Vietnamese first, then English."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from nanglucso.core.watching.crowding import crowd_rules


def report(told: dict[str, Any]) -> str:
    """`told`: as `load.figures` gives it."""
    parts = []
    for language in ("vi", "en"):
        with override(language):
            parts.append("\n".join(_lines(told)))
    return "\n\n---\n\n".join(parts) + "\n"


def _lines(told: dict[str, Any]) -> list[str]:
    held = told["held_per_second"]
    lines = [f"# {_('Rehearsal of exam day')}", "", _("Address: %(url)s") % told, ""]
    if held:
        rules = crowd_rules()
        sat = {"held": f"{held:g}", "people": int(held * rules.thinking / rules.reserve)}
        text = _("This installation carries %(held)s answers a second: about %(people)s people at once, with reserve.")
        lines += [text % sat, "", _("Setting: NLS_HELD_PER_SECOND=%(held)s") % sat]
    else:
        lines.append(_("No step was held: leave NLS_HELD_PER_SECOND as it is and look at what bounded the run."))
    lines += ["", f"- {_bound(told['bound'])}"]
    if told["starts"]:
        lines.append(f"- {_starts(told['starts'])}")
    pace = {"seconds": told["pace_seconds"], "cores": told["cores"]}
    text = _("Pace of the machine of the driver: ten million additions in %(seconds)s s; %(cores)s processors.")
    return [*lines, f"- {text % pace}", "", *_table(told["steps"])]


def _starts(told: dict[str, Any]) -> str:
    text = _(
        "%(began)s of %(people)s people began, %(rate)s a second; %(waited)s stood in line; error pages: %(errors)s."
    )
    return text % {**told, "rate": f"{told['per_second']:.1f}", "errors": len(told["errors"])}


def _bound(word: str) -> str:
    """What stopped the climb and what to change."""
    return {
        "none": _("Nothing bounded the run: try a higher rate."),
        "sitters": _("The simulated people had no questions left: make more of them."),
        "driver": _("The program that plays the people was late itself: run it on another machine."),
        "network": _("Connections broke or nobody answered in time: look at the proxy, its limits and the network."),
        "processor": _("The processors were full: add processors and web processes, or move the database apart."),
        "waiting": _("Requests waited while processors were free: look at the flush time of the disk and the threads."),
    }[word]


def _table(steps: list[dict[str, Any]]) -> list[str]:
    heads = (
        _("answers due a second"), _("acknowledged a second"), "p50 ms", "p95 ms", "p99 ms", _("refused for now"),
        _("connections broken"), _("delivered in the end"),
    )  # fmt: skip
    rows = [
        f"| {one['rate']:.1f} | {one['per_second']:.1f} | {one['p50']:.0f} | {one['p95']:.0f} | {one['p99']:.0f} |"
        f" {one['refused']} | {one['broken']} | {one['delivered']} / {one['sent']} |"
        for one in steps
    ]
    return [f"| {' | '.join(heads)} |", "|" + "---:|" * len(heads), *rows]
