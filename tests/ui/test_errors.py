"""Pages for what went wrong, in both languages."""

import sys

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from nanglucso.ui.errors import server_error
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("lang", "words"), [("vi", "Không có trang này"), ("en", "There is no such page")])
def test_a_missing_page_says_so(client, lang, words):
    answer = client.get("/khong-co/", {"lang": lang})
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_closed_page_names_the_role_and_offers_another(as_user):
    answer = as_user(make.user("official")).get(reverse("core:status"))
    assert answer.status_code == 403
    assert "Công chức, viên chức" in answer.content.decode()
    assert 'popovertarget="role"' in answer.content.decode()


def test_a_form_without_its_token_says_that_it_expired():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("ui:theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "Biểu mẫu đã hết hạn" in answer.content.decode()


def _failed(error: Exception):
    try:
        raise error
    except Exception:
        assert sys.exc_info()[1] is error
        return server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(("lang", "words"), [("vi", "Máy chủ gặp lỗi"), ("en", "The server made a mistake")])
def test_a_mistake_of_the_server(lang, words):
    with translation.override(lang):
        answer = _failed(ValueError())
    assert answer.status_code == 500
    assert words in answer.content.decode()


def test_a_database_that_does_not_answer_is_busy_not_broken():
    with translation.override("vi"):
        answer = _failed(OperationalError("no connection"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "đang bận" in answer.content.decode()
