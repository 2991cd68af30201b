"""Reading GGUF headers: what they say, how much of a file is needed, and what is wrong with broken ones."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.gguf.header import ArrayValue, Header, LongText
from app.core.gguf.reader import FIRST_READ, NeedMore, read_header
from app.core.problems import InvalidFile, Problem
from tests.core import gguf_writer as w
from tests.core.gguf_writer import Array, Gguf, Tensor, Typed, llama, weights

MODEL = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
MEGABYTE = 1024 * 1024


def read(data: bytes, name: str = "model.gguf", size: int | None = None) -> Header:
    """The header of a file that is `data`, read in as many steps as it takes."""
    size = len(data) if size is None else size
    wanted = FIRST_READ
    for _ in range(3):
        try:
            return read_header(name, size, data[:wanted])
        except NeedMore as more:
            wanted = more.size
    raise AssertionError("the reader wants more again and again")


def problem_of(data: bytes, size: int | None = None) -> Problem:
    with pytest.raises(InvalidFile) as caught:
        read(data, size=size)
    return caught.value.problem


def vocabulary(count: int) -> list[str]:
    """Tokens of about the lengths of a real vocabulary."""
    return [f"Ġtoken{number * 7919 % count:x}" for number in range(count)]


# What a header says.


def test_the_real_model_is_read() -> None:
    header = read(MODEL.read_bytes())
    assert header.metadata["general.name"] == "Tinker 1M"
    assert header.metadata["llama.context_length"] == 1024
    assert (len(header.tensors), header.length, header.data_start) == (38, 46_307, 46_336)
    assert header.tensors[0].dimensions[0] == 128
    assert header.notes == ()


@pytest.mark.parametrize(
    ("type_id", "value"),
    [
        (0, 255),
        (1, -128),
        (2, 65_535),
        (3, -7),
        (4, 2**32 - 1),
        (5, -(2**31)),
        (6, 0.5),
        (7, True),
        (8, "Käse 🧀"),
        (10, 2**64 - 1),
        (11, -(2**63)),
        (12, 0.1),
    ],
)
def test_every_type_of_value_is_read(type_id: int, value: object) -> None:
    header = read(Gguf({"some.key": Typed(type_id, value)}).file())
    assert header.metadata["some.key"] == value


def test_version_2_is_read_like_version_3() -> None:
    assert read(Gguf(llama(), version=2).file()).version == 2


def test_a_long_array_is_counted_and_shown_in_part() -> None:
    header = read(Gguf(llama(vocabulary(5_000))).file())
    tokens = header.metadata["tokenizer.ggml.tokens"]
    assert tokens == ArrayValue("string", 5_000, tuple(vocabulary(5_000)[:32]))
    assert header.metadata["tokenizer.ggml.token_type"] == ArrayValue("int32", 5_000, (1,) * 256)
    assert header.metadata["tokenizer.chat_template"] == "{{ messages }}"


def test_arrays_of_arrays_are_counted() -> None:
    inner = Array(w.U32, [1, 2])
    header = read(Gguf({"a.b": Array(w.ARRAY, [inner, Array(w.STRING, ["x", "y"])]), "a.c": 3}).file())
    assert header.metadata["a.b"] == ArrayValue("array", 2, ())
    assert header.metadata["a.c"] == 3


def test_an_empty_array_is_no_trouble() -> None:
    header = read(Gguf({"a.b": Array(w.STRING, []), "a.c": Array(w.U8, [])}).file())
    assert header.metadata["a.b"] == ArrayValue("string", 0, ())
    assert header.metadata["a.c"] == ArrayValue("uint8", 0, ())


def test_a_text_of_megabytes_is_kept_in_part_and_the_template_behind_it_whole() -> None:
    texts = {"tokenizer.huggingface.json": "x" * 3_000_000, "tokenizer.more": "y" * 30_000}
    header = read(Gguf(llama(more=texts)).file())
    assert header.metadata["tokenizer.huggingface.json"] == LongText(3_000_000, "x" * 256)
    assert header.metadata["tokenizer.more"] == "y" * 30_000


def test_text_that_is_not_utf8_is_shown_as_far_as_possible() -> None:
    header = read(Gguf({"general.name": Typed(w.STRING, b"caf\xe9")}).file())
    assert header.metadata["general.name"] == "caf\ufffd"


def test_tensors_have_sizes_in_bytes_and_parameters() -> None:
    header = read(Gguf(llama(), weights()).file())
    up = next(tensor for tensor in header.tensors if tensor.name == "blk.0.ffn_up.weight")
    assert (up.type_name, up.dimensions, up.parameters, up.size) == ("Q4_K", (256, 4), 1024, 576)


def test_the_alignment_of_the_file_is_honoured() -> None:
    header = read(Gguf({"general.alignment": 4096}, weights(), alignment=4096).file())
    assert (header.alignment, header.data_start) == (4096, 4096)


def test_an_unknown_tensor_type_is_a_note_and_no_error() -> None:
    header = read(Gguf(llama(), [Tensor("new", (32,), 77)]).file())
    assert (header.tensors[0].type_name, header.tensors[0].size) == ("#77", None)
    assert "#77" in header.notes[0].what


def test_a_file_without_tensors_is_a_note_and_no_error() -> None:
    assert "no weights" in read(Gguf(llama()).file()).notes[0].what


def test_the_first_shard_may_be_without_tensors() -> None:
    assert read(Gguf(llama(more={"split.no": 0, "split.count": 3})).file()).notes == ()


# How much of the file is needed.


def test_a_header_beyond_the_first_read_asks_for_more() -> None:
    data = Gguf(llama(vocabulary(80_000)), weights()).file()
    with pytest.raises(NeedMore) as caught:
        read_header("model.gguf", 10**9, data[:FIRST_READ])
    assert caught.value.size == 8 * MEGABYTE


def test_more_than_the_file_has_is_never_asked_for() -> None:
    data = Gguf(llama(vocabulary(80_000)), weights()).file()
    with pytest.raises(NeedMore) as caught:
        read_header("model.gguf", len(data), data[:FIRST_READ])
    assert caught.value.size == len(data)


def test_every_first_read_leads_to_the_same_header() -> None:
    data = Gguf(llama(vocabulary(3_000)), weights()).file()
    whole = read(data)
    for length in range(24, whole.length, 997):
        with pytest.raises(NeedMore):
            read_header("model.gguf", len(data), data[:length])
    assert read_header("model.gguf", len(data), data[: whole.length]) == whole


def test_a_header_of_more_than_16_megabytes_is_refused() -> None:
    metadata = {f"a.{number}": "x" * MEGABYTE for number in range(17)}
    assert "too long" in problem_of(Gguf(metadata).file()).what


# Jumping over vocabularies.


def test_a_vocabulary_that_imitates_keys_is_read_all_the_same() -> None:
    """The search for the next key lands within the vocabulary here, and the walk has to set it right."""
    imitation = b"\x0b" + b"\0" * 7 + b"tokenizer.x\x04\0\0\0\1\0\0\0"
    tokens = [*vocabulary(2_000), imitation.decode(), *vocabulary(10)]
    header = read(Gguf(llama(tokens), weights()).file())
    assert header.metadata["tokenizer.chat_template"] == "{{ messages }}"
    assert isinstance(vocabulary_value := header.metadata["tokenizer.ggml.tokens"], ArrayValue)
    assert vocabulary_value.count == 2_011


def test_a_vocabulary_at_the_very_end_of_the_metadata_is_read() -> None:
    header = read(Gguf({"a.b": Array(w.STRING, vocabulary(2_000))}, weights()).file())
    assert len(header.tensors) == 5


def test_a_vocabulary_before_a_key_with_an_unknown_prefix_is_read() -> None:
    header = read(Gguf({"a.b": Array(w.STRING, vocabulary(2_000)), "mine.own": 1}, weights()).file())
    assert header.metadata["mine.own"] == 1


def test_a_vocabulary_before_a_key_of_the_architecture_is_read() -> None:
    tokens = Array(w.STRING, vocabulary(2_000))
    keys = {"general.architecture": "odd-one", "a.b": tokens, "odd-one.block_count": 9}
    assert read(Gguf(keys, weights()).file()).metadata["odd-one.block_count"] == 9


def test_150_000_tokens_with_merges_are_passed_over_faster_than_one_could_walk() -> None:
    data = Gguf(llama(vocabulary(150_000)), weights(36)).file()
    start = data.index(b"tokenizer.ggml.tokens") + 21 + 4 + 4 + 8
    reading = min(_seconds(lambda: read_header("model.gguf", len(data), data)) for _ in range(7))
    walking = min(_seconds(lambda: _walk(data, start, 150_000)) for _ in range(7))
    assert reading < walking, f"{reading:.4f} s, and walking one of the two lists alone takes {walking:.4f} s"


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _walk(data: bytes, position: int, count: int) -> int:
    unpack = struct.Struct("<Q").unpack_from
    for _ in range(count):
        position += 8 + unpack(data, position)[0]
    return position


# What is wrong with a broken file.


def test_a_file_cut_off_in_its_header_is_called_truncated() -> None:
    data = Gguf(llama(), weights()).header()
    for length in range(24, len(data)):
        assert "ends in the middle of its header" in problem_of(data[:length]).what


def test_a_file_cut_off_in_its_weights_says_how_much_is_missing() -> None:
    data = Gguf(llama(), [Tensor("big", (1024, 1024), 0, 4 * MEGABYTE)]).file()
    problem = problem_of(data[: -3 * MEGABYTE])
    assert "3.0 MB are missing" in problem.what


def test_a_file_without_padding_at_its_end_is_complete() -> None:
    data = Gguf(llama(), [Tensor("odd", (3,), 0, 12)]).file()
    assert read(data).tensors[0].size == 12


@pytest.mark.parametrize("count", [2**64 - 1, 2**63, 2**40, 100_000])
def test_an_absurd_number_of_keys_is_refused(count: int) -> None:
    assert f"{count} things" in problem_of(Gguf(llama(), key_count=count).file(), size=2**50).cause


@pytest.mark.parametrize("count", [2**64 - 1, 2**40, 100_000])
def test_an_absurd_number_of_tensors_is_refused(count: int) -> None:
    assert f"{count} things" in problem_of(Gguf(llama(), tensor_count=count).file(), size=2**50).cause


@pytest.mark.parametrize("type_id", [w.U8, w.U64, w.STRING, w.ARRAY])
@pytest.mark.parametrize("count", [2**64 - 1, 2**61, 2**40])
def test_an_absurd_length_of_an_array_is_refused(type_id: int, count: int) -> None:
    problem = problem_of(Gguf({"a.b": Array(type_id, [], declared=count)}).file(), size=2**50)
    assert f"{count} things" in problem.cause


@pytest.mark.parametrize("count", [512, 1_000, 300_000])
def test_an_array_that_claims_more_than_the_file_has_is_refused(count: int) -> None:
    problem = problem_of(Gguf({"a.b": Array(w.STRING, vocabulary(400), declared=count), "a.c": 1}).file())
    assert "corrupt" in problem.what or "ends in the middle" in problem.what


def test_a_text_longer_than_any_header_is_refused() -> None:
    data = Gguf({"a.b": "x"}).file().replace(w.text("x"), (2**62).to_bytes(8, "little") + b"x")
    assert f"{2**62} things" in problem_of(data, size=2**63).cause


def test_a_text_in_a_list_longer_than_any_header_is_refused() -> None:
    tokens = [*vocabulary(600), "needle"]
    long = (2**64 - 1).to_bytes(8, "little") + b"needle"
    data = Gguf({"a.b": Array(w.STRING, tokens)}).file().replace(w.text("needle"), long)
    assert "longer than a header" in problem_of(data, size=2**50).cause


@pytest.mark.parametrize("type_id", [13, 99, 2**32 - 1])
def test_a_value_type_that_does_not_exist_is_named(type_id: int) -> None:
    data = Gguf({"a.b": 1}).file().replace(b"a.b\x04\0\0\0", b"a.b" + type_id.to_bytes(4, "little"))
    assert f"type {type_id}," in problem_of(data).cause


def test_arrays_nested_too_deep_are_refused() -> None:
    nested: object = Array(w.U8, [1])
    for _ in range(4):
        nested = Array(w.ARRAY, [nested])
    assert "lists within lists" in problem_of(Gguf({"a.b": nested}).file()).cause


def test_too_many_nested_arrays_are_refused() -> None:
    nested = Array(w.ARRAY, [Array(w.U8, [])] * 5_000)
    assert "lists within lists" in problem_of(Gguf({"a.b": nested}).file()).cause


def test_a_key_said_twice_is_named() -> None:
    assert "“a.b” twice" in problem_of(Gguf(keys=[("a.b", 1), ("a.b", 2)]).file()).cause


def test_a_tensor_named_twice_is_named() -> None:
    assert "“w” twice" in problem_of(Gguf({}, [Tensor("w"), Tensor("w")]).file()).cause


@pytest.mark.parametrize("key", ["", "x" * 70_000])
def test_a_key_of_impossible_length_is_refused(key: str) -> None:
    assert f"name of {len(key)} bytes" in problem_of(Gguf(keys=[(key, 1)]).file()).cause


def test_a_key_that_is_not_text_is_refused() -> None:
    data = Gguf({"a.b": 1}).file().replace(b"a.b", b"a\xff\xfe")
    assert "not text" in problem_of(data).cause


@pytest.mark.parametrize("alignment", [0, 3, 48])
def test_an_alignment_that_is_no_power_of_two_is_refused(alignment: int) -> None:
    assert f"alignment {alignment}," in problem_of(Gguf({"general.alignment": alignment}).file()).cause


def test_an_alignment_that_is_no_number_is_refused() -> None:
    assert "alignment wide," in problem_of(Gguf({"general.alignment": "wide"}).file()).cause


def test_an_offset_that_is_not_aligned_is_refused() -> None:
    assert "multiple of 32" in problem_of(Gguf({}, [Tensor("w", offset=8)]).file()).cause


def test_tensors_in_one_place_are_refused() -> None:
    tensors = [Tensor("one", (64,), 0, 256), Tensor("two", (64,), 0, 256, offset=32)]
    assert "“two”" in problem_of(Gguf({}, tensors).file()).cause


def test_five_dimensions_are_refused() -> None:
    assert "5 dimensions" in problem_of(Gguf({}, [Tensor("w", (1, 1, 1, 1, 1))]).file()).cause


@pytest.mark.parametrize(
    ("dimensions", "type_id"), [((2**40, 2**40), 0), ((33, 2), w.TYPE_Q8_0), ((2**63,), 0)]
)
def test_an_impossible_shape_is_refused(dimensions: tuple[int, ...], type_id: int) -> None:
    assert "shape" in problem_of(Gguf({}, [Tensor("w", dimensions, type_id)]).file()).cause


def test_an_offset_beyond_everything_is_called_missing() -> None:
    assert "missing" in problem_of(Gguf({}, [Tensor("w", offset=2**62)]).header() + bytes(64)).what


@pytest.mark.parametrize(("head", "word"), [(b"PK\x03\x04", "not a GGUF"), (b"GGUF\0\0\0\3", "wrong order")])
def test_what_is_not_gguf_is_refused_as_before_an_upload(head: bytes, word: str) -> None:
    assert word in problem_of(head.ljust(64, b"\1")).what
