"""What counts as time spent in a lesson, and when a lesson is finished.

Only the server's clock counts: a sign of life is worth the time since the person's last one, in whichever lesson, and
never more than `LONGEST`. Many signs in one second, or one sign after an hour, so bring almost nothing.
"""

from datetime import datetime

BEAT = 15
LONGEST = 30.0
SHARE = 0.4
PAUSE = 60


def credit(last: datetime, at: datetime) -> float:
    """Seconds that a sign of life at `at` is worth when the last one was at `last`; 0 to `LONGEST`."""
    return min(max((at - last).total_seconds(), 0.0), LONGEST)


def needed(minutes: float) -> float:
    """Seconds to be spent in a lesson or text of so many minutes."""
    return SHARE * 60 * minutes
