"""Sign the badges of 60,000 certificates as the product does, and a few hundred the naive way.

Processor seconds of the signing job over a database of its own, against one certificate after the other: contexts read
and processed anew, the key read from its file, the proof options brought into canonical form, one act each.

    python benchmarks/sign_certificates.py [--certificates 60000] [--naive 200]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def naive(count: int) -> float:
    """Processor seconds a certificate, signed one by one without anything kept between them."""
    from pyld import jsonld

    from nanglucso.core.clock import now
    from nanglucso.develop.credentials import signing
    from nanglucso.develop.credentials.models import Badge
    from nanglucso.kit.integrity import canon, proofs

    start = time.process_time()
    for _ in range(count):
        jsonld._resolved_context_cache.clear()
        canon.bundled.cache_clear()
        proofs._options_hash.cache_clear()
        assert signing.Signing(actor=None, at=now()).batch(1) == 1
    spent = time.process_time() - start
    assert Badge.objects.exclude(signed_at=None).count() == count
    return spent / count


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--certificates", type=int, default=60_000)
    asked.add_argument("--naive", type=int, default=200)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"NLS_HOME": home, "NLS_SECRET_KEY": "only-for-a-benchmark-" + "x" * 40}
        os.environ["DJANGO_SETTINGS_MODULE"] = "nanglucso.project.settings"
        import django

        django.setup()
        run(args.certificates, args.naive)


def run(certificates: int, few: int) -> None:
    from tests.faults.sign_steps import prepare

    from nanglucso.core import jobs
    from nanglucso.core.models import Job
    from nanglucso.develop.credentials.models import Badge

    prepare(certificates + few)
    each = naive(few)
    job = Job.objects.get(kind="credentials.sign_badges")
    start, wall = time.process_time(), time.monotonic()
    jobs.perform(str(job.pk))
    spent, wall = time.process_time() - start, time.monotonic() - wall
    job.refresh_from_db()
    assert (job.status, job.result) == ("done", {"signed": certificates}), job.error
    assert Badge.objects.values("status_list", "index").distinct().count() == certificates + few
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    own = 1000 * spent / certificates
    print(f"job: {certificates} badges, {spent:.1f} s of processor ({own:.2f} ms each), ", end="")
    print(f"{wall:.0f} s on the clock (load {os.getloadavg()[0]:.1f}), peak {peak:.0f} MB")
    print(f"naive, {few} badges: {1000 * each:.2f} ms each; ratio {1000 * each / own:.1f}")


if __name__ == "__main__":
    main()
