"""One sentence about one line of a lesson."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Rule code (L = stops publishing, W = listed), line of the file from 1, what to do."""

    code: str
    line: int
    text: str

    @property
    def stops(self) -> bool:
        return not self.code.startswith("W")
