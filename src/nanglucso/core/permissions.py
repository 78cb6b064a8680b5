"""Who may do what: one table from permission to roles. Lists are cut by `Scope`, not here."""

from nanglucso.core.models import Role

OFFICIAL, HEAD, TRAINING = Role.OFFICIAL, Role.HEAD, Role.TRAINING
AUTHOR, LEADER, AUDITOR, ADMIN = Role.AUTHOR, Role.LEADER, Role.AUDITOR, Role.ADMIN
EVERYONE = frozenset(Role)

PERMISSIONS: dict[str, frozenset[Role]] = {
    "own.view": EVERYONE,
    "framework.view": EVERYONE,
    "people.view": frozenset({HEAD, TRAINING, ADMIN}),
    "people.change": frozenset({TRAINING}),
    "people.import": frozenset({TRAINING}),
    "retention.view": frozenset({TRAINING, LEADER}),
    "retention.propose": frozenset({TRAINING}),
    "units.view": frozenset({HEAD, TRAINING, LEADER, ADMIN}),
    "units.reorganise": frozenset({TRAINING}),
    "units.review": frozenset({TRAINING, LEADER}),
    "positions.view": EVERYONE,
    "positions.change": frozenset({TRAINING}),
    "positions.approve": frozenset({LEADER}),
    "framework.change": frozenset({TRAINING}),
    "framework.comment": frozenset({HEAD, TRAINING, AUTHOR, LEADER}),
    "framework.publish": frozenset({LEADER}),
    "bank.view": frozenset({AUTHOR}),
    "bank.change": frozenset({AUTHOR}),
    "campaigns.view": frozenset({TRAINING, LEADER}),
    "campaigns.change": frozenset({TRAINING}),
    "sittings.sit": EVERYONE,
    "appeals.review": frozenset({TRAINING, AUTHOR}),
    "appeals.assign": frozenset({TRAINING}),
    "corrections.change": frozenset({TRAINING}),
    "items.behaviour": frozenset({TRAINING, AUTHOR}),
    "flags.view": frozenset({TRAINING}),
    "files.rate": frozenset({TRAINING, AUTHOR}),
    "ratings.rate": frozenset({HEAD}),
    "profiles.view": frozenset({HEAD, TRAINING}),
    "gaps.view": frozenset({HEAD, TRAINING, LEADER}),
    "gaps.names": frozenset({HEAD, TRAINING}),
    "gaps.preview": frozenset({TRAINING}),
    "budget.view": frozenset({TRAINING, LEADER}),
    "plans.view": frozenset({TRAINING, LEADER}),
    "plans.change": frozenset({TRAINING}),
    "plans.approve": frozenset({LEADER}),
    "needs.view": frozenset({HEAD, TRAINING}),
    "needs.propose": frozenset({HEAD}),
    "duties.view": frozenset({HEAD, TRAINING, LEADER}),
    "duties.change": frozenset({HEAD, TRAINING}),
    "overlaps.view": frozenset({TRAINING, LEADER}),
    "overlaps.review": frozenset({TRAINING}),
    "staffing.view": frozenset({TRAINING}),
    "lessons.learn": EVERYONE,
    "lessons.confirm": frozenset({HEAD}),
    "lessons.view": frozenset({AUTHOR, TRAINING}),
    "lessons.change": frozenset({AUTHOR, TRAINING}),
    "lessons.publish": frozenset({AUTHOR, TRAINING}),
    "lessons.export": frozenset({TRAINING}),
    "classes.view": frozenset({HEAD, TRAINING}),
    "classes.change": frozenset({TRAINING}),
    "certificates.issue": frozenset({TRAINING}),
    "certificates.keys": frozenset({ADMIN}),
    "hours.names": frozenset({HEAD, TRAINING}),
    "hours.city": frozenset({TRAINING, LEADER}),
    "hours.change": frozenset({TRAINING}),
    "hours.report": frozenset({HEAD, TRAINING, LEADER}),
    "reports.leader": frozenset({LEADER, TRAINING}),
    "reports.yearly": frozenset({TRAINING, LEADER}),
    "year.view": frozenset({TRAINING}),
    "audit.view": frozenset({AUDITOR}),
    "jobs.view": frozenset({TRAINING, ADMIN}),
    "system.view": frozenset({ADMIN}),
    "roles.change": frozenset({ADMIN}),
}


def allows(role: str, permission: str) -> bool:
    """Whether the role holds the permission. Raises KeyError for a permission that is not in the table."""
    return role in PERMISSIONS[permission]
