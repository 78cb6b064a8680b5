"""The written configuration: taken by the programs it is for, and one chain of timeouts through all of it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nanglucso.core.content import root
from nanglucso.core.keeping.receivers import names_in
from nanglucso.core.refusals import Refused
from nanglucso.core.watching import figures, gauges
from nanglucso.project.deploy import site as sites
from nanglucso.project.deploy.writing import connections, files, processes
from nanglucso.project.timeouts import BROWSER, CHAINS, REST, SITTINGS, postgres_options
from tests import needs, postgres, serving

EXAMPLE = root() / "operate" / "site.yaml"


@pytest.fixture
def site() -> sites.Site:
    return sites.read_site(EXAMPLE)


def test_the_command_writes_every_file(tmp_path):
    words = ["deploy", "write", "--settings", str(EXAMPLE), "--dir", str(tmp_path / "out")]
    serving.command(serving.environment(tmp_path), *words)
    assert {one.name for one in (tmp_path / "out").iterdir()} == {
        "nginx.conf", "nanglucso.env", "nanglucso-sittings.service", "nanglucso-rest.service",
        "nanglucso-worker.service", "postgresql.conf", "alerts.yml",
        "receiver-vault_a.service", "receiver-vault_b.service",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("host: a b", "host"), ("port: 80", "1024"), ("database: mysql", "postgresql|sqlite"), ("color: red", "color"),
        ("home: '/srv/x; rm'", "home"), ("receivers: vault", "receivers"), ("processors: true", "processors"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path, line, words):
    told = yaml.safe_load(EXAMPLE.read_text()) | yaml.safe_load(line)
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(told))
    with pytest.raises(Refused, match=re.escape(words)):
        sites.read_site(tmp_path / "site.yaml")


def _certificate(folder: Path) -> dict[str, str]:
    key, at = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nanglucso.vidu.gov.vn")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(at).not_valid_after(at + timedelta(days=2)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    forms = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "k.pem").write_bytes(key.private_bytes(*forms))
    return {"certificate": str(folder / "c.pem"), "certificate_key": str(folder / "k.pem")}


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_nginx_takes_its_file(site, tmp_path, database):
    made = replace(site, database=database, **_certificate(tmp_path))
    text = files(made, run=str(tmp_path), http_port=18080, https_port=18443)["nginx.conf"]
    assert text.count("{") == text.count("}")
    assert "!{" not in text
    for zone in re.findall(r"limit_conn (\w+) \d+;", text):
        assert re.search(rf"limit_conn_zone \$\w+ zone={zone}:", text), "a limit without a key is off in silence"
    assert "$request_uri'" not in text.split("access_log")[0], "a query may hold a name"
    (tmp_path / "nginx.conf").write_text(text)
    if program := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"):
        done = subprocess.run([program, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True)
        assert "syntax is ok" in done.stderr, done.stderr


def test_systemd_takes_its_units(site, tmp_path):
    made = replace(site, program=str(tmp_path), user="root", home=str(tmp_path))
    (tmp_path / "nanglucso").write_text("#!/bin/sh\n")
    (tmp_path / "nanglucso").chmod(0o755)
    units = {name: text for name, text in files(made).items() if name.endswith(".service")}
    for name, text in units.items():
        (tmp_path / name).write_text(text)
        kept = {"Restart=always", "UMask=0077"} | (set() if "receiver" in name else {"KillMode=control-group"})
        assert kept <= set(text.splitlines())
    if program := shutil.which("systemd-analyze"):
        paths = [str(tmp_path / name) for name in units]
        done = subprocess.run([program, "verify", *paths], capture_output=True, text=True)
        faults = [
            line
            for line in done.stderr.splitlines()
            if ("nanglucso" in line or "receiver" in line) and "Failed to prepare" not in line
        ]
        assert faults == []


def test_the_units_call_the_command_with_options_it_knows(site):
    from nanglucso.project.cli import main

    for name, text in files(site).items():
        if name.startswith("nanglucso") and name.endswith(".service"):
            words = re.search(r"^ExecStart=\S+/nanglucso (.+)$", text, re.MULTILINE).group(1).split()
            with pytest.raises(SystemExit) as ended:
                main([*words, "--help"])
            assert ended.value.code == 0


def test_a_receiver_s_unit_bears_the_name_that_commits_wait_for(site):
    made = files(site)
    for name in names_in(re.search(r"^synchronous_standby_names = '(.*)'$", made["postgresql.conf"], re.MULTILINE)[1]):
        unit = made[f"receiver-{name}.service"]
        assert f"PGAPPNAME={name} " in unit
        assert f"--slot {name} --synchronous" in unit
    assert names_in("a, b") == names_in('FIRST 1 (a, "b")') == names_in("ANY 2 (a, b)") == ["a", "b"]
    assert names_in("") == []


@pytest.mark.postgres
def test_postgresql_takes_its_file(site, tmp_path):
    if not postgres.available():
        needs.lacking("PostgreSQL")
    with postgres.Cluster() as cluster:
        text = files(replace(site, memory_gb=1, receivers=[]))["postgresql.conf"]
        cluster.run("pg_ctl", "-D", str(cluster.data), "-m", "fast", "stop")
        with (cluster.data / "postgresql.conf").open("a") as file:
            file.write(text)
        cluster.start()
        import psycopg

        with psycopg.connect(f"dbname=nls user=postgres host={cluster.folder}") as line:
            assert line.execute("SHOW synchronous_commit").fetchone() == ("on",)
            assert line.execute(
                "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL AND name <> 'max_connections'"
            ).fetchone() == (0,)


def test_what_is_outside_waits_longer_than_what_is_inside(site):
    assert BROWSER > SITTINGS.read > SITTINGS.pool + SITTINGS.statement
    for chain in CHAINS.values():
        assert chain.read > chain.pool + chain.statement > chain.statement > chain.lock
        assert chain.connect < chain.read
    outbox = (serving.ROOT / "src/nanglucso/ui/static/js/outbox.js").read_text()
    assert f"AbortSignal.timeout({1000 * BROWSER:.0f})" in outbox
    text = files(site)["nginx.conf"]
    assert re.findall(r"proxy_read_timeout (\d+)s", text) == [str(SITTINGS.read), str(REST.read)]
    assert f"statement_timeout={1000 * SITTINGS.statement}" in postgres_options("sittings")["options"]
    assert "options" not in postgres_options("")


def test_every_pool_fits_into_the_server_s_connections(site):
    for count in (1, 2, 8, 64):
        one = replace(site, processors=count)
        sittings, rest = processes(one)
        assert sittings * SITTINGS.pool_max + (rest + 1) * REST.pool_max + 20 <= connections(one)
        assert f"max_connections = {connections(one)}" in files(one)["postgresql.conf"]


def test_alerts_watch_figures_that_are_really_given(site):
    rules = yaml.safe_load(files(site)["alerts.yml"])["groups"][0]["rules"]
    source = Path(gauges.__file__).read_text() + Path(figures.__file__).read_text()
    assert len(rules) >= 10
    for rule in rules:
        for name in re.findall(r"nls_\w+", rule["expr"]):
            assert f'"{re.sub("_(total|bucket)$", "", name)}"' in source, name
        assert rule["annotations"]["summary"]


def test_the_environment_satisfies_check_deploy(site, tmp_path):
    told = dict(line.split("=", 1) for line in files(replace(site, database="sqlite"))["nanglucso.env"].splitlines())
    env = serving.environment(tmp_path, **{**told, "NLS_HOME": str(tmp_path), "NLS_BACKUP_KEY_FILE": ""})
    done = subprocess.run(
        [sys.executable, "-m", "nanglucso", "check", "--deploy"],
        env=env,
        cwd=serving.ROOT,
        capture_output=True,
        text=True,
    )
    for words in ("NLS_HTTPS", "NLS_ALLOWED_HOSTS", "NLS_PUBLIC_URL", "NLS_MFA", "DEBUG"):
        assert words not in done.stdout, done.stdout
    assert os.environ["DJANGO_SETTINGS_MODULE"]
