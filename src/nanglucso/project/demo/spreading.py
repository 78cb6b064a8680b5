"""The library of the demo city and two campaigns: one that is late, one that is under way."""

from datetime import timedelta
from typing import Any

from nanglucso.core.scope import EVERYTHING
from nanglucso.govern.outreach import services
from nanglucso.govern.outreach.models import Campaign, LawDocument, Reading
from nanglucso.govern.outreach.queries import receipts_at
from nanglucso.govern.outreach.reminding import remind_due
from nanglucso.govern.outreach.shuffling import option_order
from nanglucso.govern.outreach.stages import Stage
from nanglucso.govern.outreach.texts import asked
from nanglucso.workforce.people.models import Person

READERS = 30


def fill(city: Any, days: float) -> None:
    """Register and summaries loaded `days` from the anchor; the people with a log-in have begun nothing."""
    officer, at = city.logins["training"], city.at(days)
    register = services.read_shipped_register(actor=officer, at=at)
    services.apply_register(actor=officer, row=register, at=at)
    services.load_documents(at=at)
    late = _campaign(city, "91/2025/QH15", days, 8, Campaign.FollowUp.HEAD)
    now = _campaign(city, "148/2025/QH15", -4, 16, Campaign.FollowUp.TASK)
    own = {user.person.pk for user in city.logins.values()}
    for row in (late, now):
        people = [
            one.person for one in row.receipts.select_related("person").order_by("pk") if one.person_id not in own
        ]
        for n, person in enumerate(people[:READERS]):
            _read(person, row, city.at(-3) + timedelta(minutes=n), far=n % 4)
    known = receipts_at(scope=EVERYTHING, campaign=late, stage=Stage.UNDERSTOOD).values_list("person", flat=True)
    if known:
        services.confirm(actor=city.logins["head"], campaign=late, people=known[:2], scope=EVERYTHING, at=city.at(-2))
    remind_due(at=city.at(-1))


def _campaign(city: Any, number: str, days: float, length: int, follow_up: str) -> Campaign:
    officer, at = city.logins["training"], city.at(days)
    wanted = services.Wanted(
        due=(at + timedelta(days=length)).date(), follow_up=follow_up,
        task="Rà một mẫu phiếu của đơn vị, bỏ giấy tờ đã có trong dữ liệu dùng chung." if follow_up == "task" else "",
        note="Đề nghị các đồng chí đọc và trả lời trước ngày hạn.",
    )  # fmt: skip
    row = services.create(
        actor=officer, document=LawDocument.objects.get(number=number), wanted=wanted, scope=EVERYTHING, at=at
    )
    Campaign.objects.filter(pk=row.pk).update(status=Campaign.Status.OPENING, epoch=row.document.epoch)
    row.refresh_from_db()
    services.open_campaign(actor=officer, campaign=row, at=at)
    row.refresh_from_db()
    return row


def _read(person: Person, campaign: Campaign, at: Any, *, far: int) -> Reading:
    """Far 0: opened; 1: read; 2 and 3: understood."""
    row = services.begin(actor=person.user, person=person, document=campaign.document, at=at)
    for _ in range(7 if far else 0):
        at += timedelta(seconds=25)
        row = services.beat(reading_id=row.pk, person_id=person.pk, at=at)
    if far > 1 and row.read_at:
        version = campaign.document.live
        assert version is not None
        given = {
            n: option_order(row, n, len(one.options)).index(one.key)
            for n, one in enumerate(asked(version.checks_vi), 1)
        }
        services.answer(
            actor=person.user, reading_id=row.pk, person_id=person.pk, version=version.pk, round=1, given=given, at=at
        )
    return row
