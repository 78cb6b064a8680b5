"""Long work of this room."""

from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.clock import now
from nanglucso.core.jobs import Progress, job
from nanglucso.develop.credentials import expiring, signing


@job("credentials.sign_badges")
def sign_badges(progress: Progress) -> dict[str, Any]:
    """Sign the badge of every certificate that has none."""

    def tell(done: int, total: int) -> None:
        progress.step(
            done / max(total, done), _("%(done)s of %(total)s badges signed") % {"done": done, "total": total}
        )

    return {"signed": signing.sign_all(actor=None, at=now(), tell=tell)}


@job("credentials.mail_expiry")
def mail_expiry(progress: Progress) -> dict[str, Any]:
    """Send the notices of certificates that end soon."""
    return {"sent": expiring.mail(at=now())}
