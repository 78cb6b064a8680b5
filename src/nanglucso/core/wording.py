"""Words for what the log and the queue call by a code, `room.what_was_done`; rooms add their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Any] = {
    "core.grant_role": _("Granted a role"),
    "core.end_role": _("Ended a role"),
    "core.confirm_grant": _("Confirmed a role"),
    "core.confirm_grants": _("Confirmed roles in a review"),
    "core.delegate_role": _("Delegated a role"),
    "core.withdraw_delegation": _("Withdrew a delegation"),
    "core.lock_idle": _("Locked accounts without use"),
    "core.lock_account": _("Locked an account for lack of use"),
    "core.unlock_account": _("Opened a locked account"),
    "core.add_second_step": _("Set up a second step of signing in"),
    "core.remove_second_step": _("Removed a second step of signing in"),
    "core.renew_second_step": _("Made new recovery codes"),
    "core.drop_second_step": _("Took the second step off an account"),
    "core.change_password": _("Changed the own password"),
    "core.tie_identity": _("Tied an outside identity to the own account"),
    "core.cancel_job": _("Stopped background work"),
    "core.export_audit": _("Exported the audit log"),
    "core.erase_person": _("Erased a person's name"),
    "core.export_own": _("Took a copy of their own data"),
    "core.verify_audit": _("Verified the audit chain"),
    "core.back_up": _("Took a backup"),
    "core.drop_backups": _("Deleted backups past their term"),
    "core.restore": _("Brought the installation back from a backup"),
    "core.drill": _("Practised restoring a backup"),
    "credentials.issue": _("Issued a certificate"),
    "credentials.revoke": _("Revoked a certificate"),
    "demo.built": _("Finished the demonstration city"),
    "demo.class": _("Made a class of the demonstration city"),
    "demo.hire": _("Made people of the demonstration city"),
    "demo.practice": _("Made practice tasks of the demonstration city"),
    "demo.sittings": _("Made assessments of the demonstration city"),
    "framework.ask_move": _("Ordered a move to another framework"),
    "framework.ask_preview": _("Asked what a move of frameworks changes"),
    "framework.ask_review": _("Gave a framework version to review"),
    "framework.back_to_draft": _("Opened a framework version again"),
    "framework.close_comment": _("Answered a comment on a framework"),
    "framework.comment": _("Commented on a framework"),
    "framework.drop_draft": _("Deleted a draft of a framework"),
    "framework.edit": _("Changed a draft of a framework"),
    "framework.export": _("Exported a framework"),
    "framework.import_case": _("Imported a framework (CASE)"),
    "framework.import_table": _("Imported a framework (table)"),
    "framework.move": _("Moved to another framework"),
    "framework.preview": _("Working out a move of frameworks"),
    "framework.preview_move": _("Worked out a move of frameworks"),
    "framework.publish": _("Published a framework version"),
    "framework.read_table": _("Read a table of a framework"),
    "framework.set_links": _("Changed a crosswalk of frameworks"),
    "framework.start_crossing": _("Began a crosswalk of frameworks"),
    "framework.start_draft": _("Began a new version of a framework"),
    "framework.undo_move": _("Undid a move of frameworks"),
    "framework.load": _("Loaded a competence framework"),
    "framework.load_outside": _("Loaded an outside framework"),
    "people.add_person": _("Added a person"),
    "people.answer_import": _("Answered a question of an import"),
    "people.apply_import": _("Applied a staff import"),
    "people.appoint": _("Appointed a person"),
    "people.change_person": _("Changed a person's record"),
    "people.create_account": _("Made an account"),
    "people.create_accounts": _("Made accounts"),
    "people.drop_import": _("Dropped a staff import"),
    "people.end_appointment": _("Ended an appointment"),
    "people.export": _("Exported the staff list"),
    "people.grant_heads": _("Granted roles to heads of units"),
    "people.load_positions": _("Loaded positions"),
    "people.load_units": _("Loaded units"),
    "people.plant_units": _("Took over the units named in a staff file"),
    "people.queue_import": _("Sent a staff import to the queue"),
    "people.read_import": _("Read a staff import"),
    "people.reject_import": _("Rejected a staff import"),
    "people.start_import": _("Began a staff import"),
    "people.start_requirements": _("Began to change requirements"),
    "people.set_requirements": _("Changed a draft of requirements"),
    "people.ask_requirements": _("Handed requirements over for approval"),
    "people.approve_requirements": _("Put requirements into force"),
    "people.drop_requirements": _("Set a draft of requirements aside"),
    "people.undo_requirements": _("Put requirements back"),
    "people.undo_import": _("Undid a staff import"),
    "people.upload": _("Uploaded a file"),
    "reports.gaps_file": _("Exported the gaps"),
    "reports.position_file": _("Exported a position description"),
    "reports.plan_file": _("Exported the plan document"),
    "reports.yearly_file": _("Exported the annual report"),
}
# What an entry of the log is about, where the subject's own name is no more than a code.
SUBJECTS: dict[str, Any] = {
    "assessments.sitting": _("A sitting of a campaign"),
    "quality.appeal": _("Request for a review"),
    "quality.calibrationrun": _("A calibration"),
    "quality.healthreport": _("A count of item health"),
    "quality.reestimation": _("An estimate of correlations"),
}


def name_codes(words: dict[str, Any]) -> None:
    """Add or change words (lazy translations); a room calls it in its `apps.ready()`."""
    _WORDS.update(words)


def said(code: str) -> str:
    """The words for a code, or the code itself when it has none."""
    return str(_WORDS.get(code, code))
