"""What a screen reader is given of a streamed answer: whole sentences, once, in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.announcer import LONGEST, Announcer


def said(*pieces: str) -> list[str]:
    """Everything that is said of an answer that arrives in these pieces."""
    announcer = Announcer("Code.")
    sentences = [sentence for piece in pieces for sentence in announcer.feed(piece)]
    return sentences + announcer.finish()


def test_a_sentence_is_said_when_it_is_complete_and_not_before() -> None:
    announcer = Announcer("Code.")
    assert announcer.feed("The tide ri") == []
    assert announcer.feed("ses.") == []
    assert announcer.feed(" Then") == ["The tide rises."]
    assert announcer.finish() == ["Then"]


def test_each_sentence_is_said_once() -> None:
    assert said("One. ", "Two. Th", "ree.") == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("Er sagte: „Nein.“ Dann ging er.", ["Er sagte: „Nein.“", "Dann ging er."]),
        ("Pi is 3.14 or so. Good.", ["Pi is 3.14 or so.", "Good."]),
        ("Ask Dr. Hale, e.g. at noon. Or not.", ["Ask Dr. Hale, e.g. at noon.", "Or not."]),
        ("水が満ちる。潮が引く。", ["水が満ちる。", "潮が引く。"]),
        ("「水が満ちる。。」潮が引く。", ["「水が満ちる。。」", "潮が引く。"]),
        ("one\ntwo", ["one", "two"]),
        ("Wait… what", ["Wait…", "what"]),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[str]) -> None:
    assert said(text) == sentences


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("## Tides", "Tides"),
        ("- an **important** _item_", "an important item"),
        ("1. First", "1. First"),
        ("> quoted", "quoted"),
        ("- [x] done", "done"),
        ("Call `tide()` now", "Call tide() now"),
        ("See [the table](https://example.org/a_b) there", "See the table there"),
        ("![A boat](boat.png)", "A boat"),
        ("snake_case and 2 * 3", "snake_case and 2 * 3"),
        ("| Hour | Height |", "Hour, Height"),
        ("~~no~~ yes", "no yes"),
    ],
)
def test_marks_of_markdown_are_not_said(markdown: str, words: str) -> None:
    assert said(markdown + "\n") == [words]


@pytest.mark.parametrize("line", ["---", "***", "|---|:--:|", "=====", "", "   ", "…"])
def test_lines_without_words_say_nothing(line: str) -> None:
    assert said(line + "\n") == []


def test_a_block_of_code_is_named_and_not_read() -> None:
    assert said("Look:\n```python\nprint(1). x\n```\nDone.\n") == ["Look:", "Code.", "Done."]


def test_a_fence_inside_a_longer_fence_is_code() -> None:
    assert said("````\n```\nx. y\n```\n````\nDone.") == ["Code.", "Done."]


def test_code_that_never_ends_says_nothing_more() -> None:
    assert said("```\nx = 1. y\n") == ["Code."]


def test_back_ticks_in_the_middle_of_a_line_are_no_block() -> None:
    assert said("Use it. ```a``` is code. ", "Yes.") == ["Use it.", "a is code.", "Yes."]


def test_a_sentence_without_an_end_is_said_in_parts() -> None:
    words = "word " * 400
    parts = said(words)
    assert len(parts) > 1
    assert all(len(part) <= LONGEST for part in parts)
    assert " ".join(parts) == words.strip()


TEXTS = st.text(st.sampled_from("ab .!?`~*_#->|[]()\n„“1。"), max_size=200)


@given(TEXTS, st.lists(st.integers(0, 200), max_size=12))
def test_it_does_not_matter_how_the_answer_was_cut(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    assert " ".join(said(*pieces)) == " ".join(said(*text))


@given(st.text(max_size=300))
def test_any_text_can_be_announced(text: str) -> None:
    assert all(sentence.strip() == sentence and sentence for sentence in said(text))


@pytest.mark.parametrize("piece", ["a", "a. ", "`", "x\n", "[", "**", "```\na"])
def test_what_is_kept_does_not_grow_with_the_answer(piece: str) -> None:
    announcer = Announcer("Code.")
    for _ in range(20_000):
        announcer.feed(piece)
    assert len(" ".join(announcer.finish())) <= 3 * LONGEST


@pytest.mark.parametrize("text", [".", "[", "(", "a](", "*", " ", "| ", "`", "> "])
def test_a_hostile_text_comes_to_an_end(text: str) -> None:
    assert all(len(sentence) <= LONGEST for sentence in said(text * 50_000))
