"""What a service says when it will not do what was asked."""


class Refused(Exception):
    """A service's one clear sentence (translated, lazy) for the person who asked; nothing was changed."""

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
