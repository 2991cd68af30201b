"""Estimating tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.messages import PromptMessage, Role
from app.core.tokens import MESSAGE_OVERHEAD, estimate, estimate_prompt


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counted with the byte-level BPE vocabularies of common models.
        ("The quick brown fox jumps over the lazy dog.", 10),
        ("What is the capital of France?", 7),
        ("def tide(hours: float) -> float:\n    return 1.4 * cos(hours)", 19),
        ("我能吞下玻璃而不伤身体。", 12),
    ],
)
def test_an_estimate_is_within_a_quarter_of_the_count(text: str, tokens: int) -> None:
    assert estimate(text) == pytest.approx(tokens, rel=0.26)


def test_an_empty_text_has_no_tokens() -> None:
    assert estimate("") == 0


@given(st.text(min_size=1))
def test_every_other_text_has_at_least_one(text: str) -> None:
    assert estimate(text) >= 1


def test_a_long_text_is_estimated_from_its_beginning() -> None:
    sentence = "The quick brown fox jumps over the lazy dog. "
    assert estimate(sentence * 10_000) == pytest.approx(10_000 * estimate(sentence), rel=0.01)


def test_a_prompt_counts_its_messages_and_what_a_template_puts_around_them() -> None:
    messages = [PromptMessage(Role.USER, "Hello"), PromptMessage(Role.ASSISTANT, "Hello")]
    assert estimate_prompt(messages) == 2 * (estimate("Hello") + MESSAGE_OVERHEAD)
