"""Single tokens of a vocabulary, and which of them are special."""

from __future__ import annotations

from app.core.gguf.header import ArrayValue, Header
from app.core.gguf.reader import read_header
from app.core.gguf.vocabulary import MOST_SPECIAL, special_tokens, token_texts
from tests.core.gguf_writer import I32, STRING, Array, Gguf, llama, weights

WORDS = ["<pad>", "<s>", "</s>", "a", "b", "<|tool|>"]
TYPES = [3, 3, 3, 1, 1, 4]


def read(metadata: dict[str, object]) -> tuple[Header, bytes]:
    data = Gguf(llama(more=metadata), weights()).file()
    return read_header("model.gguf", len(data), data), data


def vocabulary(words: list[str] = WORDS, types: list[int] = TYPES, **more: object) -> tuple[Header, bytes]:
    named = {f"tokenizer.ggml.{key}": value for key, value in more.items()}
    return read(
        {
            "tokenizer.ggml.tokens": Array(STRING, words),
            "tokenizer.ggml.token_type": Array(I32, types),
            **named,
        }
    )


def test_control_and_user_defined_tokens_are_special() -> None:
    assert special_tokens(*vocabulary()).texts == {"<pad>", "<s>", "</s>", "<|tool|>"}


def test_named_tokens_are_found_by_their_numbers() -> None:
    special = special_tokens(*vocabulary(bos_token_id=1, eos_token_id=2, padding_token_id=0))
    assert special.named == {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}


def test_a_number_beyond_the_vocabulary_names_no_token() -> None:
    assert "eos_token" not in special_tokens(*vocabulary(eos_token_id=2**31)).named


def test_the_tokenizer_says_whether_it_begins_prompts() -> None:
    assert special_tokens(*vocabulary(add_bos_token=True)).adds_bos
    assert not special_tokens(*vocabulary(add_bos_token=False, model="llama")).adds_bos
    assert special_tokens(*vocabulary(model="llama")).adds_bos


def test_tokens_far_in_a_large_vocabulary_are_found() -> None:
    words = [f"token{number}" for number in range(30_000)]
    header, data = vocabulary(words, [1] * len(words))
    assert token_texts(header, data, {0, 17, 29_999}) == {0: "token0", 17: "token17", 29_999: "token29999"}


def test_no_more_special_tokens_are_read_than_anyone_has() -> None:
    words = [f"<{number}>" for number in range(MOST_SPECIAL + 100)]
    special = special_tokens(*vocabulary(words, [3] * len(words), bos_token_id=1))
    assert len(special.texts) == MOST_SPECIAL


def test_a_vocabulary_whose_lengths_are_wrong_gives_what_can_be_read() -> None:
    header, data = vocabulary()
    tokens = header.metadata["tokenizer.ggml.tokens"]
    assert isinstance(tokens, ArrayValue)
    broken = data[: tokens.start + 8 + 5] + b"\xff" * 8 + data[tokens.start + 21 :]
    assert token_texts(header, broken, {0, 4}) == {0: "<pad>"}


def test_a_file_without_a_vocabulary_has_no_special_tokens() -> None:
    data = Gguf({"general.architecture": "llama"}, weights()).file()
    special = special_tokens(read_header("model.gguf", len(data), data), data)
    assert (special.texts, dict(special.named), special.adds_bos) == (frozenset(), {}, False)
