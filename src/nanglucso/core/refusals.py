"""What a service says when it will not do what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.forms import Form


class Refused(Exception):
    """A service's one clear sentence (translated, lazy) for the person who asked; nothing was changed."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field

    def show_on(self, form: Form) -> None:
        """Put the sentence at the field that it is about, or above a form that has no such field."""
        form.add_error(self.field if self.field in form.fields else None, str(self.message))
