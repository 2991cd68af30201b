"""A fenced code block that has no end yet: while it grows, nothing in it needs to be parsed."""

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
        """The fence that `text` begins with; None when it begins with something else, or with a block that ends."""
        opening = _OPENING.match(text)
        if opening is None:
            return None
        fence = cls(opening["backticks"] or opening["tildes"], opening.end())
        return None if fence.closes_in(text[fence.length :]) else fence

    def closes_in(self, lines: str) -> bool:
        """Whether one of these lines ends the block, or may end it once the last one is complete.

        The same rule as marked's: up to three spaces, the marker, further marker characters, spaces.
        """
        return re.search(rf"^ {{0,3}}{self.marker}[~`]* *$", lines, re.MULTILINE) is not None
