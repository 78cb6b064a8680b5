"""Site → the text of every file; sizes and timeouts come from the tables that the program itself runs by."""

from pathlib import Path
from string import Template

from nanglucso.project.deploy.site import Site
from nanglucso.project.timeouts import REST, SITTINGS

THREADS = 4
SPARE_CONNECTIONS = 20
TEMPLATES = Path(__file__).parent / "templates"


class _Form(Template):
    """`!{name}`: nginx has its own dollars."""

    delimiter = "!"


def _filled(form: str, /, **told: object) -> str:
    return _Form((TEMPLATES / form).read_text(encoding="utf-8")).substitute(told)


def processes(site: Site) -> tuple[int, int]:
    """Web processes for tests and for the rest."""
    return (max(1, site.processors // 2), max(1, site.processors // 4)) if site.grouped else (1, 0)


def connections(site: Site) -> int:
    """Every pool full, two workers, and a reserve for people and programs."""
    sittings, rest = processes(site)
    return sittings * SITTINGS.pool_max + (rest + 2) * REST.pool_max + SPARE_CONNECTIONS


def _nginx(site: Site, run: str, http_port: int, https_port: int) -> str:
    sittings, rest = processes(site)
    return _filled(
        "nginx.conf", run=run, http_port=http_port, https_port=https_port, host=site.host,
        certificate=site.certificate, certificate_key=site.certificate_key, sittings_port=site.port,
        rest_port=site.port + 1 if site.grouped else site.port, sittings_at_once=4 * THREADS * sittings,
        rest_at_once=4 * THREADS * max(1, rest), sittings_connect=SITTINGS.connect, sittings_read=SITTINGS.read,
        rest_connect=REST.connect, rest_read=REST.read,
    )  # fmt: skip


def _units(site: Site, env: str) -> dict[str, str]:
    sittings, rest = processes(site)
    serve = f"{site.program}/nanglucso serve --no-worker --threads {THREADS}"
    groups = {"nanglucso": (f"{serve} --port {site.port}", "every page")}
    if site.grouped:
        groups = {
            "nanglucso-sittings": (f"{serve} --only sittings --port {site.port} --processes {sittings}", "tests"),
            "nanglucso-rest": (f"{serve} --only rest --port {site.port + 1} --processes {rest}", "pages"),
        }
    groups["nanglucso-worker"] = (f"{site.program}/nanglucso worker", "background work")
    after = "postgresql.service" if site.grouped else ""
    return {
        f"{name}.service": _filled(
            "unit.service", description=f"Năng Lực Số: {words}", command=command, user=site.user, env=env,
            home=site.home, after=after,
        )
        for name, (command, words) in groups.items()
    }  # fmt: skip


def _receivers(site: Site) -> dict[str, str]:
    """One unit for each machine that keeps the log."""
    return {
        f"receiver-{name}.service": _filled(
            "receiver.service", name=name, user=site.user, host=site.host, home=site.home
        )
        for name in site.receivers
    }


def _environment(site: Site) -> str:
    told = {
        "NLS_HOME": site.home, "NLS_ALLOWED_HOSTS": f"{site.host},127.0.0.1", "NLS_HTTPS": "1", "NLS_PROXIES": "1",
        "NLS_PUBLIC_URL": f"https://{site.host}", "NLS_TRUSTED_ORIGINS": f"https://{site.host}",
        "NLS_TLS_CERT": site.certificate, "NLS_LOG_LEVEL": "INFO", "NLS_BACKUP_KEY_FILE": f"{site.home}/backup.key",
    }  # fmt: skip
    if site.grouped:
        told["NLS_DATABASE_URL"] = f"postgres://{site.user}@/{site.user}?host=/var/run/postgresql"
    return "".join(f"{name}={value}\n" for name, value in told.items())


def files(site: Site, *, run: str = "/var/log/nginx", http_port: int = 80, https_port: int = 443) -> dict[str, str]:
    """Name → text. `run` and the ports are others only where the files are tried out."""
    made = {"nginx.conf": _nginx(site, run, http_port, https_port), "nanglucso.env": _environment(site)}
    made |= _units(site, "/etc/nanglucso/nanglucso.env")
    made["alerts.yml"] = _filled("alerts.yml")
    if site.grouped:
        made |= _receivers(site)
        names = ", ".join(site.receivers)
        made["postgresql.conf"] = _filled(
            "postgresql.conf", user=site.user, standbys=f"ANY 1 ({names})" if names else "",
            connections=connections(site), shared_mb=256 * site.memory_gb, cache_mb=512 * site.memory_gb,
            work_mb=max(4, 256 * site.memory_gb // connections(site)),
        )  # fmt: skip
    return made
