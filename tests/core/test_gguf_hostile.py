"""Hostile GGUF headers: whatever the bytes, reading ends soon, in a header, a problem or a wish for more."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.device import Device
from app.core.fit import contexts, judge
from app.core.gguf.header import Header
from app.core.gguf.reader import NeedMore, read_header
from app.core.gguf.vocabulary import special_tokens
from app.core.inspection import report_on
from app.core.problems import InvalidFile
from tests.core.gguf_writer import Array, Gguf, Tensor, Typed, llama, text, weights

MODEL = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
MEGABYTE = 1024 * 1024
NUMBERS = (0, 1, 2, 7, 12, 13, 255, 256, 65_536, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**62, 2**63, 2**64 - 1)


def outcome(head: bytes, size: int) -> Header | InvalidFile | NeedMore:
    """What reading comes to; any other exception goes on and fails the test."""
    try:
        return read_header("model.gguf", size, head)
    except (InvalidFile, NeedMore) as end:
        return end


def shown(header: Header, head: bytes) -> None:
    """Everything that the inspector makes of a header."""
    report = report_on(header)
    special_tokens(header, head)
    for context in contexts(report.shape):
        assert judge(report.shape, context, Device()).demand.total > 0


def originals() -> list[bytes]:
    """Right headers of different build, each with a vocabulary that is jumped or one that is walked."""
    tokens = [f"token{number}" for number in range(600)]
    nested = Array(9, [Array(8, ["x", "y"]), Array(0, [1, 2, 3])])
    return [
        Gguf(llama(), weights()).file(),
        Gguf(llama(tokens), weights()).file(),
        Gguf(
            {"general.alignment": 64, "a.nested": nested, "a.long": Typed(10, 2**63)}, weights(), alignment=64
        ).file(),
        Gguf(llama(more={"split.no": 1, "split.count": 3}), weights(8), version=2).file(),
        MODEL.read_bytes()[:48_000],
    ]


def flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data: bytearray, chance: random.Random) -> None:
    width = chance.choice((4, 8))
    at = chance.randrange(max(len(data) - width, 1))
    data[at : at + width] = (chance.choice(NUMBERS) % 2 ** (8 * width)).to_bytes(width, "little")


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def drop(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randrange(1, 40)]


def repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + chance.randrange(1, 200)]


def scramble(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 16] = chance.randbytes(16)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    overwrite,
    cut,
    drop,
    repeat,
    scramble,
)


@pytest.mark.parametrize("seed", range(5))
def test_ten_thousand_mutated_headers_never_crash_or_hang(seed: int) -> None:
    """Two thousand for each seed; most changes fall on the first bytes, where the structure is."""
    chance = random.Random(seed)
    kinds = {Header: 0, InvalidFile: 0, NeedMore: 0}
    data = originals()[seed]
    tracemalloc.start()
    for _ in range(2_000):
        mutant = bytearray(data[: chance.choice((len(data), 2_000))])
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            if mutant:
                chance.choice(MUTATIONS)(mutant, chance)
        size = chance.choice((len(mutant), len(mutant) + 4_096, 2**33))
        begin = time.process_time()
        result = outcome(bytes(mutant), size)
        assert time.process_time() - begin < 1
        kinds[type(result)] += 1
        if isinstance(result, NeedMore):
            assert len(mutant) < result.size <= size
        if isinstance(result, Header):
            shown(result, bytes(mutant))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * MEGABYTE
    assert all(kinds.values()), f"the mutations do not reach every end: {kinds}"


@given(st.binary(max_size=600), st.integers(0, 2**34))
def test_any_bytes_behind_the_magic_come_to_an_end(tail: bytes, more: int) -> None:
    head = b"GGUF\x03\0\0\0" + tail
    outcome(head, len(head) + more)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=20).filter(lambda key: key != "general.alignment"),
        st.text(max_size=50) | st.integers(0, 2**32 - 1) | st.booleans(),
        max_size=12,
    )
)
def test_any_metadata_is_read_as_it_was_written(metadata: dict[str, object]) -> None:
    data = Gguf(metadata, weights()).file()
    assert dict(read_header("model.gguf", len(data), data).metadata) == metadata


@given(st.lists(st.binary(max_size=20), min_size=20, max_size=30), st.integers(0, 2**32 - 1))
def test_any_vocabulary_is_passed_over_to_the_key_behind_it(tokens: list[bytes], marker: int) -> None:
    data = Gguf({"a.b": Array(8, tokens * 40), "tokenizer.next": marker}, weights()).file()
    header = read_header("model.gguf", len(data), data)
    assert header.metadata["tokenizer.next"] == marker
    assert len(header.tensors) == 5


def start(keys: int, tensors: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, keys)


def numbered(count: int, value: bytes) -> bytes:
    """`count` keys with the same value."""
    return b"".join(text(f"k{number}") + value for number in range(count))


def strings(count: int, body: bytes) -> bytes:
    return struct.pack("<IIQ", 9, 8, count) + body


def empty_strings() -> bytes:
    count = 16 * MEGABYTE // 8 - 100
    return start(1) + text("a.b") + strings(count, bytes(8 * count))


def many_vocabularies() -> bytes:
    return start(4_000) + numbered(4_000, strings(513, bytes(8 * 513)))


def false_keys(imitation: bytes = b"tokenizer.!") -> bytes:
    """A vocabulary whose every token looks like the beginning of a key, and is none."""
    token = text(b"\x0b" + bytes(7) + imitation)
    count = 16 * MEGABYTE // len(token) - 100
    return start(2) + text("a.b") + strings(count, token * count) + text("a.c") + struct.pack("<IB", 0, 1)


def many_keys() -> bytes:
    return start(60_000) + numbered(60_000, struct.pack("<I", 8) + text("ab🧀" * 30))


def many_arrays() -> bytes:
    return start(60_000) + numbered(60_000, struct.pack("<IIQ", 9, 1, 200) + bytes(200))


def many_tensors() -> bytes:
    return Gguf({}, [Tensor(f"t{number}", (1, 1, 1, 1), 0, 4) for number in range(16_000)]).file()


def wide_texts() -> bytes:
    """Texts that take four times their bytes once they are Python strings."""
    return start(15) + numbered(15, struct.pack("<I", 8) + text("🧀" + "x" * (MEGABYTE - 100)))


@pytest.mark.parametrize("build", [many_keys, many_arrays, many_tensors, wide_texts])
def test_the_largest_headers_take_bounded_memory(build: Callable[[], bytes]) -> None:
    data = build()
    tracemalloc.start()
    try:
        if isinstance(result := outcome(data, len(data)), Header):
            shown(result, data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * MEGABYTE


@pytest.mark.parametrize("build", [empty_strings, many_vocabularies, false_keys, many_keys, many_tensors])
def test_the_most_laborious_headers_take_bounded_time(build: Callable[[], bytes]) -> None:
    assert seconds(build()[: 16 * MEGABYTE]) < 1


def test_time_grows_with_the_bytes_and_not_with_their_square() -> None:
    """Many vocabularies, each of which could be jumped: no search may go over the same bytes again."""
    small, large = (start(n) + numbered(n, strings(513, bytes(8 * 513))) for n in (1_000, 4_000))
    assert seconds(large) < 10 * seconds(small)


def test_false_keys_cost_little_more_than_other_tokens() -> None:
    assert seconds(false_keys()) < 2 * seconds(false_keys(b"tokenizer,!"))


def seconds(data: bytes) -> float:
    """Processor time for one reading, the best of three."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        if isinstance(result := outcome(data, len(data)), Header):
            shown(result, data)
        times.append(time.process_time() - begin)
    return min(times)
