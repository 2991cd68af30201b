"""Estimating how many tokens a text has, for gauges and trimming: near enough to decide by, never billed by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.messages import PromptMessage

MESSAGE_OVERHEAD = 4
"""Tokens that a chat template spends around one message: two markers, the role and a line break."""

IMAGE_TOKENS = 600
"""Tokens of an image, about what common vision models spend on a medium one."""

_WIDE = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00010000-\U0010ffff]"
)
"""Characters that tokenizers of mostly Latin vocabularies split into about one token each."""

_WORD = re.compile(r"[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]")
"""What tokenizers separate in Latin text: words, groups of up to three digits, single signs."""

_LETTERS_PER_TOKEN = 6.5
"""A common word is one token, a longer one breaks: measured over English prose and Python with byte-level BPE."""

_MOST_KNOWN = 4000
"""Messages whose estimates are remembered: more than one conversation has."""

_SAMPLE = 20_000
"""Characters that are really looked at; the rest of a longer text is taken to be like them."""


def estimate(text: str) -> int:
    """About how many tokens `text` has; 0 only for an empty text. Fast for a text of any length."""
    if not text:
        return 0
    if len(text) > _SAMPLE:
        return int(estimate(text[:_SAMPLE]) * len(text) / _SAMPLE)
    wide = len(_WIDE.findall(text))
    pieces = _WORD.findall(_WIDE.sub(" ", text) if wide else text)
    return max(1, wide + sum(1 + int(len(piece) / _LETTERS_PER_TOKEN) for piece in pieces))


def estimate_message(message: PromptMessage) -> int:
    """About how many tokens a model reads for one message."""
    return MESSAGE_OVERHEAD + estimate(message.text) + IMAGE_TOKENS * len(message.images)


def estimate_prompt(messages: Iterable[PromptMessage]) -> int:
    """About how many tokens a model reads for these messages."""
    return sum(map(estimate_message, messages))


class Counter:
    """Estimates, each of them made once: a conversation is weighed again with every letter that is typed below it."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[PromptMessage, int] = {}

    def count(self, message: PromptMessage) -> int:
        """As `estimate_message`."""
        found = self._known.get(message)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[message] = estimate_message(message)
        return found
