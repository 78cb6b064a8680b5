"""What of assessments goes when a person is erased: texts typed in practice tasks, files handed in, proofs."""

from datetime import datetime
from typing import Any

from nanglucso.core.models import StoredFile
from nanglucso.measure.assessments.labtexts import clear_texts
from nanglucso.measure.assessments.models import Answer, LabRun, LateAnswer, OutsideCertificate
from nanglucso.workforce.people.services.erasing import remove_file


def forget(gone: Any, at: datetime) -> None:
    """Texts and files of `gone` (`core.erasing.Gone`); answers, scores and judged steps stay. Inside an act."""
    for run in LabRun.objects.filter(person__in=gone.people).select_related("version"):
        clear_texts(run, at)
    for model in (Answer, LateAnswer):
        rows = model._default_manager.filter(sitting__person__in=gone.people, item_version__item__type="file")
        for choice in rows.values_list("choice", flat=True):
            if isinstance(choice, dict) and choice.get("file"):
                remove_file(StoredFile.objects.filter(pk=choice["file"]).first())
    certificates = OutsideCertificate.objects.filter(person__in=gone.people).select_related("proof")
    for row in certificates:
        remove_file(row.proof)
    certificates.update(number="", reason="")
