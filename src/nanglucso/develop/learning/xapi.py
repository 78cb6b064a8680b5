"""Finished lessons as statements of the Experience API 1.0.3 (ADL, xAPI-Data.md), one JSON object a line.

The person is an account: the house's address and the record's UUID, no name and no mail. The id of a statement is
computed from the study, so that a second export holds the same statements.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from nanglucso.develop.learning.models import Study
from nanglucso.develop.learning.passing import rights
from nanglucso.develop.learning.questions import WANTED

VERSION = "1.0.3"
COMPLETED = {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed", "vi": "đã hoàn thành"}}
LESSON = "http://adlnet.gov/expapi/activities/lesson"
SPACE = uuid.UUID("3d6b7c1e-8d0f-5b0a-9b53-6a2d3c0b9f41")


def duration(seconds: float) -> str:
    """Seconds as an ISO 8601 duration."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    return f"PT{minutes}M{rest}S" if minutes else f"PT{rest}S"


def statement(study: Study, home: str) -> dict[str, Any]:
    """One finished study; `home`: address of the house, no slash at its end. Raises ValueError when unfinished."""
    if study.finished_at is None:
        raise ValueError(f"study {study.pk} is not finished")
    version, right = study.version, rights(study)
    name = {"vi": version.title_vi} | ({"en": version.title_en} if version.title_en else {})
    return {
        "id": str(uuid.uuid5(SPACE, f"completed/{study.pk}")),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": str(study.person.uuid)}},
        "verb": COMPLETED,
        "object": {
            "objectType": "Activity",
            "id": f"{home}/hoc/bai/{version.lesson.code}/",
            "definition": {"type": LESSON, "name": name},
        },
        "result": {
            "completion": True,
            "success": True,
            "duration": duration(study.seconds),
            "score": {"raw": right, "min": 0, "max": WANTED, "scaled": round(right / WANTED, 4)},
        },
        "context": {
            "registration": str(study.pk),
            "revision": str(version.number),
            "platform": "Năng Lực Số",
            "language": "vi",
        },
        "timestamp": study.finished_at.isoformat(),
        "version": VERSION,
    }


def lines(studies: Iterable[Study], home: str) -> str:
    """Statements of these studies as JSON lines."""
    return "".join(json.dumps(statement(one, home), ensure_ascii=False) + "\n" for one in studies)
