"""Certificates of an erased person: valid as before, under the code instead of the name."""

from datetime import datetime
from typing import Any

from nanglucso.core.acts import act
from nanglucso.develop.credentials.models import Certificate
from nanglucso.develop.credentials.rules import digest


def forget(gone: Any, at: datetime) -> None:
    """Put the code in place of the name and digest anew; the new digests go into the audit chain, as those of issue."""
    rows = list(Certificate.objects.filter(person__in=gone.people))
    for row in rows:
        row.content = {**gone.without(row.content), "name": gone.name}
        row.digest, row.revoked_reason = digest(row.content), ""
        row.save(update_fields=["content", "digest", "revoked_reason"])
    if rows:
        digests = {row.number: row.digest for row in rows}
        with act(None, "credentials.forget", at=at, person_id=rows[0].person_id, digests=digests):
            pass
