"""The second step at log-in: who needs one, what the library is told, and taking it off a person who lost it."""

import base64
import hashlib
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries
from nanglucso.core.access_rules import access_rules
from nanglucso.core.acts import act
from nanglucso.core.models import Role, RoleGrant, User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.core.services import check_account_within, person_id_of

STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_step(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def demanding(grants: list[RoleGrant]) -> list[RoleGrant]:
    """Those of the grants whose role needs a second step; none where the installation does not ask for it."""
    if not settings.MFA_REQUIRED:
        return []
    return [grant for grant in grants if grant.role in access_rules().second_step]


def drop_second_step(*, actor: User | None, user: User, scope: Scope, at: datetime) -> None:
    """Take app, passkeys and recovery codes off an account whose holder has lost them; they set up new ones at log-in.

    Raises Refused when there are none, when it is the actor's own account (that is done there, with the step itself) or
    when the account or one of its roles reaches beyond the scope: nobody opens a way to more power than they have.
    """
    with act(actor, "core.drop_second_step", user, at=at, person_id=person_id_of(user)) as this:
        check_account_within(user, scope)
        if actor is not None and actor.pk == user.pk:
            raise Refused(_("Your own second step is changed under Two-step verification."))
        held = queries.in_force(at).filter(user=user).exclude(role=Role.OFFICIAL).select_related("unit")
        if not all(scope.holds(grant.unit) for grant in held):
            raise Refused(
                _("A role of this account reaches beyond your units; ask an administrator of the whole city.")
            )
        kept = Authenticator.objects.filter(user=user)
        if not kept.exists():
            raise Refused(_("This account has no second step."))
        this.note(kinds=sorted(kept.values_list("type", flat=True)))
        kept.delete()


def _box() -> MultiFernet:
    """Keys from the secret key and its predecessors, the newest first."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second step\0" + secret.encode()).digest())


class SecondStepAdapter(DefaultMFAAdapter):
    """Names of the city, and secrets that are sealed in the database."""

    def get_totp_issuer(self) -> str:
        return f"Năng Lực Số – {settings.ORGANISATION['city']}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": self.get_totp_issuer()}

    def encrypt(self, text: str) -> str:
        """A copy of the database without the secret key opens no account."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was kept before secrets were sealed is taken as it stands."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            if encrypted_text.startswith("gAAAA"):
                raise
            return encrypted_text
