"""Reasoning that a server sends as a part of the text is told from the answer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.deltas import Delta, ReasoningDelta, TextDelta
from app.providers.streams import ThinkFilter


def split(*texts: str) -> tuple[str, str]:
    """The reasoning and the answer in a text that comes in these pieces."""
    thinking = ThinkFilter()
    deltas: list[Delta] = [delta for text in texts for delta in thinking.feed(text)] + thinking.finish()
    reasoning = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
    return reasoning, "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("<think>\nHm.\n</think>\n\nYes.", "Hm.\n", "Yes."),
        ("\n <thinking>Hm.</thinking>Yes.", "Hm.", "Yes."),
        ("[THINK]Hm.[/THINK] Yes.", "Hm.", "Yes."),
        ("<think>\n\n</think>\n\nYes.", "", "Yes."),
        ("<think>a < b, </thing></think>Yes.", "a < b, </thing>", "Yes."),
        ("<think>never ends", "never ends", ""),
        ("<think>cut </thi", "cut </thi", ""),
        ("<thi", "", "<thi"),
        ("<thick> air", "", "<thick> air"),
        ("The mark <think> opens.</think>", "", "The mark <think> opens.</think>"),
        ("<think>a</think>b <think>c</think>", "a", "b <think>c</think>"),
        ("  indented", "", "  indented"),
        (" " * 100 + "<think>a", "", " " * 100 + "<think>a"),
        ("", "", ""),
    ],
)
def test_reasoning_is_split_off(text: str, reasoning: str, answer: str) -> None:
    assert split(text) == (reasoning, answer)
    assert split(*text) == (reasoning, answer)


TEXTS = st.lists(
    st.sampled_from(["<think>", "</think>", "[THINK]", "\n", " ", "a", "<", "</", "think>", "ü"])
).map("".join)


@given(TEXTS, st.lists(st.integers(0, 60)))
def test_the_split_does_not_depend_on_the_cuts(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    assert split(*(text[start:end] for start, end in pairwise(places))) == split(text)


@given(st.text())
def test_a_text_without_marks_is_the_answer(text: str) -> None:
    if not text.lstrip().startswith(("<", "[")):
        assert split(*text) == ("", text)


def test_no_more_than_a_mark_is_held_back() -> None:
    thinking = ThinkFilter()
    thinking.feed("<think>")
    assert thinking.feed("so far </thin") == [ReasoningDelta("so far ")]
    assert thinking.feed("ner") == [ReasoningDelta("</thinner")]
    assert ThinkFilter().feed("Yes") == [TextDelta("Yes")]
