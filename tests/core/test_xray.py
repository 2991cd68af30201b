"""The prompt of a chat template: its variables, its beginning, and its special tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.gguf.vocabulary import SpecialTokens
from app.core.messages import PromptMessage, Role
from app.core.xray import Piece, example, pieces_of, variables, with_start, without_start

LLAMA = SpecialTokens(frozenset({"<s>", "</s>"}), {"bos_token": "<s>", "eos_token": "</s>"}, adds_bos=True)
CHATML = SpecialTokens(frozenset({"<|im_start|>"}), {"bos_token": "<|x|>"}, adds_bos=False)


def test_a_template_gets_the_names_that_hugging_face_gives_it() -> None:
    given_ = variables([PromptMessage(Role.USER, "Hello")], LLAMA)
    assert given_ == {
        "messages": [{"role": "user", "content": "Hello"}],
        "add_generation_prompt": True,
        "tools": None,
        "bos_token": "<s>",
        "eos_token": "</s>",
    }


def test_the_beginning_stands_there_once_where_the_tokenizer_puts_it() -> None:
    assert with_start("Hi", LLAMA) == with_start("<s>Hi", LLAMA) == "<s>Hi"
    assert without_start("<s>Hi", LLAMA) == without_start("Hi", LLAMA) == "Hi"


def test_a_tokenizer_that_puts_none_leaves_the_prompt_alone() -> None:
    assert with_start("Hi", CHATML) == "Hi"
    assert without_start("<|x|>Hi", CHATML) == "<|x|>Hi"


def test_special_tokens_are_cut_out() -> None:
    assert pieces_of("<s>Hi</s>", LLAMA.texts) == (
        Piece("<s>", True),
        Piece("Hi", False),
        Piece("</s>", True),
    )


def test_of_two_that_begin_alike_the_longer_one_counts() -> None:
    assert pieces_of("<a><a>b", {"<a>", "<a>b"}) == (Piece("<a>", True), Piece("<a>b", True))


def test_an_empty_prompt_has_no_pieces() -> None:
    assert pieces_of("", {"<s>"}) == ()


@given(st.text("<s>/ab.*"), st.sets(st.text("<s>/.*", min_size=1, max_size=4), max_size=5))
def test_the_pieces_of_any_prompt_are_the_prompt(text: str, special: set[str]) -> None:
    assert "".join(piece.text for piece in pieces_of(text, special)) == text


def test_the_example_has_a_system_prompt_and_a_question() -> None:
    assert [message.role for message in example()] == [Role.SYSTEM, Role.USER]
