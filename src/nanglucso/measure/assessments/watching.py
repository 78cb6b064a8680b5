"""What the watchers of the system ask about tests: how many are open now, how much was answered since a moment."""

from datetime import datetime

from nanglucso.measure.assessments.models import Answer, Sitting

OPEN = (Sitting.Status.RUNNING, Sitting.Status.PAUSED)


def sittings_open(at: datetime) -> int:
    """Tests under way; those whose time is long over count no more."""
    return Sitting.objects.filter(status__in=OPEN, deadline__gt=at).count()


def answers_since(moment: datetime) -> int:
    """Answers given after the moment."""
    return Answer.objects.filter(at__gt=moment).count()
