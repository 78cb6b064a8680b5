"""Settings that open the door or count days wrongly."""

from django.conf import settings

SHORT_KEY = 50
EASY = ("django-insecure", "only-for-tests", "changeme")
LOCAL = {"127.0.0.1", "localhost", "[::1]"}
ZONE = "Asia/Ho_Chi_Minh"
HASHER = "nanglucso.core.passwords.Argon2idHasher"


def always() -> list[str]:
    """Wrong everywhere, on one's own machine too."""
    faults, key = [], settings.SECRET_KEY
    if settings.DEBUG:
        faults.append("DEBUG is on: error pages then show the inside to everybody. Unset NLS_DEBUG.")
    if len(key) < SHORT_KEY or len(set(key)) < 5:
        faults.append(
            "The secret key is too short or too plain: whoever guesses it signs in as anybody."
            " Unset NLS_SECRET_KEY (one is made), or set 64 random characters."
        )
    if "*" in settings.ALLOWED_HOSTS:
        faults.append("NLS_ALLOWED_HOSTS is *: links in mails could be led elsewhere. Name the site's host names.")
    if settings.PASSWORD_HASHERS[0] != HASHER:
        faults.append(
            f"New passwords are kept by {settings.PASSWORD_HASHERS[0].rpartition('.')[2]}, not by Argon2id sized for"
            " a log-in storm. Take the change of PASSWORD_HASHERS back."
        )
    if settings.TIME_ZONE != ZONE or not settings.USE_TZ:
        faults.append(f"The time zone is {settings.TIME_ZONE}: days and deadlines begin at the wrong hour. Set {ZONE}.")
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
        faults.append("Sessions are not kept in the database: an account that is switched off would stay in.")
    return faults


def deployed() -> list[str]:
    """Wrong where others than the owner of the machine come in."""
    faults = []
    if any(settings.SECRET_KEY.startswith(word) for word in EASY):
        faults.append("The secret key is one out of an example: set 64 random characters.")
    if settings.DEMO:
        faults.append("NLS_DEMO is on: anybody signs in by a button. Unset it.")
    if not settings.HTTPS:
        faults.append(
            "NLS_HTTPS is off: cookies travel in the clear. Put TLS in front (nanglucso deploy write), set it."
        )
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        faults.append(
            "NLS_PROXIES is 0 behind TLS: everybody seems to come from the proxy, so that one guesser shuts the log-in"
            " for all. Set the number of proxies in front (nanglucso deploy write: 1)."
        )
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        faults.append("NLS_ALLOWED_HOSTS names this machine alone: nobody else gets in. Name the site's host names.")
    if settings.PUBLIC_URL.startswith("http://"):
        faults.append("NLS_PUBLIC_URL is not https://…: certificates would be signed with an address nobody can check.")
    if not settings.MFA_REQUIRED:
        faults.append("NLS_MFA_REQUIRED is off: roles over other people's data need no second step. Unset it.")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") and not settings.DEMO:
        faults.append("Mail is written to files and reaches nobody: set NLS_EMAIL_URL and NLS_EMAIL_BACKEND.")
    return faults


def key_opens_the_records() -> list[str]:
    """Whether the key in force (or an older one) opens the sealed second steps that are kept."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from cryptography.fernet import InvalidToken

    row = Authenticator.objects.filter(type=Authenticator.Type.TOTP).first()
    try:
        get_adapter().decrypt(row.data.get("secret", "") if row else "")
    except InvalidToken:
        return ["The secret key is not the one second steps were sealed with: put that into NLS_SECRET_KEY_FALLBACKS."]
    return []
