"""A body nested without end is refused by the matrix of requirements, not a fault."""

import json

import pytest
from django.urls import reverse

from tests import make

DEEP = "[" * 100_000
pytestmark = pytest.mark.django_db


def test_the_matrix_refuses_a_body_nested_without_end(as_user):
    client = as_user(make.user("training"))
    answer = client.post(reverse("people:matrix_save"), DEEP, content_type="application/json")
    assert answer.status_code == 400
    assert json.loads(answer.content)["text"]
