"""The library and the campaigns as lists."""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from nanglucso.core.scope import Scope
from nanglucso.govern.outreach.models import Campaign, LawDocument, Receipt, RegisterImport
from nanglucso.govern.outreach.queries.mine import lagging
from nanglucso.kit.text import fold


@dataclass(frozen=True)
class Wanted:
    """What the library is cut to; `readable`: only documents with a summary."""

    text: str = ""
    standing: str = ""
    readable: bool = False


def documents(wanted: Wanted) -> QuerySet[LawDocument]:
    """The library, which is the same for everybody: those with a summary first, then the newest."""
    found = LawDocument.objects.select_related("live")
    for word in fold(wanted.text).split():
        found = found.filter(fold__contains=word)
    if wanted.standing in LawDocument.Standing.values:
        found = found.filter(standing=wanted.standing)
    if wanted.readable:
        found = found.filter(live__isnull=False)
    unread = ExpressionWrapper(Q(live__isnull=True), output_field=BooleanField())
    return found.order_by(unread, "-issued", "number", "pk")


def registers() -> QuerySet[RegisterImport]:
    """Every register that was read, newest first."""
    return RegisterImport.objects.select_related("read_by")


def campaigns(*, scope: Scope) -> QuerySet[Campaign]:
    """Campaigns that reach somebody in scope; the whole city's viewers see those being prepared too."""
    found = Campaign.objects.select_related("document", "job", "created_by")
    if scope.everything:
        return found
    return found.filter(Exists(Receipt.objects.filter(scope.units("person__unit__path"), campaign=OuterRef("pk"))))


def own_campaigns(*, scope: Scope, user_id: int) -> QuerySet[Campaign]:
    """As `campaigns`, with those that the viewer prepared."""
    return Campaign.objects.filter(
        Q(pk__in=campaigns(scope=scope).values("pk")) | Q(created_by=user_id)
    ).select_related("document", "job", "created_by")


def late_for(*, scope: Scope) -> QuerySet[Campaign]:
    """Open campaigns of which the heads were told, with people of the scope still behind."""
    behind = lagging(Receipt.objects.filter(scope.units("person__unit__path"), campaign=OuterRef("pk")))
    return Campaign.objects.filter(status=Campaign.Status.OPEN, escalated_on__isnull=False).filter(Exists(behind))
