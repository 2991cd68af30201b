"""Fitting a conversation into a context."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.messages import PromptMessage, Role
from app.core.tokens import estimate_prompt
from app.core.trimming import ANY, Room, fit, leave_out, scale_of

WORDS = "word " * 50


def talk(turns: int, system: str = "") -> list[PromptMessage]:
    """A conversation of that many questions, all but the last one answered."""
    messages = [PromptMessage(Role.SYSTEM, system)] if system else []
    for turn in range(turns):
        messages.append(PromptMessage(Role.USER, f"question {turn} {WORDS}"))
        messages.append(PromptMessage(Role.ASSISTANT, f"answer {turn} {WORDS}"))
    return messages[:-1]


def test_nothing_goes_when_the_context_is_unknown() -> None:
    messages = talk(20)
    assert fit(messages, ANY).messages == tuple(messages)


def test_nothing_goes_when_all_fits() -> None:
    assert fit(talk(2), Room(4096)).left_out == 0


def test_the_oldest_messages_go_first() -> None:
    messages = talk(10)
    trimmed = fit(messages, Room(600))
    assert trimmed.messages == tuple(messages[trimmed.left_out :])
    assert 0 < trimmed.left_out < len(messages)


def test_the_system_prompt_stays() -> None:
    trimmed = fit(talk(10, system="Be brief."), Room(600))
    assert trimmed.messages[0] == PromptMessage(Role.SYSTEM, "Be brief.")


def test_the_last_message_stays_even_when_it_does_not_fit() -> None:
    trimmed = fit([PromptMessage(Role.USER, WORDS * 100)], Room(100))
    assert len(trimmed.messages) == 1
    assert not trimmed.fits


def test_room_is_kept_for_the_answer() -> None:
    messages = talk(10)
    assert fit(messages, Room(1000, 500)).left_out > fit(messages, Room(1000, 100)).left_out


@given(st.integers(1, 12), st.integers(1, 3000), st.booleans())
def test_an_answer_never_stays_without_its_question(turns: int, context: int, has_system: bool) -> None:
    trimmed = fit(talk(turns, "Be brief." if has_system else ""), Room(context))
    spoken = [message for message in trimmed.messages if message.role is not Role.SYSTEM]
    assert spoken[0].role is Role.USER


@given(st.integers(1, 12), st.integers(1, 3000))
def test_the_tokens_told_are_those_of_the_messages_kept(turns: int, context: int) -> None:
    trimmed = fit(talk(turns), Room(context))
    assert trimmed.tokens == estimate_prompt(trimmed.messages)


def test_a_maximum_as_long_as_the_context_leaves_half_of_it_to_be_read() -> None:
    assert Room(1000, 1000).prompt == 500


def test_an_answer_that_is_continued_stays_with_its_question() -> None:
    begun = [*talk(3), PromptMessage(Role.ASSISTANT, "It begins")]
    assert fit(begun, Room(10)).messages == tuple(begun[-2:])


def test_a_model_that_reads_more_tokens_than_estimated_gets_fewer_messages() -> None:
    messages = talk(10)
    assert fit(messages, Room(1000, scale=2.0)).left_out > fit(messages, Room(1000)).left_out


def test_what_was_left_out_is_left_out_again_in_the_same_way() -> None:
    messages = talk(10, system="Be brief.")
    trimmed = fit(messages, Room(600))
    assert leave_out(messages, trimmed.left_out) == trimmed.messages


def test_the_scale_is_what_the_api_counted_and_never_below_one() -> None:
    prompt = talk(2)
    estimated = estimate_prompt(prompt)
    assert scale_of(prompt, 2 * estimated) == 2.0
    assert scale_of(prompt, estimated // 2) == 1.0
    assert scale_of(prompt, None) == 1.0
