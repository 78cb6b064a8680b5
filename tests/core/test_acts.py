"""The write door: one audit row an act, nesting, and nothing left after a failure."""

import pytest

from nanglucso.core import audit
from nanglucso.core.acts import act
from nanglucso.core.models import AuditEntry, AuditHead, RoleGrant, User
from tests import make

pytestmark = pytest.mark.django_db


def _new(before: int) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(seq__gt=before).order_by("seq"))


@pytest.fixture
def before() -> int:
    """The last number in the log when the test begins."""
    return AuditHead.objects.get_or_create(id=1)[0].seq


def _fail() -> None:
    raise ValueError("no")


def test_an_act_leaves_one_row_that_says_who_what_and_when(before):
    actor, subject = make.user("admin"), make.user("official")
    with act(actor, "core.test", subject, at=make.AT, person_id=7, reason="thử") as this:
        this.note(extra=1)
    [row] = _new(before)
    assert (row.actor, row.verb, row.at, row.person_id) == (actor, "core.test", make.AT, 7)
    assert row.subject_label == str(subject)
    assert row.details == {"reason": "thử", "extra": 1}


def test_nested_acts_are_chained_inner_first_with_the_outermost(before):
    with act(None, "core.outer", at=make.AT):
        with act(None, "core.inner", at=make.AT):
            pass
        assert not _new(before)
    rows = _new(before)
    assert [row.verb for row in rows] == ["core.inner", "core.outer"]
    assert rows[1].prev_hash == rows[0].hash
    assert audit.verify().ok


def _inner_and_fail() -> None:
    with act(None, "core.inner", at=make.AT):
        _fail()


def _grant_and_fail(user: User) -> None:
    with act(None, "core.outer", at=make.AT):
        RoleGrant.objects.create(user=user, role="admin", granted_at=make.AT)
        with act(None, "core.inner", at=make.AT):
            _fail()


def test_a_failure_undoes_the_act_and_its_row(before):
    user = make.user("official")
    with pytest.raises(ValueError, match="no"):
        _grant_and_fail(user)
    assert not _new(before)
    assert not user.grants.filter(role="admin").exists()
    with act(None, "core.after", at=make.AT):
        pass
    assert [row.seq for row in _new(before)] == [before + 1]


def test_an_inner_refusal_that_is_caught_leaves_no_row_of_its_own(before):
    with (
        act(None, "core.outer", at=make.AT),
        pytest.raises(ValueError, match="no"),
        act(None, "core.inner", at=make.AT),
    ):
        _fail()
    assert [row.verb for row in _new(before)] == ["core.outer"]
    assert audit.verify().ok
