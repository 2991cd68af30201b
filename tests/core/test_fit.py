"""Whether a model fits into the tab: held against what real llama.cpp reserves, and the verdicts drawn from it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.device import Device
from app.core.fit import GIB, MIB, Demand, Shape, Verdict, contexts, demand, judge, shape_of
from app.core.gguf.header import Header
from app.core.gguf.reader import read_header
from tests.core.gguf_writer import Array, Gguf, Tensor, llama
from tests.core.synthetic_model import Model

LOAD = """
import os, sys, urllib.request, xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx, parameters.port, parameters.n_parallel = int(sys.argv[2]), 0, 1
parameters.cpuparams.n_threads, parameters.verbosity, parameters.warmup = 1, 4, False
server = xllamacpp.Server(parameters)
urllib.request.urlopen(server.listening_address + "/health").read()
os._exit(0)
"""
"""Loads a model in a process of its own, whose log says what was reserved."""

RESERVED = re.compile(r"(model|KV|compute|output) buffer size = +([\d.]+) MiB")

MODELS = {
    "demo": None,
    "wide": Model(vocabulary=4_096, width=1_024, layers=4, feed_forward=2_944, heads=16, kv_heads=16),
    "large vocabulary": Model(vocabulary=60_000, width=256, layers=6),
}
DEMO = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"


def header_of(path: Path) -> Header:
    return read_header(path.name, path.stat().st_size, path.read_bytes()[: 16 * MIB])


def reserved(path: Path, context: int) -> dict[str, float]:
    """Bytes that llama.cpp reserved, by its own report."""
    run = subprocess.run(
        [sys.executable, "-c", LOAD, path, str(context)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = dict(RESERVED.findall(run.stdout + run.stderr))
    assert {"model", "KV", "compute"} <= found.keys(), run.stdout + run.stderr
    return {name: float(size) * MIB for name, size in found.items()}


@pytest.mark.parametrize("context", [1_024, 8_192])
@pytest.mark.parametrize("name", list(MODELS))
def test_the_estimate_is_what_llama_cpp_reserves_within_a_fifth(
    name: str, context: int, tmp_path: Path
) -> None:
    model = MODELS[name]
    path = DEMO if model is None else model.write(tmp_path / "model.gguf")
    needed, taken = demand(shape_of(header_of(path)), context), reserved(path, context)
    assert needed.weights == pytest.approx(taken["model"], rel=0.2)
    assert needed.cache == pytest.approx(taken["KV"], rel=0.2)
    assert needed.compute == pytest.approx(taken["compute"] + taken["output"], rel=0.2)
    assert needed.total - needed.engine == pytest.approx(sum(taken.values()), rel=0.2)


def a_device(memory: int | None, threads: int) -> Device:
    """A device of so many threads for a large model, each of its cores counted twice."""
    return Device(2 * threads, has_threads=threads > 1, memory=memory)


def a_shape(**more: int | bool | None) -> Shape:
    """A model of 1 GiB with 128 KiB of cache a token."""
    usual = {
        "weights": GIB,
        "cache": 128 * 1024,
        "width": 2_048,
        "feed_forward": 8_192,
        "vocabulary": 32_000,
        "trained": 131_072,
        "read": GIB,
        "is_q4_0": False,
    }
    return Shape(**{**usual, **more})  # type: ignore[arg-type]


def test_a_small_model_runs_here() -> None:
    fit = judge(a_shape(weights=GIB // 4, read=GIB // 4), 4_096, a_device(16 * GIB, 4))
    assert (fit.verdict, fit.room) == (Verdict.RUNS, 4 * GIB)


def test_a_model_that_goes_through_much_memory_for_each_token_runs_slowly() -> None:
    assert judge(a_shape(weights=2 * GIB, read=2 * GIB), 4_096, a_device(16 * GIB, 1)).verdict is Verdict.SLOW


def test_q4_0_is_slower_than_its_size_says() -> None:
    fast, slow = (
        judge(a_shape(is_q4_0=is_q4_0), 4_096, a_device(16 * GIB, 2)).speed for is_q4_0 in (False, True)
    )
    assert fast == pytest.approx(3.5 * slow)


def test_weights_beyond_the_tab_go_elsewhere_and_no_context_fits() -> None:
    fit = judge(a_shape(weights=5 * GIB), 512, a_device(64 * GIB, 8))
    assert (fit.verdict, fit.largest) == (Verdict.ELSEWHERE, None)


def test_a_context_that_is_too_large_goes_elsewhere_and_the_largest_that_fits_is_named() -> None:
    shape = a_shape()
    fit = judge(shape, 131_072, a_device(64 * GIB, 8))
    assert fit.verdict is Verdict.ELSEWHERE
    assert fit.largest is not None
    assert judge(shape, fit.largest, a_device(64 * GIB, 8)).verdict is not Verdict.ELSEWHERE
    assert demand(shape, 2 * fit.largest).total > fit.room


def test_a_device_with_little_memory_leaves_less_room() -> None:
    assert judge(a_shape(), 4_096, a_device(2 * GIB, 4)).verdict is Verdict.ELSEWHERE
    assert judge(a_shape(), 4_096, a_device(3 * GIB, 4)).verdict is Verdict.SLOW


def test_a_device_that_keeps_its_memory_secret_leaves_the_whole_tab() -> None:
    assert judge(a_shape(), 4_096, a_device(None, 4)).room == 4 * GIB


def test_the_contexts_end_with_what_the_model_was_made_for() -> None:
    assert contexts(a_shape(trained=3_000)) == (512, 1_024, 2_048, 3_000)
    assert contexts(a_shape(trained=100)) == (100,)
    assert contexts(a_shape(trained=None))[-1] == 1_048_576


def test_the_parts_sum_up() -> None:
    assert Demand(1, 2, 3, 4).total == 10


def shape_with(metadata: dict[str, object], *tensors: Tensor) -> Shape:
    data = Gguf(llama(more=metadata), tensors).file()
    return shape_of(read_header("model.gguf", len(data), data))


def test_heads_may_differ_from_layer_to_layer() -> None:
    shape = shape_with({"llama.attention.head_count_kv": Array(4, [2, 0])})
    assert shape.cache == 2 * 2 * (16 + 16)


def test_values_may_be_larger_than_keys() -> None:
    shape = shape_with({"llama.attention.key_length": 32, "llama.attention.value_length": 64})
    assert shape.cache == 2 * 2 * 2 * (32 + 64)


def test_a_latent_cache_holds_one_vector_a_layer() -> None:
    shape = shape_with({"llama.attention.kv_lora_rank": 100, "llama.rope.dimension_count": 28})
    assert shape.cache == 2 * 2 * 128


def test_of_many_experts_only_those_in_use_are_read() -> None:
    experts = Tensor("blk.0.ffn_up_exps.weight", (32, 8), 0, 1_024)
    norm = Tensor("blk.0.attn_norm.weight", (32,), 0, 128)
    shape = shape_with({"llama.expert_count": 8, "llama.expert_used_count": 2}, experts, norm)
    assert (shape.weights, shape.read) == (1_024 + 128, 256 + 128)
