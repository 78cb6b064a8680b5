"""The site with one safeguard taken away, so that a check is seen to notice: NLS_TEST_SYNCHRONOUS = NORMAL or OFF."""

import os

from nanglucso.project.settings import *  # noqa: F403
from nanglucso.project.settings import DATABASES

_options = DATABASES["default"]["OPTIONS"]
_full, _less = "synchronous=FULL", f"synchronous={os.environ['NLS_TEST_SYNCHRONOUS']}"
assert _full in _options["init_command"]
_options["init_command"] = _options["init_command"].replace(_full, _less)
