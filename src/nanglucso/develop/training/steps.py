"""What this room offers as the next step on "My overview": a class that is held today."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from nanglucso.core.days import local_day
from nanglucso.develop.training import queries
from nanglucso.develop.training.models import Attendance
from nanglucso.measure.profiles.steps import NextStep
from nanglucso.ui.figures import vtime
from nanglucso.workforce.people.models import Person


def class_today(person: Person, at: datetime) -> NextStep | None:
    """Today's next session that is not over and where this person is not yet present."""
    for session in queries.sessions_today(person, local_day(at)):
        if session.ends_at < at or Attendance.objects.filter(session=session, person=person).exists():
            continue
        row = session.training_class
        place = row.venue.name if row.venue else _("Online")
        return NextStep(
            _("Today · %(time)s") % {"time": vtime(session.starts_at)},
            row.course.name,
            _("Session %(n)s, %(place)s. Scan the code on the room's screen to check in.")
            % {"n": session.number, "place": place},
            _("See my classes"),
            reverse("training:mine"),
            _("If scanning fails, the class manager ticks your name."),
        )
    return None
