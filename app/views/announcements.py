"""What a screen reader says of a streamed answer: whole sentences in a polite live region, nobody sees it."""

from __future__ import annotations

from collections.abc import Iterable

from app.browser import dom

KEPT = 20
"""Sentences that stay in the region: enough for a screen reader that lags, few enough to cost nothing."""


class Announcements:
    """Says sentences, in their order."""

    def __init__(self) -> None:
        """Use the region of index.html."""
        self._region = dom.by_id("announcements")

    def say(self, sentences: Iterable[str]) -> None:
        """Add sentences; each is announced once."""
        for sentence in sentences:
            self._region.append(dom.create("p", sentence, dir="auto"))
        while self._region.childElementCount > KEPT:
            self._region.firstElementChild.remove()
