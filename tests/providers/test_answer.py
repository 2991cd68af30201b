"""The answer text, wherever an API puts it."""

import pytest

from app.providers.extract import answer_text, finish_reason, model_name

SHAPES = [
    {"response": "Paris."},
    {"response": {"question": "?", "text": "Paris."}},
    {"response": {"response": "Paris."}},
    {"response": {"content": "Paris."}},
    {"text": "Paris."},
    {"content": "Paris."},
    {"result": "Paris."},
    {"result": {"text": "Paris."}},
    {"message": {"content": "Paris."}},
    {"choices": [{"message": {"content": "Paris."}}]},
    {"choices": [{"text": "Paris."}]},
    {"choices": [{"delta": {"content": "Paris."}}]},
    {"content": [{"type": "text", "text": "Par"}, {"type": "text", "text": "is."}]},
    {"candidates": [{"content": {"parts": [{"text": "Par"}, {"text": "is."}]}}]},
    "Paris.",
]


@pytest.mark.parametrize("value", SHAPES, ids=str)
def test_finds_the_answer_in_every_known_shape(value: object) -> None:
    assert answer_text(value) == "Paris."


@pytest.mark.parametrize(
    "value",
    [None, 3, [], {}, {"response": None}, {"response": []}, {"choices": []}, {"greeting": "Paris."}],
    ids=str,
)
def test_an_unknown_shape_holds_no_answer(value: object) -> None:
    assert answer_text(value) is None


def test_an_empty_answer_is_an_answer() -> None:
    assert answer_text({"success": True, "response": ""}) == ""


def test_a_text_further_down_wins_over_an_empty_one() -> None:
    assert answer_text({"response": "", "text": "Paris."}) == "Paris."


def test_a_reported_failure_holds_no_answer() -> None:
    assert answer_text({"success": False, "response": "Paris."}) is None


def test_only_one_leading_space_is_trimmed() -> None:
    assert answer_text({"response": "  Paris. "}) == " Paris. "


def test_a_refusal_is_shown_in_place_of_null_content() -> None:
    value = {"choices": [{"message": {"content": None, "refusal": "I cannot help with that."}}]}
    assert answer_text(value) == "I cannot help with that."


def test_half_a_character_becomes_a_replacement_character() -> None:
    answer = answer_text({"response": "a\ud83d\ude00b\ud83dc"})
    assert answer == "a😀b\ufffdc"


@pytest.mark.parametrize(
    "value", [{"model": "m"}, {"model_used": "m"}, {"response": {"text": "x", "model": "m"}}], ids=str
)
def test_names_the_model_that_answered(value: object) -> None:
    assert model_name(value) == "m"


def test_tells_why_the_answer_ended() -> None:
    assert finish_reason({"choices": [{"finish_reason": "length"}]}) == "length"
    assert finish_reason({"done": True}) == "stop"
    assert finish_reason({"response": "Paris."}) == ""
