"""Builders through real services. Every person made here is made up."""

from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count

from django.contrib.auth import get_user_model

from nanglucso.core.models import RoleGrant, User
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, Position, Unit

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PASSWORD = "mat-khau-thu-nghiem-1"
# A true picture: one black dot.
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
_number = count(1)


def at(days: float = 0, **delta: float) -> datetime:
    """A moment `days` after the anchor."""
    return AT + timedelta(days=days, **delta)


def framework() -> Framework:
    from nanglucso.workforce.framework.services import load_framework

    found = Framework.objects.filter(status=Framework.Status.PUBLISHED).first()
    return found or load_framework(at=AT)


def city() -> Unit:
    """The real unit tree with the shipped framework and positions; returns the root."""
    from nanglucso.workforce.people.services import load_positions, load_units

    framework()
    root = Unit.objects.filter(depth=1).first()
    if root is None:
        load_units(at=AT)
        load_positions(at=AT)
        root = Unit.objects.get(depth=1)
    return root


def unit(name: str = "Sở Nội vụ") -> Unit:
    """One real unit by name."""
    city()
    return Unit.objects.get(name=name)


def position(code: str = "") -> Position:
    city()
    query = Position.objects.filter(is_generic=False)
    return query.get(code=code) if code else query.order_by("code").first()


@lru_cache
def _hashed(password: str) -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(password)


def user(role: str = "official", unit: Unit | None = None, username: str = "") -> User:
    """A made-up log-in with one role; without a unit the role covers the city."""
    number = next(_number)
    row = get_user_model().objects.create(
        username=username or f"thu{number}", full_name=f"Người Thử {number}", password=_hashed(PASSWORD), made_up=True
    )
    RoleGrant.objects.create(user=row, role=role, unit=unit, granted_at=AT - timedelta(days=400))
    return row


def person(
    name: str = "", *, unit: Unit | None = None, position: Position | None = None, login: bool = False, **fields: object
) -> Person:
    """A made-up person appointed in a unit; with `login` also an official's account."""
    from nanglucso.workforce.people.services import add_person

    number = next(_number)
    row = add_person(
        actor=None,
        name=name or f"Lê Thị Thử {number}",
        unit=unit or globals()["unit"](),
        position=position or globals()["position"](),
        staff_code=fields.pop("staff_code", f"TT{number:05d}"),
        since=fields.pop("since", date(2025, 7, 1)),
        made_up=True,
        at=AT,
        **fields,
    )
    if login:
        row.user = user("official", unit=row.unit)
        row.save(update_fields=["user"])
    return row


def bank() -> None:
    """The shipped items."""
    from nanglucso.measure.bank.models import Item
    from nanglucso.measure.bank.services import load_items

    if not Item.objects.exists():
        load_items(framework=framework(), at=AT)


def catalogue() -> None:
    """The shipped courses and rates."""
    from nanglucso.develop.budget.services import load_rates
    from nanglucso.develop.plans.models import Course
    from nanglucso.develop.plans.services import load_catalogue

    if not Course.objects.exists():
        load_rates(at=AT)
        load_catalogue(framework=framework(), at=AT)


def everything_shipped() -> None:
    """Framework, units, positions, items, courses, rates."""
    city()
    bank()
    catalogue()


def campaign(*, opened: bool = True, people: list[Person] | None = None, **rules: object) -> object:
    """An open campaign over the shipped bank, assigned to `people`."""
    from nanglucso.measure.assessments.services import assign, create_campaign, open_campaign

    bank()
    row = create_campaign(
        actor=None, code=f"dot-{next(_number)}", name_vi="Đợt thử", name_en="Trial", framework=framework(),
        opens_at=AT, closes_at=at(30), at=AT, **rules,
    )  # fmt: skip
    if opened:
        open_campaign(actor=None, campaign=row, at=AT)
        assign(actor=None, campaign=row, people=Person.objects.filter(pk__in=[p.pk for p in people or []]), at=AT)
    return row


def right_choice(version: object) -> object:
    """The choice that scores highest on an item version."""
    answer, kind = version.key["answer"], version.item.type
    if kind in ("numeric", "cloze"):
        return str(answer).replace(".", ",") if kind == "numeric" else answer
    return answer


def form_fields(version: object, choice: object) -> dict[str, object]:
    """The fields of the question's form that say this choice."""
    if isinstance(choice, dict):
        return {f"m_{key}": value for key, value in choice.items()}
    return {"step" if version.item.type == "order" else "a": choice}


def wrong_choice(version: object) -> object:
    """A choice of the right shape that scores lowest."""
    from nanglucso.measure.bank.scoring import regions

    body, key, kind = version.body, version.key, version.item.type
    if kind in ("single", "sjt"):
        return min(key["scores"], key=key["scores"].get)
    if kind == "multiple":
        others = [o["key"] for o in body["options"] if o["key"] not in key["answer"]]
        return (others + key["answer"])[: body.get("choose") or 1]
    if kind == "order":
        return key["answer"][::-1]
    if kind == "match":
        return {k: next(r["key"] for r in body["right"] if r["key"] != v) for k, v in key["answer"].items()}
    if kind == "hotspot":
        return next(k for k in regions(body) if k != key["answer"] and k not in key["accept"])
    return "-98765" if kind == "numeric" else "không rõ"


def handed_in(sitting: object, seq: int = 90) -> object:
    """A small workbook as an answer of a test, kept as the test's door keeps it; it waits for raters."""
    import hashlib
    import io
    import uuid
    import zipfile
    from pathlib import Path

    from django.conf import settings

    from nanglucso.core.models import StoredFile
    from nanglucso.kit.filekinds import KINDS
    from nanglucso.measure.assessments import uploading
    from nanglucso.measure.assessments.models import Answer
    from nanglucso.measure.bank.models import ItemVersion

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    data = packed.getvalue()
    key, folder = uuid.uuid4(), Path(settings.MEDIA_ROOT) / uploading.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / key.hex).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    StoredFile.objects.create(
        id=key, kind=uploading.KIND, name="bai.xlsx", content_type=KINDS["xlsx"], size=len(data), sha256=digest,
        path=f"{uploading.FOLDER}/{key.hex}", created_at=AT,
    )  # fmt: skip
    version = ItemVersion.objects.filter(item__type="file", current=True).order_by("pk").first()
    choice = {"file": key.hex, "sha256": digest, "size": len(data), "kind": "xlsx"}
    return Answer.objects.create(
        sitting=sitting, seq=seq, item_version=version, choice=choice, score=None, key=uuid.uuid4(), at=AT
    )


def certificate(person: Person, rule: str = "ud-cntt-co-ban", day: date = date(2025, 3, 2), **told: object) -> object:
    """An outside certificate entered by its holder, with a small picture file as proof; it waits for a look."""
    from io import BytesIO

    from nanglucso.measure.assessments import certifying

    proof = BytesIO(PNG)
    given = {"number": "A 12", "name": "chung-chi.png", "at": AT} | told
    return certifying.enter(actor=person.user, person=person, rule=rule, issued_on=day, proof=proof, **given)
