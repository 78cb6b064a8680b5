"""Figures for Prometheus: who may see them, what they say, that several processes add up."""

import http.client
import os
import re
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from nanglucso.core.clock import now
from nanglucso.core.models import Backup, Job
from nanglucso.core.watching.certificates import days_left
from nanglucso.core.watching.figures import SITTING_ROUTES, group_of
from nanglucso.core.watching.pulses import beat
from tests import serving


def figures(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"|{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_this_machine_sees_them_a_forwarded_request_does_not(client):
    address = reverse("core:metrics")
    assert client.get(address).status_code == 200
    assert client.get(address, REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get(address, headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
    assert client.get(address, headers={"X-Real-IP": "10.1.2.3"}).status_code == 404


@pytest.mark.django_db
def test_with_a_token_only_its_holder_sees_them(client, settings):
    settings.METRICS_TOKEN = "t0ken"
    address = reverse("core:metrics")
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"Authorization": "Bearer wrong"}).status_code == 404
    far = {"Authorization": "Bearer t0ken", "X-Forwarded-For": "10.1.2.3"}
    assert client.get(address, headers=far, REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.django_db
def test_they_say_what_is_kept_in_the_database(client):
    at = now()
    Job.objects.create(kind="t.x", created_at=at - timedelta(seconds=90))
    Backup.objects.create(name="x", began_at=at - timedelta(hours=3), proven_at=at)
    beat("worker", at=at - timedelta(seconds=20))
    beat("flush", at=at, ms=1.5)
    found = figures(client.get(reverse("core:metrics")).content.decode())
    assert found["nls_jobs_waiting"] == 1
    assert found["nls_jobs_oldest_seconds"] == pytest.approx(90, abs=20)
    assert found["nls_backup_age_seconds"] == pytest.approx(3 * 3600, abs=20)
    assert found["nls_worker_silent_seconds"] == pytest.approx(20, abs=20)
    assert found["nls_flush_seconds"] == 0.0015
    assert found["nls_database_up"] == 1
    assert 0 < found["nls_disk_free_ratio"] < 1


@pytest.mark.django_db
def test_requests_and_log_ins_are_counted(client):
    def asked() -> dict[str, float]:
        return figures(client.get(reverse("core:metrics")).content.decode())

    before = asked()
    client.get("/khong-co/")
    client.get(reverse("core:live"))  # asked by machines every few seconds: it would hide how long people wait
    client.post(reverse("account_login"), {"login": "nobody-here", "password": "x"})
    after = asked()
    for name in ("nls_requests_total|none|404", "nls_log_ins_total|failed"):
        assert after[name] == before.get(name, 0) + 1
    assert [name for name in after if "core:live" in name] == []
    assert after["nls_request_seconds_count|rest"] > before["nls_request_seconds_count|rest"]


def test_every_address_of_a_test_is_one_that_exists():
    from nanglucso.measure.assessments.urls import urlpatterns

    known = {f"assessments:{one.name}" for one in urlpatterns}
    assert known >= SITTING_ROUTES
    assert group_of("assessments:answer") == "sittings"
    assert group_of("reports:year") == "rest"


def test_days_of_a_certificate(tmp_path):
    key, at = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nls.vidu.gov.vn")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=20, hours=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    from cryptography.hazmat.primitives.serialization import Encoding

    path = tmp_path / "site.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    assert days_left(str(path), at=at) == 20
    assert days_left(str(path), at=at + timedelta(days=25)) < 0
    assert days_left(str(tmp_path / "none"), at=at) is None
    assert days_left("", at=at) is None


@pytest.mark.thorough
@pytest.mark.slow
def test_processes_of_a_served_site_add_up_and_groups_refuse_each_other(tmp_path):
    from tests import needs, postgres

    if not postgres.available():
        needs.lacking("PostgreSQL")
    with postgres.Cluster(durable=False) as cluster:
        env = serving.environment(tmp_path, cluster.url)
        with serving.Served(env, words=("--processes", "2", "--only", "sittings", "--no-worker")) as site:
            for _ in range(30):
                line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
                line.request("GET", "/bao-cao/")
                assert line.getresponse().status == 421
            found = figures(urllib.request.urlopen(f"{site.url}/he-thong/metrics").read().decode())
            assert found["nls_requests_total|none|421"] == 30
            pids = {
                re.search(r"_(\d+)\.db$", one).group(1) for one in os.listdir(tmp_path / "metrics" / str(site.port))
            }
            assert len(pids) >= 2
            line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
            line.request("GET", "/tai-khoan/login/")
            assert line.getresponse().status == 421
            line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
            line.request("POST", "/danh-gia/bai/0b7f3c52-7b0a-4b5e-9c07-3e0f6f1f0a11/tra-loi/", "{}")
            assert line.getresponse().status in (401, 403)
            assert site.named("nanglucso worker") == []


def test_sqlite_serves_in_one_process_and_one_group(tmp_path):
    import subprocess
    import sys

    for words in (["--processes", "2"], ["--only", "rest"]):
        done = subprocess.run(
            [sys.executable, "-m", "nanglucso", "serve", *words], env=serving.environment(tmp_path), cwd=serving.ROOT,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
