"""What a reorganisation wrote, so that it can be taken back row by row as long as nobody has changed the rows since."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.events import is_worked_out

SLICE = 500
Json = dict[str, Any]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(model: type[Model], name: str, value: Any) -> Any:
    field: Any = model._meta.get_field(name.removesuffix("_id"))
    return field.to_python(value) if value is not None and not field.is_relation else value


def _slices(keys: Iterable[int]) -> Iterable[list[int]]:
    found = list(keys)
    return (found[at : at + SLICE] for at in range(0, len(found), SLICE))


class Ledger:
    """`created` {model: [pk]}, `old` {model: {pk: {field: value before the first change}}}."""

    def __init__(self) -> None:
        self.created: dict[str, list[int]] = {}
        self.old: dict[str, dict[int, Json]] = {}
        self._made: dict[str, set[int]] = {}

    def create(self, rows: Iterable[Any]) -> None:
        """Save new rows."""
        rows = list(rows)
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=SLICE)
            label, keys = rows[0]._meta.label, [row.pk for row in rows]
            self.created.setdefault(label, []).extend(keys)
            self._made.setdefault(label, set()).update(keys)

    def made(self, row: Any) -> bool:
        """Whether the row came with this act."""
        return row.pk in self._made.get(row._meta.label, ())

    def remember(self, rows: Iterable[Any], *fields: str) -> None:
        """Keep the present values of fields that are about to change."""
        for row in rows:
            if not self.made(row):
                held = self.old.setdefault(row._meta.label, {}).setdefault(row.pk, {})
                for name in fields:
                    held.setdefault(name, _plain(getattr(row, name)))

    def update(self, rows: Iterable[Any], **values: Any) -> None:
        """Give rows the same new values."""
        rows = list(rows)
        if not rows:
            return
        self.remember(rows, *values)
        for keys in _slices(row.pk for row in rows):
            type(rows[0])._default_manager.filter(pk__in=keys).update(**values)
        for row in rows:
            for name, value in values.items():
                setattr(row, name, value)

    def inverse(self) -> Json:
        """As JSON, with the values as they are now, by which a later change is noticed."""
        return {"created": self.created, "old": self.old, "new": _now(self.old)}


def _now(old: dict[str, dict[int, Json]]) -> dict[str, dict[int, Json]]:
    """The present values of everything that was changed."""
    found: dict[str, dict[int, Json]] = {}
    for label, rows in old.items():
        model: Any = apps.get_model(label)
        names = sorted({name for values in rows.values() for name in values})
        for keys in _slices(rows):
            for row in model.objects.filter(pk__in=keys).values("pk", *names):
                told = rows[row["pk"]]
                found.setdefault(label, {})[row["pk"]] = {name: _plain(row[name]) for name in told}
    return found


def keyed(told: dict[str, dict[str, Json]]) -> dict[str, dict[int, Json]]:
    """The same with the numbers that JSON made texts."""
    return {label: {int(pk): values for pk, values in rows.items()} for label, rows in told.items()}


def check_untouched(inverse: Json) -> None:
    """Raise `Refused` naming the first row that somebody has changed or built on since."""
    if _now(keyed(inverse["old"])) != keyed(inverse["new"]):
        for label, rows in _now(keyed(inverse["old"])).items():
            told = keyed(inverse["new"]).get(label, {})
            for pk, values in told.items():
                if rows.get(pk) != values:
                    raise _built_on(apps.get_model(label), pk)
        raise Refused(_("Something that the reorganisation changed has been removed since, so it cannot be undone."))
    made = {label: set(keys) for label, keys in inverse["created"].items()}
    changed = {label: set(map(int, rows)) for label, rows in inverse["old"].items()}
    for label, keys in made.items():
        _check_alone(apps.get_model(label), keys, made, changed)


def _built_on(model: Any, pk: int) -> Refused:
    row = model.objects.filter(pk=pk).first()
    named = getattr(row, "person", None) or getattr(row, "user", None) or row or f"{model._meta.verbose_name} {pk}"
    return Refused(_("“%(name)s” has been changed since, so this cannot be undone.") % {"name": named})


def _check_alone(model: Any, keys: set[int], made: dict[str, set[int]], changed: dict[str, set[int]]) -> None:
    """No row of any room points to a created one but those that came or changed with it."""
    if model.objects.filter(pk__in=keys).count() != len(keys):
        raise Refused(_("Something that the reorganisation made has been removed since, so it cannot be undone."))
    for relation in _pointing_to(model):
        label = relation.related_model._meta.label
        if is_worked_out(label):
            continue
        own = made.get(label, set()) | changed.get(label, set())
        found = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": keys})
        other = next((pk for pk in found.values_list("pk", flat=True) if pk not in own), None)
        if other is not None:
            raise _built_on(relation.related_model, other)


def _pointing_to(model: Any) -> list[Any]:
    """Every relation by which rows of any room point to rows of a model, those without a name of their own too."""
    found = model._meta.get_fields(include_hidden=True)
    return [one for one in found if one.auto_created and not one.concrete and one.related_model is not None]


def restore(inverse: Json, *, skip: str) -> None:
    """Write the old values; the rows of model `skip` are the caller's to restore."""
    for label, rows in keyed(inverse["old"]).items():
        if label == skip:
            continue
        model: Any = apps.get_model(label)
        alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for pk, values in rows.items():
            alike.setdefault(tuple(sorted(values.items())), []).append(pk)
        for told, keys in alike.items():
            typed = {name: _typed(model, name, value) for name, value in told}
            for part in _slices(keys):
                model.objects.filter(pk__in=part).update(**typed)


def remove_created(inverse: Json, *, last: str) -> None:
    """Delete what was made, checked by `check_untouched`; rows of model `last` after all that point to them."""
    for label, keys in sorted(inverse["created"].items(), key=lambda pair: pair[0] == last):
        model: Any = apps.get_model(label)
        drop = [one for one in _pointing_to(model) if is_worked_out(one.related_model._meta.label)]
        for part in _slices(keys):
            for one in drop:
                one.related_model._default_manager.filter(**{f"{one.field.name}__in": part}).delete()
            found: QuerySet[Any] = QuerySet(model).filter(pk__in=part)
            found._raw_delete(found.db)
