"""An installation that somebody has made faster and more open, wrongly."""

from nanglucso.project.settings import *  # noqa: F403
from nanglucso.project.settings import DATABASES, HOME

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TIME_ZONE = "UTC"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = str(HOME / "nanglucso.sqlite3")
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;"
