"""The second reader's desk: answer blind, then see the key and decide."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nanglucso.core.access import need
from nanglucso.core.clock import now, today
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank import authoring, drafting
from nanglucso.measure.bank.choosing import choice_of
from nanglucso.measure.bank.forms import BlindForm, FileVerdictForm, VerdictForm
from nanglucso.measure.bank.models import ItemDraft
from nanglucso.measure.bank.previewing import preview
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.measure.bank.views.drafts import found


def _blind(request: HttpRequest, row: ItemDraft, form: BlindForm, status: int = 200) -> HttpResponse:
    shown = {"draft": row, "p": preview(row.raw, today()), "form": form, "about": drafting.about(row.raw)}
    shown |= {"typed": request.POST.get("a", ""), "least": authoring.LEAST_OUTLINE}
    return render(request, "bank/reading_blind.html", shown, status=status)


def _answer(request: HttpRequest, row: ItemDraft) -> HttpResponse:
    form = BlindForm(request.POST, levels=drafting.level_choices())
    if not form.is_valid():
        return _blind(request, row, form, 422)
    data = request.POST.copy()
    if row.raw["type"] == "order":
        data.setlist("step", drafting.placed(data, row.raw))
    choice = choice_of(data, row.raw["type"], row.raw)
    try:
        authoring.solve_blind(actor=request.user, draft=row, choice=choice, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as no:
        form.add_error(None, str(no))
        return _blind(request, row, form, 422)
    return redirect("bank:reading", row.pk)


@need("bank.change")
def reading(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First the question without its key; after the reader's own answer the key and the verdict."""
    row = found(pk)
    mine = row.readings.filter(round=row.round, reader=request.user.pk).first()
    if row.author_id == request.user.pk or row.state != ItemDraft.State.READING:
        messages.error(request, _("This draft does not wait for your reading."))
        return redirect("bank:draft", pk)
    if mine is None:
        if request.method == "POST":
            return _answer(request, row)
        return _blind(request, row, BlindForm(levels=drafting.level_choices()))
    handed = row.raw["type"] == "file"
    kind = FileVerdictForm if handed else VerdictForm
    form, level = kind(request.POST or None), drafting.place(row.raw)["level"].number
    if request.method == "POST" and form.is_valid():
        try:
            authoring.judge(actor=request.user, draft=row, level=level, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            messages.success(request, _("The verdict is kept; the author sees it."))
            return redirect("bank:draft", pk)
    elif request.method != "POST":
        authoring.note_draft_key_read(actor=request.user, draft=row, at=now())  # type: ignore[arg-type]
    shown = {
        "draft": row, "p": preview(row.raw, today()), "form": form, "mine": mine, "about": drafting.about(row.raw),
        "handed": handed, "why_not": "" if handed else authoring.may_accept(row, mine, level),
        "right": mine.score == STEPS[row.raw["type"]],
        "level_said": drafting.level_label(mine.level), "near": abs(mine.level - level) == 1, "sees_key": True,
    }  # fmt: skip
    return render(request, "bank/reading.html", shown, status=422 if form.errors else 200)
