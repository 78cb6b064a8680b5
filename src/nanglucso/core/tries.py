"""Tries at the doors that are open to anybody, counted by address over every process."""

import time
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest


def too_many(request: HttpRequest, name: str, rate: str) -> bool:
    """Count this try at the door `name`; True when `rate` (such as 30/m/ip) is used up and it was not counted."""
    return not ratelimit.consume(request, app="nanglucso", action=name, config={name: rate}, limit_get=True)


def used_up(request: HttpRequest, action: str, key: Any) -> bool:
    """Whether a limit of the log-in library is used up. Only reads: thousands of right log-ins write nothing."""
    app = "allauth.account"
    for rate in ratelimit.get_rates(app=app, action=action):
        kept = cache.get(ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key), [])
        if not ratelimit.apply_rate(kept, time.time(), rate, dry_run=True)[0]:
            return True
    return False
