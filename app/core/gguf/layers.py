"""The layers of a model, drawn from its tensors: how large each is, and what takes the room in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.gguf.header import TensorInfo

_BLOCK = re.compile(r"blk\.(\d{1,5})\.(.*)")
_ATTENTION = ("attn", "ssm", "time_mix", "wkv")
_FEED_FORWARD = ("ffn", "channel_mix", "exp_probs")


class Part(StrEnum):
    """What a tensor does in its layer."""

    ATTENTION = "attention"
    FEED_FORWARD = "feed_forward"
    OTHER = "rest"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, or what stands before (`number` None, `name` "token_embd") and behind them ("output").

    `parts` are sizes in bytes; `types` are the quantisations in it, the largest share first.
    """

    name: str
    number: int | None
    tensors: int
    parameters: int
    parts: tuple[tuple[Part, int], ...]
    types: tuple[str, ...]

    @property
    def size(self) -> int:
        """All of it, in bytes; tensors of unknown types count nothing."""
        return sum(size for _, size in self.parts)


def layers_of(tensors: Sequence[TensorInfo]) -> tuple[Layer, ...]:
    """The layers in the order in which a prompt passes them."""
    groups: defaultdict[tuple[int, int, str], list[TensorInfo]] = defaultdict(list)
    for tensor in tensors:
        groups[_place(tensor.name)].append(tensor)
    return tuple(_layer(place, groups[place]) for place in sorted(groups))


def _place(name: str) -> tuple[int, int, str]:
    """Sorts what stands before the layers, the layers by number, and what stands behind them."""
    block = _BLOCK.match(name)
    if block:
        return 1, int(block[1]), ""
    root = name.partition(".")[0]
    is_output = root.startswith(("output", "cls", "rope"))
    return (2, 0, "output") if is_output else (0, 0, root[:40])


def _layer(place: tuple[int, int, str], tensors: list[TensorInfo]) -> Layer:
    parts: dict[Part, int] = dict.fromkeys(Part, 0)
    types: defaultdict[str, int] = defaultdict(int)
    for tensor in tensors:
        parts[_part(tensor.name)] += tensor.size or 0
        types[tensor.type_name] += tensor.parameters
    order, number, name = place
    return Layer(
        name=name,
        number=number if order == 1 else None,
        tensors=len(tensors),
        parameters=sum(tensor.parameters for tensor in tensors),
        parts=tuple(parts.items()),
        types=tuple(sorted(types, key=lambda name: -types[name])),
    )


def _part(name: str) -> Part:
    block = _BLOCK.match(name)
    inner = block[2] if block else ""
    if inner.startswith(_ATTENTION):
        return Part.ATTENTION
    return Part.FEED_FORWARD if inner.startswith(_FEED_FORWARD) else Part.OTHER
