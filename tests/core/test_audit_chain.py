"""Whatever is done to the log is found and named: any edit by its entry, a log written wholly anew by the day's digest."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanglucso.core import anchoring, audit
from nanglucso.core.acts import act
from nanglucso.core.keeping.services import settle_restored
from nanglucso.core.models import AuditEntry, AuditHead
from nanglucso.core.refusals import Refused
from nanglucso.project.cli import main
from tests import make

pytestmark = pytest.mark.django_db
DAYS = 6
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
EDITS = st.one_of(
    st.tuples(st.just("at"), st.integers(1, 10**9).map(lambda n: make.AT + timedelta(microseconds=n, days=999))),
    st.tuples(st.sampled_from(["actor_label", "role", "verb", "subject_type", "subject_id", "subject_label"]), WORD),
    st.tuples(st.just("person_id"), st.none() | st.integers(0, 2**40)),
    st.tuples(st.just("details"), st.dictionaries(WORD, st.integers() | WORD | st.none() | st.booleans(), max_size=3)),
    st.tuples(st.sampled_from(["prev_hash", "hash", "label_seal", "details_seal"]), HEX),
    st.tuples(st.sampled_from(["label_seal", "details_seal", "label_salt", "details_salt"]), st.just("")),
    st.tuples(st.sampled_from(["label_salt", "details_salt"]), HEX.map(lambda text: text[:32])),
)
TRIED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class _Undone(Exception):
    """Takes an example's meddling back."""


@pytest.fixture
def log(settings, tmp_path) -> list[int]:
    """Numbers of DAYS x 2 entries by an administrator about a person; a digest at the end of each day."""
    settings.AUDIT_DIGESTS = tmp_path
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    actor, person = make.user("admin"), make.person()
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    for day in range(DAYS):
        for step in range(2):
            with act(
                actor, f"core.step_{step}", person, at=make.at(day), person_id=person.pk, n=day, đơn_vị="Sở Nội vụ"
            ):
                pass
        anchoring.write_digest(at=make.at(day, hours=1))
    return list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True))


def after(meddle) -> tuple[audit.Verdict, anchoring.Agreement]:
    """What is found once `meddle()` was done to the tables; then it is undone."""
    found = []
    try:
        with transaction.atomic():
            meddle()
            found += [audit.verify(), anchoring.own_agreement()]
            raise _Undone
    except _Undone:
        return found[0], found[1]


def forge(start: int, **changed) -> None:
    """Entry `start` changed and everything from it on chained anew, the head too: what a master of the database can do."""
    AuditEntry.objects.filter(seq=start).update(**changed)
    head = AuditHead.objects.get(id=1)
    prev = AuditEntry.objects.get(seq=start - 1).hash if start > 1 else "0" * 64
    for row in AuditEntry.objects.filter(seq__gte=start).order_by("seq"):
        audit.seal(row)
        row.prev_hash, row.hash = prev, audit._digest(prev, row)
        row.save()
        prev = row.hash
        head.seq, head.hash = row.seq, row.hash
    head.save()


def cut(keep: int) -> None:
    """The end cut off and the head set back."""
    AuditEntry.objects.filter(seq__gt=keep).delete()
    last = AuditEntry.objects.filter(seq=keep).first()
    AuditHead.objects.update(seq=keep, hash=last.hash if last else "0" * 64)


def test_the_untouched_log_holds(log):
    assert log == list(range(1, 2 * DAYS + 1))
    assert after(lambda: None) == (audit.Verdict(12, 0, ""), anchoring.Agreement(DAYS))


@TRIED
@given(at=st.integers(1, 2 * DAYS), edit=EDITS)
def test_any_edited_field_is_named_by_its_entry(log, at, edit):
    name, value = edit
    if getattr(AuditEntry.objects.get(seq=at), name) == value:
        return
    verdict, _days = after(lambda: AuditEntry.objects.filter(seq=at).update(**{name: value}))
    assert (verdict.first_bad, verdict.reason, verdict.entries) == (at, "changed", at - 1)


@TRIED
@given(gone=st.sets(st.integers(1, 2 * DAYS), min_size=1))
def test_any_removed_entries_are_named_by_the_first(log, gone):
    verdict, _days = after(lambda: AuditEntry.objects.filter(seq__in=gone).delete())
    assert (verdict.first_bad, verdict.reason) == (min(gone), "missing")


@TRIED
@given(order=st.permutations(range(1, 2 * DAYS + 1)))
def test_any_new_order_is_named_by_the_first_that_moved(log, order):
    if order == log:
        return

    def move() -> None:
        keys = list(AuditEntry.objects.order_by("seq").values_list("pk", flat=True))
        AuditEntry.objects.update(seq=F("seq") + 1000)
        for number, place in enumerate(order, 1):
            AuditEntry.objects.filter(pk=keys[place - 1]).update(seq=number)

    verdict, _days = after(move)
    first = next(number for number, place in enumerate(order, 1) if number != place)
    assert (verdict.first_bad, verdict.reason) == (first, "changed")


@TRIED
@given(place=st.integers(-2, 2 * DAYS + 3), sound=st.booleans())
def test_any_inserted_entry_is_named_at_its_place_or_by_the_next(log, place, sound):
    """`sound`: with the right hash for where it stands, so that only what comes after it can tell."""

    def insert() -> None:
        AuditEntry.objects.filter(seq__gte=max(place, 1)).update(seq=F("seq") + 1000)
        AuditEntry.objects.filter(seq__gte=1000).update(seq=F("seq") - 999)
        before = AuditEntry.objects.filter(seq=place - 1).first()
        row = audit._row(audit.Entry(make.AT, None, "", "core.forged", None, None, {}))
        audit.seal(row)
        row.seq, row.prev_hash = place, before.hash if before else "0" * 64
        row.hash = audit._digest(row.prev_hash, row) if sound else "f" * 64
        row.save()

    verdict, _days = after(insert)
    assert not verdict.ok
    named = place + 1 if sound and 1 <= place <= 2 * DAYS else place
    assert verdict.first_bad == min(named, 2 * DAYS + 1) or verdict.reason == "added"


SIZES = (1, 2, 3, 5, 11, 12, 13)


@pytest.mark.parametrize("size", SIZES)
def test_the_untouched_log_holds_in_portions_of_any_size(log, size):
    assert audit.verify(portion=size) == audit.Verdict(12, 0, "")


@TRIED
@given(
    size=st.sampled_from(SIZES),
    at=st.integers(1, 2 * DAYS),
    how=st.sampled_from(["edit", "remove", "swap", "add", "head"]),
)
def test_portions_find_what_the_whole_walk_finds(log, size, at, how):
    """Meddling beside, on and across the border of a portion; `audit.verify()` takes the twelve entries at once."""
    other = at % (2 * DAYS) + 1

    def meddle() -> None:
        here = AuditEntry.objects.filter(seq=at)
        if how == "edit":
            here.update(verb="core.forged")
        elif how == "remove":
            here.delete()
        elif how == "swap":
            here.update(seq=-1)
            AuditEntry.objects.filter(seq=other).update(seq=at)
            AuditEntry.objects.filter(seq=-1).update(seq=other)
        elif how == "add":
            row = AuditEntry(seq=2 * DAYS + at, at=make.AT, verb="core.forged", prev_hash="0" * 64, hash="0" * 64)
            row.save()
        else:
            AuditHead.objects.update(hash="f" * 64)

    try:
        with transaction.atomic():
            meddle()
            whole, cut_up = audit.verify(), audit.verify(portion=size)
            raise _Undone
    except _Undone:
        named = {"swap": min(at, other), "add": 2 * DAYS + at, "head": 2 * DAYS}.get(how, at)
        assert (whole.first_bad, whole.ok) == (named, False)
        assert cut_up == whole


@pytest.mark.parametrize(
    ("meddle", "reason"), [(lambda row: row.update(role="x"), "changed"), (lambda row: row.delete(), "missing")]
)
def test_the_entry_at_the_border_cannot_be_changed_while_the_walk_rests(log, meddle, reason):
    come = audit.step(audit.Walk(), portion=5)
    assert come == audit.Walk(5, AuditEntry.objects.get(seq=5).hash)
    assert audit.verify(come, portion=5) == audit.Verdict(12, 0, "")
    meddle(AuditEntry.objects.filter(seq=5))
    assert audit.verify(come, portion=5) == audit.Verdict(4, 5, reason)


def test_a_log_that_grows_while_it_is_walked_holds(log):
    come = audit.step(audit.Walk(), portion=5)
    with act(None, "core.later", at=make.at(DAYS)):
        pass
    assert audit.verify(come, portion=5) == audit.Verdict(13, 0, "")


def test_no_question_of_the_walk_asks_for_more_than_a_portion(log, django_assert_num_queries):
    """Twelve entries in fives: three portions, each the head, the entries, the head; every question has its limit."""
    with django_assert_num_queries(9) as asked:
        audit.verify(portion=5)
    limits = [one["sql"].rsplit("LIMIT ", 1)[1] for one in asked.captured_queries if "prev_hash" in one["sql"]]
    assert limits == ["5", "6", "6"]


def test_a_head_that_was_taken_away_does_not_hide_it(log):
    verdict, _days = after(lambda: AuditHead.objects.all().delete())
    assert verdict.reason == "added"


@TRIED
@given(start=st.integers(1, 2 * DAYS))
def test_a_log_written_anew_is_named_by_the_first_day_that_knew_better(log, start):
    verdict, days = after(lambda: forge(start, verb="core.forged"))
    assert verdict.ok
    assert (days.bad_day, days.reason) == (day_of(start), "changed")
    assert days.agree == (start - 1) // 2


@TRIED
@given(keep=st.integers(0, 2 * DAYS - 1))
def test_a_tail_cut_off_with_the_head_set_back_is_named_by_its_day(log, keep):
    verdict, days = after(lambda: cut(keep))
    assert verdict.ok
    assert (days.bad_day, days.reason) == (day_of(keep + 1), "missing")


def day_of(number: int) -> str:
    return make.at((number - 1) // 2).date().isoformat()


def test_a_day_has_one_digest_and_it_is_posted(log, settings):
    settings.AUDIT_DIGEST_MAIL = ["kiem.tra@vidu.gov.vn"]
    assert anchoring.write_digest(at=make.at(DAYS - 1, hours=2)) == ""
    line = anchoring.write_digest(at=make.at(DAYS))
    assert [one.body for one in mail.outbox] == [line]
    assert len(anchoring.read_digests(anchoring.own_file())) == DAYS + 1
    assert anchoring.own_file().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "spoil", [lambda lines: lines.pop(2), lambda lines: lines.reverse(), lambda lines: lines.append("{")]
)
def test_a_file_that_was_meddled_with_is_named_by_its_line(log, spoil):
    path = anchoring.own_file()
    lines = path.read_text().splitlines()
    spoil(lines)
    path.write_text("\n".join(lines))
    with pytest.raises(Refused, match=r"line [237]"):
        anchoring.own_agreement()


def test_a_restore_that_stands_in_the_log_excuses_the_days_it_took_back(log):
    from nanglucso.core.keeping.archives import Manifest

    last = AuditEntry.objects.get(seq=6)
    told = Manifest(make.at(2, hours=2).isoformat(), "sqlite", {}, {}, {"seq": 6, "hash": last.hash}, {})
    cut(6)
    assert anchoring.own_agreement().bad_day == day_of(7)
    settle_restored(at=make.at(DAYS), manifest=told, name="x.nlsbak")
    assert anchoring.own_agreement() == anchoring.Agreement(3, DAYS - 3)
    forge(2, verb="core.forged")
    assert anchoring.own_agreement().bad_day == day_of(2)


def test_the_command_names_entry_and_day(log, capsys, tmp_path):
    assert main(["audit", "verify"]) == 0
    assert "6 daily digests agree." in capsys.readouterr().out
    elsewhere = tmp_path / "copy.jsonl"
    elsewhere.write_text("\n".join(anchoring.own_file().read_text().splitlines()[2:]))
    forge(8, verb="core.forged")
    assert main(["audit", "verify", "--digests", str(elsewhere)]) == 1
    said = capsys.readouterr().out
    assert "12 entries, the chain holds." in said
    assert f"The digest of {day_of(8)} does not agree" in said
    assert main(["audit", "verify", "--digests", str(tmp_path / "none")]) == 2
    capsys.readouterr()
    assert main(["audit", "digest"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 12


def test_the_page_names_the_day(log, as_user):
    forge(5, verb="core.forged")
    page = as_user(make.user("auditor")).post(reverse("core:audit_verify"), follow=True).content.decode()
    assert f"bản tóm lược ngày {make.at(2):%d/%m/%Y}" in page
