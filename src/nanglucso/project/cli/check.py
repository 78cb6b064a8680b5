"""`nanglucso check`: is this machine fit to keep answers?"""

import argparse
from pathlib import Path


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    check = commands.add_parser("check", help="flush time, clock, disk, versions, settings that would lose data")
    check.add_argument(
        "--deep",
        action="store_true",
        help="also walk the audit chain, the chains of the tests, and fold every belief again",
    )
    check.add_argument(
        "--deploy", action="store_true", help="also what a site for others needs: TLS, hosts, worker, copies, NTP"
    )
    check.set_defaults(func=run)


def _records() -> list[str]:
    """Beliefs that their log does not give, and tests whose answers are not those of their end; names each."""
    from nanglucso.measure.assessments.proving import broken_chains, broken_labs
    from nanglucso.measure.profiles.proving import TOLERANCE, strayed

    faults, beliefs, tests = [], 0, 0
    for stray in strayed():
        beliefs += 1
        faults.append(f"The belief of {stray.who} differs from its log by {stray.by:.2g} (at most {TOLERANCE:g}).")
    for broken in broken_chains():
        tests += 1
        faults.append(
            f"The answers of test {broken.sitting} of {broken.who} are not those it ended with: {broken.why}."
        )
    for broken in broken_labs():
        tests += 1
        faults.append(f"The acts of practice task {broken.sitting} of {broken.who} differ from its end: {broken.why}.")
    print(f"beliefs that differ from their log: {beliefs}; tests with a broken chain: {tests}")
    return faults


def _deep(behind: bool) -> list[str]:
    if behind:
        return ["Nothing was looked into more deeply: bring the database up to date first."]
    from nanglucso.core.audit import verify

    verdict = verify()
    broken = [] if verdict.ok else [f"The audit chain is broken at entry {verdict.first_bad}."]
    return broken + _records()


def _deployed(behind: bool) -> list[str]:
    from nanglucso.project.checks import machine, running, settings

    faults = settings.deployed()
    if not machine.is_in_step():
        faults.append("The clock follows no other one: deadlines drift. Switch NTP on (timedatectl set-ntp true).")
    if behind:
        return faults
    return [*faults, *running.worker(), *running.copies(), *running.receivers_there(), *running.processes()]


def faults_of(home: Path, *, deep: bool, deploy: bool) -> tuple[str, list[str]]:
    """What was measured, and every fault."""
    from nanglucso.project.checks import database, machine, settings

    behind = database.behind()
    measured, slow = machine.disk(home)
    faults = [*behind, *database.durability(), *database.versions(), *slow, *settings.always(), *machine.files(home)]
    if not behind:
        faults += machine.clock() + settings.key_opens_the_records()
    if deploy:
        faults += _deployed(bool(behind))
    if deep:
        faults += _deep(bool(behind))
    return measured, faults


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    measured, faults = faults_of(home, deep=args.deep, deploy=args.deploy)
    print(measured)
    for fault in faults:
        print(f"- {fault}")
    return 1 if faults else 0
