"""Finding by a few letters, as people type them into a command palette: “nc” finds “New conversation”."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

WORD_START = 8.0
IN_A_ROW = 5.0
FAR = 0.2
"""What a letter counts at the start of a word, right after the one before, and the loss for each letter skipped."""


def rank(query: str, items: Iterable[T], label: Callable[[T], str]) -> list[T]:
    """The items whose label holds the letters of `query` in their order, best first; all of them for no query."""
    letters = fold(query).replace(" ", "")
    if not letters:
        return list(items)
    found = [(score(letters, fold(label(item))), number, item) for number, item in enumerate(items)]
    kept = [(-points, number, item) for points, number, item in found if points is not None]
    return [item for _, _, item in sorted(kept, key=lambda each: each[:2])]


def fold(text: str) -> str:
    """The text without case and accents: “Über” and “uber” are the same to somebody in a hurry."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def score(letters: str, text: str) -> float | None:
    """How well `letters` (folded, not empty) fit `text` (folded); None when they do not stand in it in this order.

    The best way to place them counts, found in `len(letters) * len(text)` steps.
    """
    best: list[float | None] = [0.0] * (len(text) + 1)
    # best[end] is the most that the letters so far are worth when the last of them stands at text[end - 1].
    for number, letter in enumerate(letters):
        following: list[float | None] = [None] * (len(text) + 1)
        reach: float | None = None
        for position, character in enumerate(text):
            if reach is not None:
                reach -= FAR
            before = best[position]
            if before is not None:
                reach = before if reach is None else max(reach, before)
            if character == letter and reach is not None:
                is_start = position == 0 or not text[position - 1].isalnum()
                alone = reach + (WORD_START if is_start else 0.0)
                in_a_row = None if number == 0 or before is None else before + IN_A_ROW
                following[position + 1] = alone if in_a_row is None else max(alone, in_a_row)
        best = following
    worth = [points for points in best if points is not None]
    return max(worth) - FAR * len(text) / 10 if worth else None
