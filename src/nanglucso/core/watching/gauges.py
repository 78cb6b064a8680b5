"""Figures that are looked up when somebody asks: queue, copies, disk, receivers, tests under way."""

import shutil
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min
from prometheus_client.core import GaugeMetricFamily

from nanglucso.core.clock import now
from nanglucso.core.keeping.losses import BEHIND, NOTHING, may_lose
from nanglucso.core.models import Backup, Job
from nanglucso.core.watching.certificates import days_left
from nanglucso.core.watching.probes import ask
from nanglucso.core.watching.pulses import last


def _queue(at: Any) -> Iterator[tuple[str, str, float]]:
    waiting = Job.objects.filter(status=Job.Status.QUEUED)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    yield "nls_jobs_waiting", "Background work that waits", waiting.count()
    yield "nls_jobs_oldest_seconds", "Age of the oldest work that waits", (at - oldest).total_seconds() if oldest else 0
    yield "nls_jobs_failed", "Work that failed", Job.objects.filter(status=Job.Status.FAILED).count()
    if worker := last("worker"):
        yield "nls_worker_silent_seconds", "Time since a worker's last sign of life", (at - worker.at).total_seconds()


def _safety(at: Any) -> Iterator[tuple[str, str, float]]:
    proven = Backup.objects.filter(proven_at__isnull=False, dropped_at=None).first()
    if proven:
        age = (at - proven.began_at).total_seconds()
        yield "nls_backup_age_seconds", "Age of the last copy that was restored and compared", age
    if drill := last("drill"):
        yield "nls_drill_age_seconds", "Time since a restore was last practised", (at - drill.at).total_seconds()
    loss = may_lose(at=at)
    if loss.way in (NOTHING, BEHIND):
        yield "nls_receiver_lag_bytes", "Log of the database that no receiver has", loss.size
    if flush := last("flush"):
        yield "nls_flush_seconds", "Median time of a flush to the disk", flush.told.get("ms", 0) / 1000
    room = shutil.disk_usage(settings.HOME)
    yield "nls_disk_free_ratio", "Share of the disk of NLS_HOME that is free", room.free / room.total
    if (days := days_left(settings.TLS_CERT, at=at)) is not None:
        yield "nls_certificate_days", "Days until the site's certificate ends", days


class Looked:
    """A collector for one scrape; when the database does not answer, `nls_database_up` says so and the rest is left."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        at, up = now(), 1
        try:
            found = [*_queue(at), *_safety(at)]
            found.append(("nls_sittings_open", "Tests under way", ask("sittings_open", at)))
            found.append(("nls_sitters_waiting", "People waiting to begin a test", ask("sitters_waiting", at)))
        except (DatabaseError, OSError):
            found, up = [], 0
        for name, words, value in [*found, ("nls_database_up", "Whether the database answers", up)]:
            yield GaugeMetricFamily(name, words, value=float(value))
