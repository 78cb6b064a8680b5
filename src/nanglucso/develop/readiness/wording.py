"""Words of the log, of the quarters of the map and of what is lacking."""

from django.utils.translation import gettext_lazy as _

from nanglucso.develop.readiness.queries.mapping import BOTH, HIDDEN, MACHINES, NEITHER, SKILLS, UNKNOWN

ACTS = {
    "readiness.open_round": _("Opened a survey of infrastructure"),
    "readiness.close_round": _("Closed a survey of infrastructure"),
    "readiness.remind": _("Reminded units of the survey"),
    "readiness.set_contact": _("Named who fills in a unit's survey"),
    "readiness.save_slip": _("Saved a unit's survey"),
    "readiness.send_slip": _("Sent a unit's survey"),
    "readiness.record": _("Wrote down a unit's infrastructure"),
    "readiness.read_sheet": _("Read a sheet of infrastructure figures"),
    "readiness.apply_sheet": _("Applied a sheet of infrastructure figures"),
    "readiness.undo_sheet": _("Undid a sheet of infrastructure figures"),
    "readiness.decide": _("Decided on an investment"),
    "readiness.export": _("Exported the investment list"),
}
NAMES = {
    BOTH: _("Machines and skills"),
    MACHINES: _("Machines, skills short"),
    SKILLS: _("Skills, machines short"),
    NEITHER: _("Both short"),
    UNKNOWN: _("Not known yet"),
    HIDDEN: _("Fewer than five people"),
}
NEXT = {
    BOTH: _("Give it the tasks that need both; nothing to buy first."),
    MACHINES: _("Train first: the machines are there and too few can use them."),
    SKILLS: _("Equip first: people are able and lack what they work with."),
    NEITHER: _("Equip and train together, in the same quarter."),
    UNKNOWN: _("Ask for the figures, or measure more people."),
    HIDDEN: _("Its competence is not shown here, so that nobody is recognised."),
}
TONES = {BOTH: "good", MACHINES: "info", SKILLS: "warn", NEITHER: "bad", UNKNOWN: "", HIDDEN: ""}
ICONS = {
    BOTH: "circle-check", MACHINES: "monitor", SKILLS: "user-round-check", NEITHER: "circle-alert",
    UNKNOWN: "circle-question-mark", HIDDEN: "eye-off",
}  # fmt: skip
