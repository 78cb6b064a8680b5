"""Single sign-on by OpenID Connect; imported by the settings, so it knows nothing of Django's apps."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


def provider(*, issuer: str, key: str, name: str, client_id: str, secret: str) -> dict[str, Any]:
    """What the log-in library is told of the one provider.

    Raises ImproperlyConfigured when the issuer is not reached over TLS, since its word is taken for who somebody is,
    or when the client is not named.
    """
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in OWN_MACHINE:
        raise ImproperlyConfigured(f"NLS_OIDC_ISSUER must begin with https://: {issuer}")
    if not client_id or not secret:
        raise ImproperlyConfigured("NLS_OIDC_ISSUER needs NLS_OIDC_CLIENT_ID and NLS_OIDC_CLIENT_SECRET beside it.")
    app = {"provider_id": key, "name": name, "client_id": client_id, "secret": secret}
    return {"OAUTH_PKCE_ENABLED": True, "APPS": [app | {"settings": {"server_url": issuer}}]}
