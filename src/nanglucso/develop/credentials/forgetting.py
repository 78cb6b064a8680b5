"""Certificates, badges and imported completions of an erased person: valid as before, under the code."""

from datetime import datetime
from typing import Any

from nanglucso.core.acts import act
from nanglucso.develop.credentials.models import Badge, Certificate, CompletionList
from nanglucso.develop.credentials.rules import digest


def forget(gone: Any, at: datetime) -> None:
    """Put the code in place of the name of `gone` (`core.erasing.Gone`). Inside an act.

    Certificates are digested anew and the digests go into the audit chain, as those of issue. A badge loses its signed
    document and is signed again under the code, at the same place of the status list.
    """
    rows = list(Certificate.objects.filter(person__in=gone.people))
    for row in rows:
        row.content = {**gone.without(row.content), "name": gone.name}
        row.digest, row.revoked_reason = digest(row.content), ""
        row.save(update_fields=["content", "digest", "revoked_reason"])
    if rows:
        digests = {row.number: row.digest for row in rows}
        with act(None, "credentials.forget", at=at, person_id=rows[0].person_id, digests=digests):
            Badge.objects.filter(certificate__in=rows).update(document=None, key=None, signed_at=None)
    _lists(gone)


def _lists(gone: Any) -> None:
    """Rows of imported lists that became this person's; the name stands in the plan of the whole file."""
    for row in CompletionList.objects.all():
        told = gone.without(row.plan)
        for one in told.get("rows", ()):
            if one.get("person") in gone.people:
                one |= {"name": gone.name, "number": ""}
        if told != row.plan:
            row.plan = told
            row.save(update_fields=["plan"])
