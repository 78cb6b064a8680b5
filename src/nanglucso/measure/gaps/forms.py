"""Forms of the gap room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.measure.gaps import heat
from nanglucso.measure.gaps.previewing import LOWER, RAISE, SET, Change
from nanglucso.measure.profiles.folding import frame
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Position, PositionFamily

FAMILY, POSITION, DOMAIN, COMPETENCE = "f", "p", "d", "c"


class PreviewForm(forms.Form):
    """Whose requirement changes, in what, and how."""

    who = forms.ChoiceField(label=_("Position or group of positions"))
    what = forms.ChoiceField(label=_("Competence"))
    how = forms.ChoiceField(label=_("Change"))

    def __init__(self, *args: Any, framework: Framework, held: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework, self.cols = framework, heat.columns(framework, heat.EVERY)
        families = PositionFamily.objects.filter(positions__in=held).distinct().order_by("name_vi")
        positions = Position.objects.filter(pk__in=held).order_by("name")
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (_("Groups of positions"), [(f"{FAMILY}:{row.code}", row.name) for row in families]),
            (_("Single positions"), [(f"{POSITION}:{row.code}", row.title) for row in positions]),
        ]
        domains = [(f"{DOMAIN}{row.code}", row.short) for row in self.cols.domains]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (_("Competences"), [(f"{COMPETENCE}{c.code}", f"{c.code} {c.short}") for c in self.cols.competences]),
            (_("Whole domains"), domains),
        ]
        labels = frame(framework).labels
        levels = [(f"{SET}{n}", _("Require %(level)s") % {"level": labels[n]}) for n in range(1, len(labels))]
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            (RAISE, _("One level higher")), (LOWER, _("One level lower")), *levels, (f"{SET}0", _("Not required")),
        ]  # fmt: skip

    def change(self) -> Change:
        """The change asked for; the form is valid."""
        who, what, how = (str(self.cleaned_data[name]) for name in ("who", "what", "how"))
        code = what[1:]
        chosen = [c for c in self.cols.competences if code == (c.code if what[0] == COMPETENCE else c.domain.code)]
        model = PositionFamily if who[0] == FAMILY else Position
        key, level = model.objects.get(code=who[2:]).pk, int(how[len(SET) :]) if how.startswith(SET) else 0
        family, position = (key, None) if who[0] == FAMILY else (None, key)
        return Change(tuple(c.index for c in chosen), SET if how.startswith(SET) else how, family, position, level)


class DaysForm(forms.Form):
    """Two days, as known on which today's people are compared."""

    since = DayField(label=_("From"))
    until = DayField(label=_("to"))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """The first day comes before the second, and neither lies in the future."""
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The second day must come after the first."))
        if until and until > self.today:
            self.add_error("until", _("This day lies in the future; nothing is known of it yet."))
        return told
