"""Settings of the test suite: fast password hashing, a throw-away home, the database named by NLS_TEST_DATABASE_URL."""

import os
import tempfile

os.environ.setdefault("NLS_HOME", tempfile.mkdtemp(prefix="nls-test-"))
# Each worker has files and keys of its own, as it has a database of its own.
if not os.environ["NLS_HOME"].endswith(os.environ.get("PYTEST_XDIST_WORKER", "")):
    os.environ["NLS_HOME"] = os.path.join(os.environ["NLS_HOME"], os.environ["PYTEST_XDIST_WORKER"])
os.environ.setdefault("NLS_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("NLS_MFA_REQUIRED", "0")  # tests of the second step switch it on
if os.environ.get("NLS_TEST_DATABASE_URL"):
    os.environ["NLS_DATABASE_URL"] = os.environ["NLS_TEST_DATABASE_URL"]

from nanglucso.project.settings import *  # noqa: F403
from nanglucso.project.settings import DATABASES, HOME, INSTALLED_APPS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True  # every new test client would read all static files again
INSTALLED_APPS = [*INSTALLED_APPS]
(HOME / "static").mkdir(parents=True, exist_ok=True)
