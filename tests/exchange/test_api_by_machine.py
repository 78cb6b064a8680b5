"""Schemathesis reads the product's own description and asks whatever it allows, with tokens that fit and that do not; seeded."""

from collections import Counter

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings

from nanglucso.core.clock import now
from nanglucso.govern.exchange import services
from nanglucso.govern.exchange.api import ROWS, api
from nanglucso.govern.exchange.models import ApiToken
from nanglucso.project.wsgi import application

pytestmark = pytest.mark.django_db
SEED = 20260303


@pytest.fixture
def wsgi():
    """As the test client does: a request must not close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield application
    for one in signals:
        one.connect(close_old_connections)


def secret_of(resources, unit):
    """A token that may ask as often as it likes."""
    told = {"name": "x", "resources": resources, "unit": unit, "days": 3}
    row, secret = services.issue_token(actor=None, at=now(), **told)
    ApiToken.objects.filter(pk=row.pk).update(a_minute=1_000_000)
    return secret


def asked_of(operation, keys, wanted, never, examples):
    """{status: answers} of one operation; keys: (secret, statuses that fit); `never` stands in no answer."""
    found = Counter()

    @seed(SEED)
    @settings(max_examples=examples, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def asked(case):
        for secret, fits in keys:
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            found[answer.status_code] += 1
            assert answer.status_code in fits
            assert never not in answer.text
            case.validate_response(answer, checks=wanted)

    asked()
    return found


def asked_by_machine(two, wsgi, examples):
    """Every operation of the description with drawn parameters, by a token of the first unit; {status: answers}.

    No answer is a server's error, leaves the description, names the neighbour, or comes without a token or with the
    token of another table.
    """
    import schemathesis
    from schemathesis import checks

    schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    schema.app = wsgi
    operations = [one.ok() for one in schema.get_all_operations()]
    wanted = [checks.not_a_server_error, checks.response_schema_conformance, checks.status_code_conformance]
    whole, found = secret_of(sorted(ROWS), two[0]), Counter()
    for operation in operations:
        narrow = secret_of(sorted(set(ROWS) - {operation.path.rsplit("/", 1)[1]}), None)
        keys = ((whole, {200, 422}), (narrow, {403, 422}), ("nls_none", {401}))
        found += asked_of(operation, keys, wanted, f'"{two[1].code}"', examples)
    assert len(operations) == len(ROWS)
    return found


def test_no_server_error_and_no_leak_across_scopes(two, wsgi):
    found = asked_by_machine(two, wsgi, 3)
    assert set(found) >= {200, 401, 403}


@pytest.mark.thorough
def test_no_server_error_and_no_leak_across_scopes_in_a_thousand_questions(two, wsgi):
    found = asked_by_machine(two, wsgi, 60)
    assert set(found) >= {200, 401, 403}
    assert sum(found.values()) > 1_000
