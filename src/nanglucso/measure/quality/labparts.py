"""A practice task, or one competence of it, taken out of everybody's results: which rows, which codes."""

from typing import Any

from nanglucso.measure.assessments.models import LabSitting
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.quality.models import Correction

CHUNK = 500
IN_FORCE = (Correction.Status.APPLYING, Correction.Status.APPLIED)


def codes(correction: Correction) -> set[str]:
    """The competences that a correction of a practice task takes out."""
    assert correction.lab_version
    return {correction.competence} if correction.competence else set(correction.lab_version.body["score"])


def meant(correction: Correction, entry: dict[str, Any]) -> bool:
    """Whether a ledger entry is one that the correction takes out."""
    return entry.get("lab") == correction.lab_version_id and entry["k"] in codes(correction)


def rows_concerned(correction: Correction) -> list[Evidence]:
    """Ledger rows that hold such an entry now, in the order of the ledger."""
    sat = LabSitting.objects.filter(version=correction.lab_version_id).exclude(graded=[])
    people = list(sat.values_list("person", flat=True).distinct())
    found: list[Evidence] = []
    for start in range(0, len(people), CHUNK):
        rows = Evidence.objects.filter(
            person__in=people[start : start + CHUNK], kind=Evidence.Kind.PRACTICE, voids=None, voided_by=None
        ).select_related("person")
        found += [row for row in rows if any(meant(correction, entry) for entry in row.entries)]
    return sorted(found, key=lambda row: row.pk)


def set_aside(correction: Correction) -> None:
    """From here on no run of the task leaves evidence on these competences."""
    version = LabVersion.objects.select_for_update().get(corrections=correction.pk)
    version.put_aside({*version.set_aside, *codes(correction)})


def put_back(correction: Correction) -> None:
    """They count again, but for what another correction in force still takes out."""
    version = LabVersion.objects.select_for_update().get(corrections=correction.pk)
    others = version.corrections.filter(kind=Correction.Kind.NEUTRALISE, status__in=IN_FORCE)
    kept = {code for one in others.exclude(pk=correction.pk) for code in codes(one)}
    version.put_aside((set(version.set_aside) - codes(correction)) | kept)


def nothing_left(version: LabVersion, competence: str) -> bool:
    """Whether what is to be taken out counts nowhere any more, or never did."""
    scored = set(version.body["score"])
    return not ({competence} & scored if competence else scored) - set(version.set_aside)


def version_to_correct(code: str) -> LabVersion | None:
    """The version of the task with this code that people sat last, else its newest."""
    rows = LabVersion.objects.filter(lab__code=code).select_related("lab")
    sat = rows.filter(pk__in=LabSitting.objects.exclude(graded=[]).values("version"))
    return sat.order_by("-number").first() or rows.order_by("-number").first()
