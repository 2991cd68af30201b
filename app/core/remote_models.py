"""What servers tell about the models that they keep: downloads under way, what is in memory, what a model is like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a download to the server is. `status` is the server's word for what it does.

    `received` and `total` are bytes of all parts that have been begun so far; `total` grows as further parts begin, and
    is 0 as long as none is known.
    """

    status: str
    received: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in a server's memory. Sizes are in bytes; `until` is when it will be dropped, as the server wrote it.

    `context` is how many tokens it was loaded for.
    """

    id: str
    size: int | None = None
    size_vram: int | None = None
    until: str = ""
    context: int | None = None


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a server tells about a model; empty or None where it tells nothing. `capabilities` are its own words."""

    family: str = ""
    parameter_size: str = ""
    quantization: str = ""
    context_length: int | None = None
    capabilities: tuple[str, ...] = ()
    template: str = ""
    license: str = ""
