"""A made-up country for `benchmarks/country.py`: written by the database itself, into the product's own tables.

34 provinces of 100 communes; positions and framework as shipped. Everybody has an appointment and an account, nine in
ten of those in work a belief, the evidence and the sitting behind it, and the point of their trend. Names, beliefs and
answers repeat a pool; what a sitting began with (3.4 kB) and its answers one by one are left out. Whoever works in
commune n has a number near n, but a tenth are dealt over the whole country, as years of moving leave it.
"""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

PROVINCES, COMMUNES, POOL = 34, 100, 2_000
FAMILIES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Thạch Danh Sơn".split()  # noqa: SIM905
MIDDLES = "Văn;Thị;Hữu;Minh;Thị Kim;Ngọc;Quốc;Thanh;Thị Mỹ;Đức".split(";")  # noqa: SIM905
GIVEN = "An Ánh Bình Cường Dung Đăng Đức Hòa Hạnh Khánh Linh Mai Ngân Nghĩa Phúc Quỳnh Sang Thảo Yến".split()  # noqa: SIM905
MEASURED = "n % 10 <> 7 AND n % 20 <> 5"  # of those in work (n % 20 = 5: has left)
ACTS_A_YEAR, WORKDAYS, DAYS = 6, 250, 3  # acts on record a person a year; days of the log that are written


@contextmanager
def bare_tables(models: list[Any]) -> Iterator[None]:
    """Plain indexes off while rows pour in, back as they were afterwards; foreign keys are not looked up meanwhile."""
    from django.db import connection

    names = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)", [names],
        )  # fmt: skip
        kept = cursor.fetchall()
        for name, _made in kept:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        for _name, made in kept:
            cursor.execute(made)
        for name in names:
            cursor.execute(f'VACUUM (ANALYZE) "{name}"')


def pour(model: Any, told: dict[str, str], source: str) -> None:
    """INSERT … SELECT: `told` {column: SQL}; columns that are not told get the field's default, NULL or ''."""
    from django.db import connection

    columns, values, params = [], [], []
    for field in model._meta.concrete_fields:
        if field.column not in told and field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        if field.column in told:
            values.append(told[field.column])
            continue
        default = field.get_default() if field.has_default() else None if field.null else ""
        values.append("%s")
        params.append(field.get_db_prep_save(default, connection))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}',
            params,
        )
        if model._meta.pk.get_internal_type() == "BigAutoField":
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT MAX({key}) FROM \"{table}\"))"
            )


def build(people: int, seed: int) -> dict[str, Any]:
    """Fill an empty database."""
    from django.core.management import call_command

    from nanglucso.core.clock import now
    from nanglucso.core.models import RoleGrant, User
    from nanglucso.measure.assessments.models import Campaign, Sitting
    from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence
    from nanglucso.workforce.framework.services import load_framework
    from nanglucso.workforce.people.models import Appointment, Person
    from nanglucso.workforce.people.services import load_positions

    call_command("migrate", verbosity=0)
    at = now()
    framework = load_framework(at=at)
    load_positions(at=at)
    province = _units()
    rows = [User, RoleGrant, Person, Appointment, Belief, Evidence, BeliefPoint, Sitting]
    Campaign.objects.create(
        code="ca-nuoc", name_vi="Đợt dựng để đo", framework=framework, status="released",
        opens_at=at - timedelta(days=60), closes_at=at - timedelta(days=30),
    )  # fmt: skip
    with bare_tables(rows):
        _pools(framework, seed)
        _folk(people)
        _measured(people, framework)
        _viewers(province, people)
    _log(people, at)
    return {"people": people}


def _units() -> Any:
    """The country, its provinces and communes; returns the first province."""
    from nanglucso.kit.text import fold
    from nanglucso.workforce.people.models import Unit

    top = Unit.add_root(code="nuoc", name="Cả nước (dựng)", kind="city", fold="ca nuoc dung")
    made = []
    for p in range(1, PROVINCES + 1):
        name = f"Tỉnh Dựng {p:02d}"
        path = Unit._get_path(top.path, 2, p)
        made.append(Unit(code=f"t{p}", name=name, kind="tinh", fold=fold(name), path=path, depth=2, numchild=COMMUNES))
        for c in range(1, COMMUNES + 1):
            name = f"Xã Dựng {p:02d}.{c:02d}"
            below = {"path": Unit._get_path(path, 3, c), "depth": 3, "numchild": 0}
            made.append(Unit(code=f"t{p}x{c}", name=name, kind="xa", fold=fold(name), **below))
    Unit.objects.bulk_create(made)
    Unit.objects.filter(pk=top.pk).update(numchild=PROVINCES)
    return Unit.objects.get(code="t1")


def _table(name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
        cursor.executemany(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        cursor.execute(f"ANALYZE {name}")


def _pools(framework: Any, seed: int) -> None:
    """Names, units, positions and beliefs to draw from."""
    import numpy as np

    from nanglucso.measure.profiles import folding
    from nanglucso.workforce.people.models import Position, Unit
    from nanglucso.workforce.people.services.staff import name_fields

    rng, frame = np.random.default_rng(seed), folding.frame(framework)
    names = [name_fields(" ".join(parts)) for parts in itertools.product(FAMILIES, MIDDLES, GIVEN)]
    rng.shuffle(names)
    _table(
        "names",
        "k int, ho_dem text, ten text, sort_key text, fold text",
        [(k, *(one[part] for part in ("ho_dem", "ten", "sort_key", "fold"))) for k, one in enumerate(names)],
    )
    communes = Unit.objects.filter(depth=3).order_by("path").values_list("pk", flat=True)
    _table("places", "k int, unit bigint", list(enumerate(communes)))
    _table(
        "posts", "k int, position bigint", list(enumerate(Position.objects.order_by("pk").values_list("pk", flat=True)))
    )
    made = []
    for k in range(POOL):
        mean, mix = rng.normal(0.2, 0.8, frame.size), rng.normal(0, 0.15, (frame.size, frame.size))
        cov = mix @ mix.T + np.diag(rng.uniform(0.03, 0.2, frame.size))
        var, entries = np.diagonal(cov), _answers(rng, frame.codes)
        told = (json.dumps(mean.round(4).tolist()), json.dumps(np.sqrt(var).round(4).tolist()))
        made.append((k, *(folding.pack(one) for one in (mean, cov, np.array(var))), entries, *told))
    _table("beliefs", "k int, mean bytea, cov bytea, var bytea, entries text, points text, sds text", made)


def _answers(rng: Any, codes: Any) -> str:
    """Thirty answers as the ledger keeps them."""
    made = []
    for _ in range(30):
        a, b = round(float(rng.uniform(0.7, 2)), 3), round(float(rng.normal()), 3)
        what = {"k": codes[int(rng.integers(len(codes)))], "item": int(rng.integers(1, 900))}
        made.append({**what, "a": a, "b": b, "c": 0.2, "score": int(rng.integers(2))})
    return json.dumps(made)


def _folk(people: int) -> None:
    """Accounts, people and their places."""
    from nanglucso.core.models import Role, RoleGrant, User
    from nanglucso.workforce.people.models import Appointment, Person

    communes = PROVINCES * COMMUNES
    series = f"generate_series(1, {people}) AS n"
    name = "JOIN names ON names.k = ('x' || substr(md5(n::text), 1, 7))::bit(28)::int %% (SELECT COUNT(*) FROM names)"
    dealt = (
        f"CASE WHEN n %% 10 = 3 THEN (n * 7919::bigint) %% {communes} ELSE n::bigint * {communes} / {people + 1} END"
    )
    place = f"JOIN places ON places.k = {dealt}"
    post = "JOIN posts ON posts.k = (n * 31::bigint) %% (SELECT COUNT(*) FROM posts)"
    joined = "now() - interval '300 days'"
    pour(User, {
        "id": "n", "username": "'q' || n", "full_name": "ho_dem || ' ' || ten", "made_up": "true", "password": "'!'",
        "date_joined": joined, "last_login": "now() - (n %% 40) * interval '1 day'", "is_active": "n %% 20 <> 5",
    }, f"{series} {name}")  # fmt: skip
    pour(Person, {
        "id": "n", "uuid": "gen_random_uuid()", "user_id": "n", "staff_code": "'Q' || lpad(n::text, 7, '0')",
        "ho_dem": "ho_dem", "ten": "ten", "sort_key": "sort_key", "fold": "fold", "email": "'q' || n || '@vidu.gov.vn'",
        "birth_year": "1965 + n %% 37", "unit_id": "unit", "position_id": "position", "active": "n %% 20 <> 5",
        "made_up": "true",
    }, f"{series} {name} {place} {post}")  # fmt: skip
    who = "people_person AS p"
    pour(
        RoleGrant,
        {"user_id": "p.user_id", "role": f"'{Role.OFFICIAL}'", "unit_id": "p.unit_id", "granted_at": joined},
        f"{who} WHERE p.active",
    )
    pour(Appointment, {
        "person_id": "p.id", "unit_id": "p.unit_id", "position_id": "p.position_id", "since": "DATE '2025-07-01'",
        "until": "CASE WHEN NOT p.active THEN DATE '2026-03-01' END",
    }, who)  # fmt: skip


def _measured(people: int, framework: Any) -> None:
    """One sitting of everybody measured and what came of it."""
    from nanglucso.measure.assessments.models import Campaign, Sitting
    from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence

    measured = MEASURED.replace("%", "%%")
    series = f"generate_series(1, {people}) AS n JOIN beliefs ON beliefs.k = n %% {POOL} WHERE {measured}"
    when = "now() - interval '40 days' + (n %% 86400) * interval '1 second'"
    frame = str(framework.pk)
    pour(Sitting, {
        "id": "gen_random_uuid()", "campaign_id": str(Campaign.objects.get().pk), "person_id": "n",
        "status": "'scored'", "seq": "30", "started_at": when, "finished_at": when,
        "state": "'{\"required\": [], \"asked\": [], \"scores\": [], \"forbidden\": []}'::jsonb",
    }, series)  # fmt: skip
    pour(Evidence, {
        "id": "n", "person_id": "n", "kind": "'sitting'", "at": when, "source": "'sitting:' || n",
        "label": "'Đợt dựng để đo'", "entries": "entries::jsonb", "framework_id": frame,
    }, series)  # fmt: skip
    pour(Belief, {
        "person_id": "n", "framework_id": frame, "mean": "mean", "covariance": "cov", "variance": "var",
        "prior_mean": "mean", "measured": "true", "evidence_count": "1", "as_of": when,
        "revision": "('x' || substr(md5(n::text), 1, 10))::bit(40)::bigint",
    }, series)  # fmt: skip
    pour(BeliefPoint, {"framework_id": frame, "person_id": "n", "evidence_id": "n", "at": when,
                       "mean": "points::jsonb", "sd": "sds::jsonb"}, series)  # fmt: skip


def answers(share: float) -> str:
    """Thirty answers of a share of the sittings, with all indexes in place; what one takes on disk."""
    from django.db import connection

    from nanglucso.measure.assessments.models import Answer
    from nanglucso.workforce.people.models import Person

    most = int(share * Person.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        whose = f"(SELECT id, finished_at FROM assessments_sitting WHERE person_id <= {most}) AS s"
        told = {"sitting_id": "s.id", "seq": "k", "item_version_id": "k", "choice": "'2'::jsonb", "score": "k %% 2"}
        pour(
            Answer,
            {**told, "key": "gen_random_uuid()", "at": "s.finished_at"},
            f"{whose}, generate_series(1, 30) AS k",
        )
        cursor.execute("SELECT pg_total_relation_size('assessments_answer'), (SELECT COUNT(*) FROM assessments_answer)")
        size, number = cursor.fetchone()
    return f"{number} answers, {size / number:.0f} bytes each"


def _viewers(province: Any, people: int) -> None:
    """Accounts that ask: of the whole country, of a province, of a commune, and one official."""
    from nanglucso.core.clock import now
    from nanglucso.core.models import RoleGrant, User
    from nanglucso.workforce.people.models import Unit

    commune = Unit.objects.get(code="t1x1")
    for name, role, unit in (
        ("country", "training", None), ("province", "training", province), ("head", "head", commune),
        ("leader", "leader", None), ("auditor", "auditor", None),
    ):  # fmt: skip
        user = User.objects.create(username=name, full_name=f"Made up {name}", made_up=True)
        RoleGrant.objects.create(user=user, role=role, unit=unit, granted_at=now())


def _log(people: int, at: Any) -> None:
    """The log of the last days, chained by the product's own hand."""
    from django.db import transaction

    from nanglucso.core.audit import Entry, append

    a_day = people * ACTS_A_YEAR // WORKDAYS
    for day in range(DAYS, 0, -1):
        begun = at.replace(hour=1) - timedelta(days=day)
        for start in range(0, a_day, 5_000):
            with transaction.atomic():
                append(
                    Entry(begun + timedelta(seconds=n // 5), None, "", "profiles.view", None, 1 + n % people, {"n": n})
                    for n in range(start, min(a_day, start + 5_000))
                )
