"""The menu of every role: one table. An entry whose page does not exist or is not open to the role is left out."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import Role
from nanglucso.core.permissions import allows
from nanglucso.ui import badges


@dataclass(frozen=True)
class Entry:
    """A line of the menu: English label (translated when drawn), URL name, icon, and its short name in the tab bar.

    `holds`: a page that stands elsewhere and yet belongs under this line, with what lies below it. `passing`: the
    line is there only while something waits behind it, or its page is open.
    """

    label: Any
    name: str
    icon: str
    tab: Any = ""
    holds: str = ""
    passing: bool = False


Group = tuple[Any, tuple[Entry, ...]]

MINE = Entry(_("My overview"), "profiles:mine", "layout-dashboard", _("Overview"))
SIT = Entry(_("Assessments"), "assessments:mine", "clipboard-check", _("Assess"))
RATE_SELF = Entry(_("Self-review"), "assessments:self_rating", "user-round-check")
LEARN = Entry(_("Learn"), "learning:mine", "graduation-cap", _("Learn"))
POLICY = Entry(_("Policy and law"), "outreach:mine", "scroll-text")
REACH = Entry(_("Reach of policies"), "outreach:campaigns", "megaphone")
LIBRARY = Entry(_("Policy and law library"), "outreach:library", "library")
LESSONS = Entry(_("Lessons"), "learning:desk", "notebook-pen")
CLASSES_MINE = Entry(_("My classes"), "training:mine", "presentation", _("Classes"))
HOURS_MINE = Entry(_("Training periods"), "hours:mine", "hourglass")
HOURS_CITY = Entry(_("Yearly training periods"), "hours:city", "hourglass")
CREDENTIALS = Entry(_("Certificates"), "credentials:mine", "badge-check")
FRAMEWORK = Entry(_("Competence framework"), "framework:browse", "book-open")
POSITIONS = Entry(_("Positions"), "people:positions", "briefcase")
PEOPLE = Entry(_("Officials and employees"), "people:list", "users", _("Staff"))
UNITS = Entry(_("Units"), "people:units", "network")
GAPS_CITY = Entry(_("Competence gaps"), "gaps:city", "grid-3x3", _("Gaps"))
PLANS = Entry(_("Annual plan"), "plans:list", "route", _("Plan"))
PUBLISHED = Entry(_("Published plan"), "plans:published", "calendar-days")
MONEY = Entry(_("Funding"), "budget:sources", "wallet")
APPEALS = Entry(_("Review of results"), "quality:appeals", "scale", _("Review"))
APPEALS_MINE = Entry(_("Requests for a review"), "quality:mine", "message-square-text")
CAMPAIGNS = Entry(_("Assessment campaigns"), "assessments:campaigns", "clipboard-check")
FILES = Entry(_("Files to rate"), "assessments:files", "file-check", _("Rate"))
SHEET = Entry(_("Summary sheet"), "reports:leader", "file-text", _("Summary"))
YEARLY = Entry(_("Annual report"), "reports:yearly", "file-chart-column", _("Report"))
JOBS = Entry(_("Background work"), "core:jobs", "list-checks", _("Jobs"))
CORRELATIONS = Entry(_("Correlations of competences"), "quality:reestimations", "git-merge")
TARGETS = Entry(_("Targets"), "targets:list", "target")
RETENTION = Entry(_("Retention and erasure"), "people:disposals", "eraser")
DUTIES = Entry(_("Functions and duties"), "staffing:duties", "list-tree")
OVERLAPS = Entry(_("Overlapping duties"), "staffing:overlaps", "copy")
VACANCIES = Entry(_("Vacancies"), "staffing:vacancies", "user-round-search")
READINESS = Entry(_("Infrastructure and skills"), "readiness:map", "monitor-check")
READY_MINE = Entry(_("Infrastructure survey"), "readiness:mine", "monitor")
READY_CONTACT = Entry(READY_MINE.label, READY_MINE.name, READY_MINE.icon, passing=True)
MEETINGS = Entry(_("Meetings"), "meetings:list", "gavel")
OPEN_DATA = Entry(_("Open data"), "exchange:releases", "database")
AUDIT = Entry(_("Audit log"), "core:audit", "scroll-text", _("Log"))
OWN: Group = (
    _("Mine"),
    (MINE, SIT, RATE_SELF, LEARN, POLICY, MEETINGS, CLASSES_MINE, HOURS_MINE, CREDENTIALS, APPEALS_MINE),
)
OWN_SMALL: Group = (
    _("Mine"),
    tuple(Entry(one.label, one.name, one.icon) for one in (MINE, SIT, LEARN, POLICY, MEETINGS)),
)

MENU: dict[str, tuple[Group, ...]] = {
    Role.OFFICIAL: ((OWN[0], (*OWN[1], READY_CONTACT)), (_("For reference"), (PUBLISHED, FRAMEWORK, POSITIONS))),
    Role.HEAD: (
        (
            _("My unit"),
            (
                Entry(_("Heat map and needs"), "gaps:unit", "grid-3x3", _("Unit")),
                Entry(_("Rate staff"), "assessments:ratings", "message-square-text", _("Rate")),
                Entry(_("Classes"), "training:list", "graduation-cap", _("Classes")),
                Entry(_("Used after class"), "training:transfers", "briefcase-business"),
                Entry(_("Tasks after lessons"), "learning:tasks", "badge-check"),
                REACH,
                Entry(_("Yearly training periods"), "hours:unit", "hourglass"),
                Entry(_("Propose training"), "plans:proposals", "hand-helping"),
                Entry(PEOPLE.label, PEOPLE.name, PEOPLE.icon),
                TARGETS,
                DUTIES,
                READY_MINE,
                Entry(_("Absence and delegation"), "core:delegations", "user-round-cog"),
            ),
        ),
        (_("Mine"), (MINE, *OWN[1][1:])),
        (_("For reference"), (PUBLISHED, FRAMEWORK, POSITIONS)),
    ),
    Role.TRAINING: (
        (
            _("The year"),
            (
                Entry(_("Training year"), "reports:year", "calendar-range", _("Year")),
                CAMPAIGNS,
                Entry(APPEALS.label, APPEALS.name, APPEALS.icon),
                Entry(_("Certificates to confirm"), "assessments:certificates", "badge-check"),
                Entry(_("Digital badges"), "credentials:badges", "award"),
                Entry(FILES.label, FILES.name, FILES.icon),
                GAPS_CITY,
                Entry(_("Gaps by position"), "gaps:positions", "chart-bar"),
                Entry(_("Proposals of the units"), "plans:proposals", "hand-helping"),
                PLANS,
                Entry(_("Classes"), "training:list", "presentation"),
                HOURS_CITY,
                READINESS,
                MONEY,
            ),
        ),
        (_("Staff"), (PEOPLE, POSITIONS, UNITS, Entry(_("Import lists"), "people:imports", "file-up"), RETENTION)),
        (_("Staffing"), (VACANCIES, DUTIES, OVERLAPS)),
        (
            _("Catalogues"),
            (
                FRAMEWORK,
                Entry(_("Course catalogue"), "plans:catalogue", "library"),
                LESSONS,
                LIBRARY,
                Entry(_("Venues and lecturers"), "plans:means", "school"),
                Entry(_("Rates and caps"), "budget:rates", "scale"),
                CORRELATIONS,
            ),
        ),
        (_("Direction"), (SHEET, TARGETS, YEARLY, REACH, OPEN_DATA, JOBS)),
        OWN_SMALL,
    ),
    Role.AUTHOR: (
        (
            _("Item bank"),
            (
                Entry(_("Bank health"), "bank:health", "activity", _("Health")),
                Entry(_("Items"), "bank:items", "library", _("Items")),
                Entry(_("Items being written"), "bank:drafts", "file-pen-line", _("Drafts"), "bank:import_new"),
                Entry(_("Coverage for a campaign"), "bank:coverage", "grid-3x3"),
                LESSONS,
            ),
        ),
        (
            _("How items behave"),
            (
                APPEALS,
                FILES,
                Entry(_("Item health"), "quality:health_list", "stethoscope"),
                Entry(_("Item statistics"), "quality:statistics", "chart-column"),
                Entry(_("Calibration"), "quality:calibrations", "sliders-horizontal"),
                CORRELATIONS,
                Entry(_("Years compared"), "quality:years", "git-compare"),
                Entry(_("Standard setting"), "quality:panels", "ruler"),
            ),
        ),
        (_("For reference"), (Entry(FRAMEWORK.label, FRAMEWORK.name, FRAMEWORK.icon, _("Framework")), POSITIONS)),
        OWN_SMALL,
    ),
    Role.LEADER: (
        (
            _("Direction"),
            (
                SHEET,
                TARGETS,
                GAPS_CITY,
                Entry(_("Gaps by position"), "gaps:positions", "chart-bar"),
                PLANS,
                READINESS,
                MONEY,
                HOURS_CITY,
                REACH,
                YEARLY,
            ),
        ),
        (_("For reference"), (CAMPAIGNS, UNITS, DUTIES, OVERLAPS, FRAMEWORK, POSITIONS, RETENTION)),
        OWN_SMALL,
    ),
    Role.AUDITOR: ((_("Oversight"), (AUDIT,)), (_("For reference"), (FRAMEWORK, POSITIONS)), OWN_SMALL),
    Role.ADMIN: (
        (
            _("Operation"),
            (Entry(_("System status"), "core:status", "server", _("Status")), JOBS),
        ),
        (
            _("Accounts"),
            (
                Entry(_("Roles and scope"), "core:roles", "key-round", _("Roles")),
                Entry(_("Review of roles"), "core:review", "list-checks"),
                Entry(_("Signing keys"), "credentials:keys", "key-square"),
                Entry(_("Access for other systems"), "exchange:tokens", "unplug"),
                PEOPLE,
                UNITS,
            ),
        ),
        (_("For reference"), (FRAMEWORK, POSITIONS)),
        OWN_SMALL,
    ),
}
FIRST: dict[str, str] = {
    Role.OFFICIAL: "profiles:mine",
    Role.HEAD: "gaps:unit",
    Role.TRAINING: "reports:year",
    Role.AUTHOR: "bank:health",
    Role.LEADER: "reports:leader",
    Role.AUDITOR: "core:audit",
    Role.ADMIN: "core:status",
}
ROLE_ICONS: dict[str, str] = {
    Role.OFFICIAL: "user-round",
    Role.HEAD: "users",
    Role.TRAINING: "calendar-range",
    Role.AUTHOR: "file-pen-line",
    Role.LEADER: "landmark",
    Role.AUDITOR: "shield-check",
    Role.ADMIN: "server",
}
# Pages whose address stands under another line than the one they belong to: the first of these that the role has.
UNDER: dict[str, tuple[str, ...]] = {
    "assessments:differences": ("assessments:ratings", "assessments:campaigns"),
    "training:evaluate": ("training:mine",),
    "training:desk": ("training:mine",),
    "training:desk_class": ("training:mine",),
    "training:desk_attendance": ("training:mine",),
    "profiles:person": ("people:list",),
    "profiles:why_person": ("people:list",),
    "people:demands": ("framework:browse",),
    "people:family": ("people:positions",),
}
_OPEN_TO: dict[str, tuple[str, str] | None] = {}


def _page(name: str) -> tuple[str, str] | None:
    """Address and permission of a page, or None when there is no such page."""
    if name not in _OPEN_TO:
        try:
            address = reverse(name)
        except NoReverseMatch:
            _OPEN_TO[name] = None
        else:
            _OPEN_TO[name] = (address, getattr(resolve(address).func, "need", "public"))
    return _OPEN_TO[name]


def address_for(name: str, role: str) -> str:
    """Where the page stands, or "" when it does not exist or the role may not open it."""
    page = _page(name)
    if page is None:
        return ""
    address, permission = page
    return address if permission == "public" or (role and allows(role, permission)) else ""


def first_page(role: str) -> str:
    """The first screen of a role, or "" when it does not exist."""
    return address_for(FIRST[role], role) if role in FIRST else ""


def menu_for(request: Any, role: str) -> list[dict[str, Any]]:
    """Groups of entries as the shell draws them; current is the entry whose address is the path's longest start.

    What waits is counted when the first number is looked at: a page of an error draws none and asks nothing.
    """
    groups = []
    for title, entries in MENU.get(role, ()):
        lines = []
        for entry in entries:
            address = address_for(entry.name, role)
            if address:
                lines.append(
                    {
                        "label": entry.label,
                        "tab": entry.tab,
                        "icon": entry.icon,
                        "address": address,
                        "name": entry.name,
                        "holds": address_for(entry.holds, role) if entry.holds else "",
                        "current": "",
                        "passing": entry.passing,
                    }
                )
        if lines:
            groups.append({"title": title, "entries": lines})
    _count_waiting(groups, request)
    match = request.resolver_match
    _mark_current(groups, request.path, UNDER.get(match.view_name, ()) if match else ())
    return groups


def _count_waiting(groups: list[dict[str, Any]], request: Any) -> None:
    lines = [line for group in groups for line in group["entries"]]
    found = cache(lambda: badges.waiting(request, {line["name"]: None for line in lines}))
    for line in lines:
        line["badge"] = lambda name=line["name"]: found().get(name, 0)


def _mark_current(groups: list[dict[str, Any]], path: str, under: tuple[str, ...]) -> None:
    lines = [line for group in groups for line in group["entries"]]
    owners = [line for name in under for line in lines if line["name"] == name]
    if owners:
        owners[0]["current"] = "true"
        return
    starts = [(line[name], line) for line in lines for name in ("address", "holds") if line[name]]
    above = [(start, line) for start, line in starts if path.startswith(start)]
    if above:
        _start, best = max(above, key=lambda one: len(one[0]))
        best["current"] = "page" if best["address"] == path else "true"


def tabs_of(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most four short cuts for the bottom bar of phones."""
    return [line for group in groups for line in group["entries"] if line["tab"]][:4]
