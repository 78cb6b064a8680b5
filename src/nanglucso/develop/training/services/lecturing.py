"""Lecturers and their log-ins; what learners of a class are to read or bring; notices that were seen."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import Lecturer
from nanglucso.develop.training.models import ClassMaterial, ClassNotice, LecturerAccount, TrainingClass
from nanglucso.workforce.people.models import Person


def link_lecturer(*, actor: User | None, lecturer: Lecturer, username: str, at: datetime) -> LecturerAccount | None:
    """Say which log-in belongs to a lecturer; an empty name takes it away. Raises Refused for an unknown log-in."""
    wanted = username.strip()
    user = User.objects.filter(username=wanted, is_active=True).first() if wanted else None
    if wanted and user is None:
        raise Refused(_("There is no log-in “%(name)s”: check its spelling.") % {"name": wanted}, field="username")
    with act(actor, "training.link_lecturer", lecturer, at=at, user=user.pk if user else None):
        if user is None:
            LecturerAccount.objects.filter(lecturer=lecturer).delete()
            return None
        return LecturerAccount.objects.update_or_create(lecturer=lecturer, defaults={"user": user, "at": at})[0]


def add_material(
    *, actor: User | None, training_class: TrainingClass, title: str, place: str, at: datetime
) -> ClassMaterial:  # fmt: skip
    """Put a line on the class's list of materials. Raises Refused without a title."""
    if not title.strip():
        raise Refused(_("Write what the material is called."), field="title")
    with act(actor, "training.add_material", training_class, at=at, title=title):
        return ClassMaterial.objects.create(
            training_class=training_class, title=title.strip(), place=place.strip(), by=actor, at=at
        )


def remove_material(*, actor: User | None, material: ClassMaterial, at: datetime) -> None:
    """Take a line off the list; the log keeps its title."""
    with act(actor, "training.remove_material", material.training_class, at=at, title=material.title):
        material.delete()


def see_notices(*, actor: User | None, person: Person, at: datetime) -> None:
    """The person has read what was told about the own classes."""
    with act(actor, "training.see_notices", person, at=at, person_id=person.pk) as this:
        this.note(count=ClassNotice.objects.filter(person=person, seen_at=None).update(seen_at=at))
