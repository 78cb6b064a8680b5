"""Settings read from `NLS_*` environment variables; every default is safe for one person's own machine."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(env.str("NLS_HOME", default=str(Path.cwd() / "var"))).resolve()

DEBUG = env.bool("NLS_DEBUG", default=False)
DEMO = env.bool("NLS_DEMO", default=False)
SECRET_KEY = env.str("NLS_SECRET_KEY", default="")
if not SECRET_KEY:
    from nanglucso.project.secret import local_secret

    SECRET_KEY = local_secret(HOME)
SECRET_KEY_FALLBACKS = env.list("NLS_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("NLS_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SCORM_ORIGIN = env.str("NLS_SCORM_ORIGIN", default="").rstrip("/")  # https://… of another name, for packages alone
if SCORM_ORIGIN:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(SCORM_ORIGIN).hostname]
CSRF_TRUSTED_ORIGINS = env.list("NLS_TRUSTED_ORIGINS", default=[])

ROOMS = [
    "nanglucso.workforce.framework",
    "nanglucso.workforce.people",
    "nanglucso.measure.bank",
    "nanglucso.measure.profiles",
    "nanglucso.measure.assessments",
    "nanglucso.measure.gaps",
    "nanglucso.measure.quality",
    "nanglucso.develop.budget",
    "nanglucso.develop.readiness",
    "nanglucso.develop.staffing",
    "nanglucso.develop.learning",
    "nanglucso.develop.plans",
    "nanglucso.develop.training",
    "nanglucso.develop.credentials",
    "nanglucso.develop.hours",
    "nanglucso.govern.outreach",
    "nanglucso.govern.targets",
    "nanglucso.govern.reports",
    "nanglucso.govern.meetings",
    "nanglucso.govern.exchange",
]
INSTALLED_APPS = [
    "nanglucso.core",
    "nanglucso.ui",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "lucide",
    "treebeard",
    "django_tasks",
    "django_tasks_db",
    *ROOMS,
    "nanglucso.project",
]
MIDDLEWARE = [
    "nanglucso.core.watching.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nanglucso.project.grouping.GroupMiddleware",
    "nanglucso.project.shedding.ShedMiddleware",
    "nanglucso.develop.learning.scorm.hosting.PackageHost",
    "nanglucso.project.shortroad.ShortRoad",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nanglucso.core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nanglucso.core.sessions.SessionSpans",
    "nanglucso.core.first_password.FirstPasswordMiddleware",
    "nanglucso.core.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "nanglucso.project.urls"
WSGI_APPLICATION = "nanglucso.project.wsgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nanglucso.ui.context.shell",
            ],
        },
    }
]

SERVES = env.str("NLS_SERVES", default="")  # set by `serve` for its web processes: all, sittings, rest
THREADS = env.int("NLS_THREADS", default=4)  # of a web process; set by `serve`
DATABASE_URL = env.str("NLS_DATABASE_URL", default=f"sqlite:///{HOME / 'nanglucso.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Connections stay open: closing the last one makes SQLite check-point and delete its log after every request.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-64000;"
            "PRAGMA mmap_size=268435456; PRAGMA journal_size_limit=67108864;"
        ),
    }
else:
    from nanglucso.project.timeouts import postgres_options

    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | postgres_options(
        SERVES, pool_max=env.int("NLS_POOL_MAX", default=0)
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "nanglucso.core.backends.EvenBackend",
]
PASSWORD_HASHERS = [
    "nanglucso.core.passwords.Argon2idHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "nanglucso.core.passwords.LocalWordsValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "nanglucso.core.accounts.ClosedAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Only tries that fail count at the log-in: hundreds of people share one address on the morning of a test.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/15m/key,300/15m/ip",  # the key: account name and address
    "reset_password": "60/15m/ip,3/15m/key",  # the key: mail address
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NLS_PROXIES", default=0)  # own ones in front, which write X-Forwarded-For
CACHES = {
    "default": {
        "BACKEND": "nanglucso.core.shared_store.SharedStore",
        "LOCATION": "core_shared",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute either way, for telephones whose clock is off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the staff list, nobody signs up
MFA_ADAPTER = "nanglucso.core.second_step.SecondStepAdapter"
MFA_REQUIRED = env.bool("NLS_MFA_REQUIRED", default=not DEMO)  # of the roles named in content/access.yaml
OIDC_ISSUER = env.str("NLS_OIDC_ISSUER", default="").rstrip("/")  # single sign-on; empty = none
OIDC_NAME = env.str("NLS_OIDC_NAME", default="SSO")
OIDC_CLAIM = env.str("NLS_OIDC_CLAIM", default="preferred_username")
OIDC_KEY = env.str("NLS_OIDC_KEY", default="sso")  # in the callback's address; a new one for a new provider
if OIDC_ISSUER:
    from nanglucso.project import sso

    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "nanglucso.core.single_sign_on.KnownPeopleAdapter"
    SOCIALACCOUNT_AUTO_SIGNUP = False
    SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another host would be stopped by form-action
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": sso.provider(
            issuer=OIDC_ISSUER,
            key=OIDC_KEY,
            name=OIDC_NAME,
            client_id=env.str("NLS_OIDC_CLIENT_ID", default=""),
            secret=env.str("NLS_OIDC_CLIENT_SECRET", default=""),
        )
    }
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "ui:home"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
HTTPS = env.bool("NLS_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-nls" if HTTPS else "nls"
CSRF_COOKIE_NAME = "__Host-nls-csrf" if HTTPS else "nls-csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "nls-lang"
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["nanglucso.ui.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "nanglucso.ui.staticfiles.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "media"
KEYS_ROOT = HOME / "keys"  # private signing keys, outside the database
BACKUP_DIR = Path(env.str("NLS_BACKUP_DIR", default=str(HOME / "backups")))  # best on another disk
BACKUP_KEY_FILE = env.str("NLS_BACKUP_KEY_FILE", default="")  # empty = copies are not encrypted
BACKUPS = env.bool("NLS_BACKUPS", default=not DEMO)  # whether the worker takes copies by itself
BACKUP_RULES = env.str("NLS_BACKUP_RULES", default="")  # a file in place of content/operate/backups.yaml
ADMISSION_RULES = env.str("NLS_ADMISSION_RULES", default="")  # a file in place of content/operate/admission.yaml
HELD_PER_SECOND = env.float("NLS_HELD_PER_SECOND", default=0.0)  # answers; 0 = not measured here, the rules' figure
AUDIT_DIGESTS = Path(env.str("NLS_AUDIT_DIGESTS", default=str(HOME / "digests")))  # best a folder of another machine
AUDIT_DIGEST_MAIL = env.list("NLS_AUDIT_DIGEST_MAIL", default=[])
BALLOTS_ROOT = Path(env.str("NLS_BALLOTS", default=str(HOME / "ballots")))  # keys of open secret votes: never backed up
PUBLIC_URL = env.str("NLS_PUBLIC_URL", default="http://localhost:8000").rstrip("/")  # stands in signed credentials
FILE_ANSWER_MB = env.int("NLS_FILE_ANSWER_MB", default=10)  # largest file handed in as an answer
SCORM_MB = env.int("NLS_SCORM_MB", default=200)  # largest zip of a SCORM package
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_TEMP_DIR = None

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = env.str("NLS_EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_CONFIG = env.email_url_config(env.str("NLS_EMAIL_URL", default="consolemail://"))
if env.str("NLS_EMAIL_URL", default=""):
    vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("NLS_EMAIL_FROM", default="nanglucso@localhost")

ORGANISATION = {
    "city": env.str("NLS_CITY", default="Thành phố Cần Thơ"),
    "superior": env.str("NLS_SUPERIOR", default="ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ"),
    "issuer": env.str("NLS_ISSUER", default="SỞ NỘI VỤ"),
    "symbol": env.str("NLS_SYMBOL", default="SNV"),
    "place": env.str("NLS_PLACE", default="Cần Thơ"),
    "signer_title": env.str("NLS_SIGNER_TITLE", default="GIÁM ĐỐC"),
    "signer_name": env.str("NLS_SIGNER_NAME", default=""),
}
METRICS_TOKEN = env.str("NLS_METRICS_TOKEN", default="")  # empty = figures for this machine alone
SLOW_SQL_MS = env.float("NLS_SLOW_SQL_MS", default=500.0)
SLOW_REQUEST_MS = env.float("NLS_SLOW_REQUEST_MS", default=2000.0)
TLS_CERT = env.str("NLS_TLS_CERT", default="")  # PEM file of the site's certificate, only to see when it ends
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "nanglucso.core.watching.lines.JsonLines"}},
    "filters": {"once": {"()": "nanglucso.core.watching.lines.NotToldTwice"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("NLS_LOG_LEVEL", default="WARNING")},
    # Django's own handlers would write values and texts of errors; "not found" stands in the request's own line.
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.request": {"level": "ERROR", "filters": ["once"]},
        "django.server": {"handlers": [], "propagate": True},
    },
}
