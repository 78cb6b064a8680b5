"""Under overload the least missed goes first, answers last; nothing of it asks the database."""

import time

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from nanglucso.core.watching.crowding import KINDS, crowd_rules
from nanglucso.project import shedding

ANSWER = "/danh-gia/bai/0b7f3c52-7b0a-4b5e-9c07-3e0f6f1f0a11/tra-loi/"
PATHS = {
    "heavy": "/bao-cao/nam/", "browsing": "/danh-gia/", "sittings": ANSWER,
    "starts": ANSWER.replace("tra-loi", "bat-dau"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def load():
    shedding.LOAD.reset()
    yield shedding.LOAD
    shedding.LOAD.reset()


def ask(path, late_ms=0.0, inside=lambda: None, **headers):
    """Status of one request that the proxy took `late_ms` ago."""

    def page(_request):
        inside()
        return HttpResponse("page")

    told = {"X-Request-Start": f"{time.time() - late_ms / 1000:.3f}"} if late_ms else {}
    return shedding.ShedMiddleware(page)(RequestFactory().get(path, headers=told | headers))


def test_the_order_in_which_they_go_is_reports_browsing_starts_answers():
    limits = [crowd_rules().late[kind] for kind in KINDS]
    assert limits == sorted(limits)
    assert len(set(limits)) == len(KINDS)
    ask(ANSWER)
    for kind in KINDS:
        late = 1000 * crowd_rules().late[kind]
        served = {name: ask(path, late - 30).status_code for name, path in PATHS.items()}
        assert served == {name: 200 if KINDS.index(name) >= KINDS.index(kind) else 503 for name in PATHS}
    assert {ask(path, 600).status_code for path in PATHS.values()} == {503}


def test_on_a_quiet_day_people_rather_wait():
    assert ask(reverse("account_login"), 3000).status_code == 200
    assert [ask(PATHS[kind], 3000).status_code for kind in KINDS] == [200, 200, 503, 503]
    assert ask(reverse("account_login"), 3000).status_code == 503  # a test is under way now


def test_a_reply_says_when_to_come_again_in_the_shape_asked_for():
    for language, words in (("vi", "Hệ thống"), ("en", "The system is busy")):
        reply = ask(ANSWER, 900, Cookie=f"nls-lang={language}")
        assert (reply.status_code, reply["Retry-After"]) == (503, "3")
        assert words in reply.content.decode()
    reply = ask(ANSWER, 900, Accept="application/json")
    assert (reply["Content-Type"], reply["Retry-After"]) == ("application/json", "3")


def test_beside_many_tests_reports_take_one_thread_and_one_stays_free(settings):
    settings.THREADS = 4

    def nested(paths):
        """The requests one inside the other, as if each took a thread; statuses from the outermost on."""
        found = []
        if paths:
            inner = []
            reply = ask(paths[0], inside=lambda: inner.extend(nested(paths[1:])))
            found = [reply.status_code, *inner]
        return found

    many = [PATHS["heavy"]] * 4
    for _ in range(crowd_rules().crowd):
        assert nested(many) == [200] * 4  # few sit a test: nobody is turned away
        ask(ANSWER)
    assert nested(many) == [200, 503]
    assert nested([PATHS["browsing"]] * 5) == [200, 200, 200, 503]
    assert nested([*[PATHS["browsing"]] * 3, ANSWER]) == [200] * 4
    assert nested([*[PATHS["browsing"]] * 3, reverse("core:status")]) == [200] * 4
    assert (shedding.LOAD.heavy, shedding.LOAD.others) == (0, 0)


def test_a_crowd_is_gone_when_its_requests_are_long_ago(load):
    rules = crowd_rules()
    for _ in range(rules.crowd):
        ask(ANSWER)
    assert load.crowded(rules.crowd_seconds)
    load.tests[0] -= rules.crowd_seconds
    assert not load.crowded(rules.crowd_seconds)


def test_after_a_while_without_tests_it_is_a_quiet_day_again(load):
    ask(ANSWER)
    assert ask(PATHS["heavy"], 1000).status_code == 503
    load.tests.extend([load.tests.pop() - crowd_rules().testing])
    assert ask(PATHS["heavy"], 1000).status_code == 200


@pytest.mark.parametrize("told", ["", "t=", "soon", "t=-5", "99999999999", "nan"])
def test_a_header_that_says_nonsense_says_nothing(told):
    assert ask(ANSWER, **{"X-Request-Start": told}).status_code == 200


def test_a_page_that_fails_gives_its_thread_back(load):
    def fails():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(PATHS["heavy"], inside=fails)
    assert load.heavy == 0


def test_the_rules_name_addresses_that_exist():
    from fnmatch import fnmatchcase

    from django.urls import get_resolver

    def names(patterns, space=""):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
            elif one.name:
                yield f"{space}{one.name}"

    known, rules = set(names(get_resolver().url_patterns)), crowd_rules()
    assert [one for one in rules.heavy if not any(fnmatchcase(name, one) for name in known)] == []
    assert rules.always | rules.doors <= known
    assert {rules.kind_of(name) for name in known} == {"", "heavy", "browsing", "starts"}


@pytest.mark.django_db
def test_what_is_left_unanswered_is_counted_and_asks_the_database_nothing(client, django_assert_num_queries):
    def shed():
        return shedding.SHED.labels("sittings")._value.get()

    before = shed()
    with django_assert_num_queries(0):
        reply = client.post(ANSWER, headers={"X-Request-Start": f"t={time.time() - 2}"})
    assert (reply.status_code, shed()) == (503, before + 1)
