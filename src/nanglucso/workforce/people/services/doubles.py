"""Two records of one person: merged into one, and the merge undone; or told to be two people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import Appointment, Double, Person
from nanglucso.workforce.people.services.changes import loaded, stored

MERGE_UNDO_DAYS = 90
FACTS = ("staff_code", "citizen_hash", "birth_date", "birth_year", "gender", "email", "phone", "title")
_Status = Double.Status


def merge_people(*, actor: User | None, kept: Person, gone: Person, at: datetime) -> Double:
    """Merge `gone` into `kept`: facts that `kept` lacks, appointments, results and whatever else refers to it go over.

    What cannot go over because `kept` has its like (a sitting of the same campaign, a seat in the same class) stays
    with `gone`, who is no longer active. Raises `Refused` for one record, one already merged, two citizen numbers.
    """
    if kept.pk == gone.pk:
        raise Refused(_("A record cannot be merged with itself: choose two."))
    with act(actor, "people.merge", kept, at=at, person_id=kept.pk, gone=gone.pk) as this:
        kept, gone = (Person.objects.select_for_update().get(pk=one.pk) for one in (kept, gone))
        if Double.objects.filter(status=_Status.MERGED, gone__in=(kept, gone)).exists():
            raise Refused(_("One of the two records has already been merged into another."))
        if kept.citizen_hash and gone.citizen_hash and kept.citizen_hash != gone.citizen_hash:
            raise Refused(_("The two records have different citizen numbers: they are two people."))
        moved = _take_facts(kept, gone)
        moved |= _take_account(kept, gone)
        moved["ended"] = _end_the_same(kept, gone, at)
        moved["beside"] = _stand_beside(kept, gone)
        moved["rows"], moved["stayed"] = _take_rows(kept, gone)
        row = Double.objects.create(
            kept=kept, gone=gone, status=_Status.MERGED, moved=moved, decided_by=actor, decided_at=at
        )
        this.note(rows=sum(map(len, moved["rows"].values())), stayed=moved["stayed"])
        with act(actor, "people.merge_away", gone, at=at, person_id=gone.pk, kept=kept.pk):
            enqueue("profiles.refold", actor=actor, at=at, people=[kept.pk, gone.pk])
    return row


def _take_facts(kept: Person, gone: Person) -> dict[str, Any]:
    """Fill what `kept` lacks; a number that goes over leaves `gone`, for it may be held once only."""
    told: dict[str, dict[str, Any]] = {"kept": {}, "gone": {"active": [gone.active, False]}}
    for name in FACTS:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if theirs and not mine and name != "title":
            told["kept"][name] = [stored(mine), stored(theirs)]
            setattr(kept, name, theirs)
            if name in ("staff_code", "citizen_hash"):
                told["gone"][name] = [theirs, None]
                setattr(gone, name, None)
    gone.active = False
    gone.save()
    kept.save()
    return told


def _take_account(kept: Person, gone: Person) -> dict[str, Any]:
    """The account goes over when `kept` has none; of two, that of `gone` is closed."""
    user = gone.user
    if user is None:
        return {}
    if kept.user is None:
        Person.objects.filter(pk=gone.pk).update(user=None)
        Person.objects.filter(pk=kept.pk).update(user=user)
        return {"account": user.pk}
    if not user.is_active:
        return {}
    User.objects.filter(pk=user.pk).update(is_active=False)
    return {"closed": user.pk}


def _end_the_same(kept: Person, gone: Person, at: datetime) -> list[int]:
    """Of two appointments in one place one is enough: the open ones of `gone` that repeat one of `kept` end."""
    places = set(kept.appointments.filter(until=None).values_list("unit", "position"))
    ended = []
    for one in gone.appointments.filter(until=None):
        if (one.unit_id, one.position_id) in places:
            one.until = max(one.since, local_day(at))
            one.save(update_fields=["until"])
            ended.append(one.pk)
    return ended


def _stand_beside(kept: Person, gone: Person) -> list[int]:
    """A person has one place a day: where both had one, that of `gone` is a post held beside that of `kept`."""
    spans = list(kept.appointments.filter(main=True).values_list("since", "until"))
    beside = [
        one.pk
        for one in gone.appointments.filter(main=True)
        if any((end is None or one.since < end) and (one.until is None or begin < one.until) for begin, end in spans)
    ]
    Appointment.objects.filter(pk__in=beside).update(main=False)
    return beside


def _relations() -> Iterator[tuple[Any, str]]:
    """(model, name of its key to a person) of everything that refers to people."""
    relations: list[Any] = Person._meta.get_fields(include_hidden=True)
    for one in relations:
        if one.auto_created and not one.concrete and not one.many_to_many and one.related_model is not Double:
            yield one.related_model, one.field.name


def _take_rows(kept: Person, gone: Person) -> tuple[dict[str, list[Any]], int]:
    """Let every row that refers to `gone` refer to `kept`; ({model.key: ids}, how many could not)."""
    moved: dict[str, list[Any]] = {}
    stayed = 0
    for model, name in _relations():
        for pk in list(model._default_manager.filter(**{name: gone}).order_by("pk").values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=pk).update(**{name: kept})
            except IntegrityError:
                stayed += 1
                continue
            moved.setdefault(f"{model._meta.label}.{name}", []).append(stored_key(pk))
    return moved, stayed


def stored_key(pk: Any) -> Any:
    """A row's key as JSON keeps it."""
    return pk if isinstance(pk, int) else str(pk)


def can_undo_merge(row: Double, at: datetime) -> bool:
    """Whether the merge is in force, young enough, and the last one of either record."""
    if row.status != _Status.MERGED or at - row.decided_at > timedelta(days=MERGE_UNDO_DAYS):
        return False
    later = Double.objects.filter(status=_Status.MERGED, pk__gt=row.pk)
    return not later.filter(Q(kept__in=(row.kept_id, row.gone_id)) | Q(gone__in=(row.kept_id, row.gone_id))).exists()


def undo_merge(*, actor: User | None, row: Double, at: datetime) -> Double:
    """Part the two records again; facts corrected since keep their newer values. Raises `Refused` when too late."""
    with act(actor, "people.undo_merge", row.kept, at=at, person_id=row.kept_id, gone=row.gone_id):
        row = Double.objects.select_for_update().select_related("kept", "gone").get(pk=row.pk)
        if not can_undo_merge(row, at):
            days = {"days": MERGE_UNDO_DAYS}
            raise Refused(_("Only the last merge of a record can be undone, within %(days)s days.") % days)
        for model, name in _relations():
            ids = row.moved["rows"].get(f"{model._meta.label}.{name}", [])
            model._default_manager.filter(pk__in=ids, **{name: row.kept}).update(**{name: row.gone})
        Appointment.objects.filter(pk__in=row.moved["ended"]).update(until=None)
        Appointment.objects.filter(pk__in=row.moved.get("beside", ())).update(main=True)
        _give_back(row)
        row.status, row.undone_at = _Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
        with act(actor, "people.part_again", row.gone, at=at, person_id=row.gone_id, kept=row.kept_id):
            enqueue("profiles.refold", actor=actor, at=at, people=[row.kept_id, row.gone_id])
    return row


def _give_back(row: Double) -> None:
    """Facts and accounts as they were, except what has been changed since."""
    for person, told in ((row.kept, row.moved["kept"]), (row.gone, row.moved["gone"])):
        for name, (before, after) in told.items():
            if stored(getattr(person, name)) == after:
                setattr(person, name, loaded(name, before))
        person.save(update_fields=list(told))
    if "account" in row.moved:
        Person.objects.filter(pk=row.kept_id, user=row.moved["account"]).update(user=None)
        Person.objects.filter(pk=row.gone_id).update(user=row.moved["account"])
    if "closed" in row.moved:
        User.objects.filter(pk=row.moved["closed"]).update(is_active=True)


def tell_apart(*, actor: User | None, one: Person, other: Person, at: datetime) -> Double:
    """Note that two like records are two people, so that they are not offered again."""
    with act(actor, "people.tell_apart", one, at=at, person_id=one.pk, other=other.pk):
        return Double.objects.create(kept=one, gone=other, status=_Status.DIFFERENT, decided_by=actor, decided_at=at)
