"""Bare Django for `exam_day.py`: the product's database settings and nothing else, not even middleware."""

from nanglucso.project import settings as product

SECRET_KEY, DATABASES, ALLOWED_HOSTS = product.SECRET_KEY, product.DATABASES, product.ALLOWED_HOSTS
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "exam_bare.urls"
LOGGING_CONFIG = None
USE_TZ = True
