"""Whether a model fits into the tab: what it needs in memory, and about how fast it will be, before a byte moves.

The parts are those that llama.cpp reserves when it loads a model. Their formulas were fitted to what it reports
(build b11364, flash attention on, batches of 512 tokens); a test holds them against its own report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.device import Device
from app.core.gguf.facts import Facts
from app.core.gguf.header import Header

GIB = 1024**3
MIB = 1024**2

TAB = 4 * GIB
"""What a 64 bit WebAssembly memory of the engine may hold: its own limit, whatever the device has."""

ENGINE = 160 * MIB
"""What the engine takes besides: how much the browser grew when it loaded a model of 1 MB (150 MB), rounded up."""

BATCH = 512
"""Tokens that are read at a time (`n_ubatch`), llama.cpp's default."""

CELL = 256
"""The KV cache grows in steps of so many tokens."""

CACHE_BYTES = 2
"""Bytes of a number in the KV cache: F16."""

PER_THREAD = 3e9
"""Bytes of weights that one thread goes through in a second while it generates: 2.5 to 3.5 GB measured in Chromium."""

USEFUL_THREADS = 4
"""Beyond so many the memory is what limits."""

Q4_0_PENALTY = 3.5
"""How much slower Q4_0 is than other types of its size in WebAssembly, measured."""

FASTEST = 500.0
"""Tokens a second that even the smallest models do not exceed, measured."""

SLOW = 4.0
"""Tokens a second below which reading along is tiring."""

USUAL_CONTEXT = 4_096
"""Tokens of context unless the user chose otherwise: enough to talk, and its memory stays small."""

CONTEXTS = tuple(512 * 2**power for power in range(12))
"""The contexts that are offered, in tokens: 512 to a million."""


class Verdict(StrEnum):
    """What to do with a model."""

    RUNS = "runs"
    SLOW = "slow"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model decides about memory and speed. `weights` in bytes, `cache` in bytes a token of context.

    `read` are the bytes gone through for each token that is generated; `trained` is the context it was made for.
    """

    weights: int
    cache: int
    width: int
    feed_forward: int
    vocabulary: int
    trained: int | None
    read: int
    is_q4_0: bool


PARTS = ("weights", "cache", "compute", "engine")
"""What takes memory: the fields of `Demand`."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The memory that a model needs with a context, in bytes."""

    weights: int
    cache: int
    compute: int
    engine: int = ENGINE

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.compute + self.engine


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer. `largest` is the largest context that fits, None when none does; `speed` in tokens a second."""

    context: int
    demand: Demand
    room: int
    largest: int | None
    speed: float
    verdict: Verdict


def shape_of(header: Header) -> Shape:
    """The shape of the model in `header`; what the header does not say counts nothing."""
    facts = Facts(header)
    width = facts.number_of_model("embedding_length") or 0
    heads = facts.number_of_model("attention.head_count") or 0
    key = facts.number_of_model("attention.key_length") or (width // heads if heads else 0)
    used = facts.number_of_model("expert_used_count") or 0
    experts = facts.number_of_model("expert_count") or 0
    feed_forward = facts.number_of_model("feed_forward_length") or 0
    expert_size = facts.number_of_model("expert_feed_forward_length") or 0
    sizes = {tensor.name: tensor.size or 0 for tensor in header.tensors}
    weights = sum(sizes.values())
    expert_bytes = sum(size for name, size in sizes.items() if "_exps" in name)
    idle = expert_bytes * (experts - used) // experts if 0 < used < experts else 0
    table = sizes.get("token_embd.weight", 0) if "output.weight" in sizes else 0
    parameters = sum(tensor.parameters for tensor in header.tensors)
    q4_0 = sum(tensor.parameters for tensor in header.tensors if tensor.type_name == "Q4_0")
    return Shape(
        weights=weights,
        cache=CACHE_BYTES * _numbers_per_token(facts, key, heads),
        width=max(width, heads * key),
        feed_forward=max(feed_forward, expert_size * used),
        vocabulary=facts.length("tokenizer.ggml.tokens") or facts.number_of_model("vocab_size") or 0,
        trained=facts.number_of_model("context_length") or None,
        read=max(1, weights - idle - table),  # of the embedding only one row is looked up
        is_q4_0=q4_0 * 2 > parameters,
    )


def demand(shape: Shape, context: int) -> Demand:
    """What `shape` needs with a context of so many tokens."""
    cells = -(-context // CELL) * CELL
    activations = 4 * BATCH * (5 * shape.width + 3 * shape.feed_forward)
    mask = 2 * BATCH * cells
    return Demand(shape.weights, shape.cache * cells, activations + mask + 4 * shape.vocabulary)


def most_context(shape: Shape, room: int) -> int:
    """The largest context, in tokens, with which the model fits into so many bytes; 0 when none does."""
    free = room - demand(shape, 0).total
    cell = CELL * (shape.cache + 2 * BATCH)
    return max(0, free // cell * CELL)


def contexts(shape: Shape) -> tuple[int, ...]:
    """The contexts to choose from: up to what the model was made for."""
    most = shape.trained or CONTEXTS[-1]
    return (*(one for one in CONTEXTS if one < most), most)


def judge(shape: Shape, context: int, device: Device) -> Fit:
    """Whether it fits into the tab with this context, and how well."""
    needed = demand(shape, context)
    room = min(TAB, device.memory * 3 // 4) if device.memory else TAB
    largest = max((one for one in contexts(shape) if demand(shape, one).total <= room), default=None)
    threads = min(device.threads_for(shape.weights), USEFUL_THREADS)
    speed = PER_THREAD * threads / (shape.read * (Q4_0_PENALTY if shape.is_q4_0 else 1))
    speed = min(speed, FASTEST)
    if needed.total > room:
        verdict = Verdict.ELSEWHERE
    elif speed < SLOW or (device.memory is not None and needed.total > device.memory // 2):
        verdict = Verdict.SLOW
    else:
        verdict = Verdict.RUNS
    return Fit(context, needed, room, largest, speed, verdict)


def _numbers_per_token(facts: Facts, key: int, heads: int) -> int:
    """Numbers that the KV cache holds for a token, over all layers. Layers that see a window only count in full."""
    layers = facts.number_of_model("block_count") or 0
    latent = facts.number_of_model("attention.kv_lora_rank")
    if latent:  # DeepSeek keeps one compressed vector for keys and values together
        return layers * (latent + (facts.number_of_model("rope.dimension_count") or 0))
    value = facts.number_of_model("attention.value_length") or key
    each = facts.numbers_of_model("attention.head_count_kv") or (heads,)
    kv_heads = sum(each[:layers]) if len(each) > 1 else each[0] * layers
    return kv_heads * (key + value)
