"""The facts that people want to know, drawn from headers."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.core.gguf.reader import read_header
from app.core.gguf.summary import Quantisation, Split, Summary, summarize
from tests.core import gguf_writer as w
from tests.core.gguf_writer import Array, Gguf, Tensor, Typed, llama, weights

MODEL = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"


def summary_of(data: bytes) -> Summary:
    return summarize(read_header("model.gguf", len(data), data))


def test_the_facts_of_the_real_model() -> None:
    summary = summary_of(MODEL.read_bytes())
    assert (summary.name, summary.architecture, summary.licence) == ("Tinker 1M", "llama", "CC0-1.0")
    assert (summary.parameters, summary.file_type) == (984_192, "Q8_0")
    assert (summary.layers, summary.heads, summary.kv_heads, summary.head_size) == (4, 4, 2, 32)
    assert (summary.context_length, summary.embedding_width, summary.vocabulary_size) == (1024, 128, 1536)
    assert summary.tokenizer == "gpt2"
    assert summary.chat_template.startswith("{% for m in messages %}<|im_start|>")
    assert summary.split is None


def test_quantisations_are_counted_with_the_weightiest_first() -> None:
    summary = summary_of(Gguf(llama(), weights(2)).file())
    assert summary.quantisations == (
        Quantisation("Q4_K", 2, 2_048, 1_152),
        Quantisation("Q8_0", 1, 192, 204),
        Quantisation("F32", 2, 128, 512),
    )


def test_quantisations_of_the_real_model_fill_its_file() -> None:
    data = MODEL.read_bytes()
    header = read_header("model.gguf", len(data), data)
    assert header.data_start + sum(group.size for group in summarize(header).quantisations) == len(data)


def test_without_a_file_type_that_of_most_parameters_counts() -> None:
    metadata = llama()
    del metadata["general.file_type"]
    assert summary_of(Gguf(metadata, weights()).file()).file_type == "Q4_K"


def test_file_type_0_is_f32_and_not_missing() -> None:
    assert summary_of(Gguf(llama(more={"general.file_type": 0}), weights()).file()).file_type == "F32"


def test_heads_that_differ_from_layer_to_layer_count_by_their_largest() -> None:
    summary = summary_of(Gguf(llama(more={"llama.attention.head_count": Array(w.I32, [2, 8, 4])})).file())
    assert summary.heads == 8


def test_a_head_size_that_is_named_wins_over_the_computed_one() -> None:
    assert summary_of(Gguf(llama(more={"llama.attention.key_length": 128})).file()).head_size == 128


def test_without_kv_heads_there_are_as_many_as_heads() -> None:
    metadata = llama()
    del metadata["llama.attention.head_count_kv"]
    assert summary_of(Gguf(metadata).file()).kv_heads == 4


def test_a_shard_knows_its_place() -> None:
    place = {"split.no": Typed(w.U16, 1), "split.count": Typed(w.U16, 3)}
    whole = {"split.tensors.count": Typed(w.I32, 56)}
    assert summary_of(Gguf(place | whole, weights()).file()).split == Split(2, 3, 56)


def test_a_shard_out_of_its_own_count_is_none() -> None:
    assert summary_of(Gguf({"split.no": 3, "split.count": 3}, weights()).file()).split is None


def test_a_file_without_metadata_has_empty_facts() -> None:
    summary = summary_of(Gguf({}, [Tensor("w", (32,))]).file())
    assert (summary.name, summary.layers, summary.vocabulary_size, summary.parameters) == ("", None, None, 32)


KEYS = sorted(key for key in llama() if key != "general.architecture")
VALUES = st.integers(0, 2**32 - 1) | st.booleans() | st.floats(width=32) | st.text(max_size=5)
ARRAYS = st.lists(st.integers(0, 255), max_size=4).map(lambda elements: Array(w.U8, elements))


@given(st.dictionaries(st.sampled_from(KEYS), VALUES | ARRAYS))
def test_values_of_the_wrong_type_are_no_facts_and_no_crash(values: dict[str, object]) -> None:
    summary = summary_of(Gguf(llama(more=values), weights()).file())
    assert isinstance(summary.chat_template, str)
    assert summary.layers is None or type(summary.layers) is int
