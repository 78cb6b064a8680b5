"""Sentences for what a check of a badge found."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.days import local_day
from nanglucso.develop.credentials.verifying import Finding
from nanglucso.ui.figures import vdate

VERDICTS = {
    "accepted": ("good", "shield-check", _("Genuine and valid")),
    "rejected": ("bad", "shield-x", _("Not to be accepted")),
    "unsure": ("warn", "shield-alert", _("Cannot be confirmed here")),
}
ABOUT = {"proof": _("Digital signature"), "issuer": _("Issuer"), "dates": _("Validity"), "status": _("Revocation")}
KINDS = {"badge": _("Open Badges 3.0 badge"), "credential": _("Verifiable credential, not a badge")}
SENTENCES = {
    "signed": _("The signature holds: no word was changed since it was signed."),
    "tampered": _("The signature does not fit: the file was changed after it was signed, or signed with another key."),
    "key_ended": _("It names a key of the city that was not in use on the day of signing."),
    "key_unknown": _("The key “%(method)s” is not known here, so the signature cannot be checked."),
    "proof_missing": _("It carries no signature."),
    "proof_several": _("It carries several signatures; only one can be checked here."),
    "proof_suite": _("It is signed in a way that is not checked here (only eddsa-rdfc-2022 and eddsa-jcs-2022 are)."),
    "proof_shape": _("Its signature is written in a way that cannot be read."),
    "canon_context": _("It uses a vocabulary that is not kept here, and none is fetched: “%(what)s”."),
    "canon_undefined": _("It holds a word that no vocabulary of it defines and that no signature covers: “%(what)s”."),
    "canon_control": _("It holds control characters."),
    "canon_tangled": _("It is built in a way that would take too long to check."),
    "canon_broken": _("Its content cannot be read as linked data."),
    "issuer_ours": _("Issued by the city itself."),
    "issuer_listed": _("Issued by %(name)s, whose key the city has confirmed."),
    "issuer_unknown": _("The issuer “%(issuer)s” is unknown here: nobody has confirmed who is behind it."),
    "issuer_other": _("It names the issuer “%(issuer)s” but is signed with the key of another."),
    "not_yet": _("It is valid only from %(day)s on."),
    "expired": _("It expired on %(day)s."),
    "in_time": _("It is valid until %(day)s."),
    "no_end": _("It has no end of validity."),
    "dates_unreadable": _("Its dates cannot be read."),
    "no_list": _("It names no revocation list: its issuer does not revoke it this way."),
    "not_revoked": _("It has not been revoked."),
    "revoked": _("Its issuer has revoked it."),
    "list_kind": _("It names a kind of revocation list that is not read here."),
    "list_missing": _("Whether it was revoked cannot be told: hand in the revocation list %(where)s as well."),
    "list_other": _("The list that was handed in is not the one the badge names: %(where)s."),
    "list_unsound": _("The revocation list cannot be relied on: its signature or its dates do not hold."),
    "list_no_entry": _("The city's revocation list has no such entry."),
}
UNREADABLE = {
    "size": _("The file is larger than 1 MB: a badge is not."),
    "json": _("The file is not JSON, or it is damaged: download the badge again from its issuer."),
    "other": _("The file is JSON but not a badge: it does not say that it is a credential."),
    "old": _("This is a badge of an older standard (Open Badges 2), which carries no signature that could be checked."),
    "jwt": _("This badge is written as a JWT; ask its issuer for the JSON with an embedded signature."),
}


def said(finding: Finding) -> dict[str, Any]:
    """A finding as the page shows it."""
    told = {name: _shown(value) for name, value in finding.told.items()}
    return {"about": ABOUT[finding.about], "state": finding.state, "text": str(SENTENCES[finding.code]) % told}


def _shown(value: Any) -> str:
    return vdate(local_day(value)) if isinstance(value, datetime) else str(value)[:200]
