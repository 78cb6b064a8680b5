"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")
if os.environ.get("NLS_DEADMAN"):
    from nanglucso.project.cli.serve import die_with_parent

    die_with_parent()
application = get_wsgi_application()
