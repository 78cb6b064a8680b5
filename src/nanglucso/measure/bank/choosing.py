"""The fields of a posted question as the item's choice."""

from typing import Any

from django.http import QueryDict


def choice_of(data: QueryDict, type_: str, body: dict[str, Any]) -> Any:
    """A choice in the shape that `scoring.score` takes; it may still be a bad one."""
    if type_ == "multiple":
        return data.getlist("a")
    if type_ == "order":
        return data.getlist("step")
    if type_ == "match":
        return {row["key"]: data.get(f"m_{row['key']}", "") for row in body["left"]}
    return data.get("a", "").strip()
