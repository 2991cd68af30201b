"""Fenced code blocks: while one grows, nothing in it needs to be parsed, and where it ends, nothing more can change."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPENING = re.compile(r"(?:(?P<backticks>`{3,})[^`\n]*|(?P<tildes>~{3,})[^\n]*)\n")


@dataclass(frozen=True, slots=True)
class Fence:
    """The opening line of a code block that starts at the left margin.

    Attributes:
        marker: The run of backticks or tildes.
        length: Characters of the opening line, with its end.
    """

    marker: str
    length: int

    @classmethod
    def of(cls, text: str) -> Fence | None:
        """The fence that `text` begins with; None when it begins with something else."""
        opening = _OPENING.match(text)
        return None if opening is None else cls(opening["backticks"] or opening["tildes"], opening.end())

    def is_closed(self, text: str) -> bool:
        """Whether the block that starts `text` has its end in it."""
        return self.closes_in(text[self.length :])

    def closes_in(self, lines: str) -> bool:
        """Whether one of these lines ends the block, or may end it once the last one is complete.

        The same rule as marked's: up to three spaces, the marker, further marker characters, spaces.
        """
        return re.search(rf"^ {{0,3}}{self.marker}[~`]* *$", lines, re.MULTILINE) is not None

    def line_in(self, text: str) -> int:
        """Where the last line of the code starts in `text`, which the fence begins."""
        return max(text.rfind("\n") + 1, self.length)
