"""Versions of frameworks: list, one version with its comments, edit, compare, review, publish."""

import uuid
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nanglucso.core.access import need, whole_city
from nanglucso.core.clock import now
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import comparing, queries, services, wording
from nanglucso.workforce.framework.forms import (
    AboutForm,
    AnswerForm,
    CommentForm,
    CompetenceForm,
    VersionForm,
    decimal_said,
)
from nanglucso.workforce.framework.models import Comment, Framework
from nanglucso.workforce.framework.outline import (
    BehaviourOutline,
    CompetenceOutline,
    LevelOutline,
    Outline,
    Words,
    outline,
    part_uid,
)
from nanglucso.workforce.framework.services import drafts
from nanglucso.workforce.framework.views.guard import may_change, may_publish, tried


@need("framework.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every framework and version that is held; drafts are shown to those who may comment."""
    rows = Framework.objects.annotate(
        size=Count("competences", distinct=True), scale=Count("levels", distinct=True)
    ).order_by("code", "-pk")
    if not request.access.may("framework.comment"):  # type: ignore[attr-defined]
        rows = rows.exclude(status__in=("draft", "review"))
    shown = {"rows": rows, "may_change": may_change(request), "crossings": queries.crossings()}
    return render(request, "framework/versions.html", shown)


def _readable(request: HttpRequest, pk: int) -> Framework:
    rows = Framework.objects.all()
    if not request.access.may("framework.comment"):  # type: ignore[attr-defined]
        rows = rows.exclude(status__in=("draft", "review"))
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, row: Framework, status: int = 200, **forms: Any) -> HttpResponse:
    others = Framework.objects.exclude(pk=row.pk).exclude(status="draft").order_by("code", "-pk")
    shown = {
        "row": row, "domains": queries.overview(row), "levels": list(zip(row.levels.all(), row.cuts, strict=False)),
        "comments": row.comments.select_related("author", "closed_by"), "others": others,
        "may_change": may_change(request), "may_publish": may_publish(request),
        "may_comment": request.access.may("framework.comment"),  # type: ignore[attr-defined]
        "own": row.asked_by_id == request.user.pk, "answer": AnswerForm(),
    }  # fmt: skip
    shown |= {"comment": CommentForm(), "version": VersionForm()} | forms
    return render(request, "framework/version.html", shown, status=status)


@need("framework.view")
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: levels, groups, competences, comments, and what can be done with it."""
    return _page(request, _readable(request, pk))


@need("framework.change")
@whole_city
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft made from this version."""
    row, form = get_object_or_404(Framework, pk=pk), VersionForm(request.POST)
    if form.is_valid():
        try:
            draft = services.start_draft(actor=request.user, source=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:version", draft.pk)
    return _page(request, row, 422, version=form)


ACTS = {
    "xem-xet": ("framework.change", services.ask_review, "The version is open to comments and closed to edits."),
    "mo-lai": ("framework.change", services.back_to_draft, "The version can be edited again."),
    "cong-bo": ("framework.publish", services.publish, "The version is published."),
    "xoa": ("framework.change", services.drop_draft, "The draft is deleted."),
}


@need("framework.comment")
@whole_city
@require_POST
def act_on(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Ask for a review, open again, publish, delete."""
    permission, service, said = ACTS[verb]
    if not request.access.may(permission):  # type: ignore[attr-defined]
        return redirect("framework:version", pk)
    row = _readable(request, pk)
    done = tried(request, str(wording.SAID[said]), service, draft=row, at=now())
    return redirect("framework:versions") if done and verb == "xoa" else redirect("framework:version", pk)


@need("framework.comment")
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of one place."""
    row, form = _readable(request, pk), CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment(actor=request.user, framework=row, at=now(), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:version", pk)
    return _page(request, row, 422, comment=form)


@need("framework.change")
@whole_city
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a comment and close it."""
    row, form = get_object_or_404(Comment, pk=pk), AnswerForm(request.POST)
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    tried(request, _("The comment is answered."), services.close_comment, row=row, answer=text, at=now())
    return redirect("framework:version", row.framework_id)


@need("framework.view")
@require_GET
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """What one version changes against another."""
    after, before = _readable(request, pk), _readable(request, other)
    was, now_ = outline(before), outline(after)
    found = comparing.compare(was, now_)
    groups = [(wording.KINDS[kind], [row for row in found if row.kind == kind]) for kind in comparing.KINDS]
    shown = {"after": after, "before": before, "groups": [g for g in groups if g[1]], "number": len(found)}
    shown |= {"was": _level_names(was), "now": _level_names(now_)}
    return render(request, "framework/compare.html", shown)


def _level_names(told: Outline) -> dict[str, str]:
    return {one.code: one.words.name for one in told.levels}


def _about(row: Framework) -> dict[str, Any]:
    pairs = zip(row.levels.all(), map(decimal_said, row.cuts), strict=False)
    lines = [f"{level.code}; {level.name_vi}; {level.name_en}; {cut}" for level, cut in pairs]
    told = {"name_vi": row.name_vi, "name_en": row.name_en, "note_vi": row.note_vi, "note_en": row.note_en}
    return told | {"levels": "\n".join(lines)}


@need("framework.change")
@whole_city
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, note, levels and cut points of a draft."""
    row = get_object_or_404(Framework, pk=pk)
    form = AboutForm(request.POST or None, initial=_about(row))
    if request.method == "POST" and form.is_valid():
        try:
            change = _with_about(row, form.cleaned_data)
            services.edit(actor=request.user, draft=row, change=change, what="about", at=now())  # type: ignore[arg-type]
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:version", pk)
    return render(request, "framework/edit.html", {"row": row, "form": form}, status=422 if form.errors else 200)


def _with_about(row: Framework, told: dict[str, Any]) -> Any:
    def change(held: Outline) -> Outline:
        by_code = {one.code: one for one in held.levels}
        levels = [_level(by_code.get(code), row, code, vi, en) for code, vi, en, _cut in told["levels"]]
        fields = {key: told[key] for key in ("name_vi", "name_en", "note_vi", "note_en")}
        return drafts.with_levels(drafts.with_about(held, fields), levels, [line[3] for line in told["levels"]])

    return change


def _level(old: LevelOutline | None, row: Framework, code: str, vi: str, en: str) -> LevelOutline:
    uid = old.uid if old else part_uid(row.code, "level", f"{code}/{row.version}")
    return LevelOutline(uid, code, Words(vi, en), old.principle_vi if old else "", old.principle_en if old else "")


@need("framework.change")
@whole_city
def competence(request: HttpRequest, pk: int, uid: uuid.UUID | None = None) -> HttpResponse:
    """One competence of a draft, or a new one."""
    row = get_object_or_404(Framework, pk=pk)
    told = outline(row)
    old = next((one for one in told.competences if one.uid == uid), None)
    if uid and old is None:
        return redirect("framework:version", pk)
    form = _competence_form(request, told, old)
    if request.method == "POST" and form.is_valid():
        try:
            _save_competence(request, row, old, form)
        except Refused as no:
            no.show_on(form)
        else:
            return redirect("framework:version", pk)
    shown = {"row": row, "old": old, "form": form}
    return render(request, "framework/competence_edit.html", shown, status=422 if form.errors else 200)


def _competence_form(request: HttpRequest, told: Outline, old: CompetenceOutline | None) -> CompetenceForm:
    groups = [(one.code, f"{one.code} {one.words.name}") for one in told.groups]
    levels = [(one.code, one.words.name) for one in told.levels]
    initial: dict[str, Any] = {}
    if old:
        initial = {"code": old.code, "group": old.group, "name_vi": old.words.name_vi, "name_en": old.words.name_en}
        for number, code in enumerate([*(one for one, _label in levels), ""]):
            said = [one.text_vi for one in told.behaviours if one.competence == old.code and one.level == code]
            initial[f"said_{number if levels else 0}"] = "\n".join(said)
    return CompetenceForm(request.POST or None, groups=groups, levels=levels, initial=initial)


def _save_competence(request: HttpRequest, row: Framework, old: CompetenceOutline | None, form: CompetenceForm) -> None:
    data = form.cleaned_data
    uid = old.uid if old else part_uid(row.code, "competence", f"{data['code']}/{row.version}")
    words = drafts.new_words(data["name_vi"], data["name_en"], old.words if old else None)
    fresh = CompetenceOutline(uid, data["code"], data["group"], words)
    if old:
        fresh = CompetenceOutline(
            uid, data["code"], data["group"], words, old.origin, old.facets_vi, old.facets_en, old.cuts
        )

    def change(held: Outline) -> Outline:
        if any(one.code == fresh.code and (old is None or one.uid != old.uid) for one in held.competences):
            text = _("The code %(code)s occurs twice; every part needs a code of its own.")
            raise Refused(text % {"code": fresh.code}, field="code")
        return drafts.with_competence(held, fresh, _behaviours(row, held, old, fresh.code, form))

    services.edit(actor=request.user, draft=row, change=change, what=fresh.code, at=now())  # type: ignore[arg-type]


def _behaviours(
    row: Framework, held: Outline, old: CompetenceOutline | None, code: str, form: CompetenceForm
) -> list[BehaviourOutline]:
    """Lines whose text stands already keep their names and English; the others are new behaviours."""
    mine = {(one.level, one.text_vi): one for one in held.behaviours if old and one.competence == old.code}
    taken = {one.ref for one in held.behaviours}
    made = []
    for level, lines in form.lines():
        for text in lines:
            same = mine.pop((level, text), None)
            number = 1
            while same is None and ".".join(filter(None, (code, level, f"n{number}"))) in taken:
                number += 1
            ref = same.ref if same else ".".join(filter(None, (code, level, f"n{number}")))
            taken.add(ref)
            uid = same.uid if same else part_uid(row.code, "descriptor", f"{ref}/{row.version}")
            made.append(BehaviourOutline(uid, ref, code, level, text, same.text_en if same else ""))
    return made


@need("framework.change")
@whole_city
@require_POST
def remove(request: HttpRequest, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Take a competence out of a draft."""
    row = get_object_or_404(Framework, pk=pk)
    tried(
        request, _("The competence is taken out."), services.edit, draft=row, what=f"- {uid}", at=now(),
        change=lambda told: drafts.without_competence(told, uid),
    )  # fmt: skip
    return redirect("framework:version", pk)
