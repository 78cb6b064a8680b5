"""Rows of a rehearsal of exam day: in the same tables as the real ones, and met only by whoever asks for them."""

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Real(models.Manager[Row]):
    """All rows but those of a rehearsal, for which `mark` is true. A model with the field names it before others."""

    def __init__(self, mark: str = "rehearsal") -> None:
        super().__init__()
        self.mark = mark

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(**{self.mark: False})
