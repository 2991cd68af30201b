"""How a model is loaded into the tab: the context that fits beside its weights, and the threads."""

from __future__ import annotations

from dataclasses import dataclass

from app.core import formats
from app.core.fit import shape_of
from app.core.gguf.header import Header
from app.core.problems import InvalidFile, Problem
from app.core.tab_models import MEMORY, ROOM_FOR_WORK

USUAL_CONTEXT = 4096
"""Tokens of context unless the user chose otherwise: enough to talk, and its memory stays small."""

LEAST_CONTEXT = 256
"""Tokens with less of which no conversation is possible."""

WORTH_THREADS = 64 * 2**20
"""Bytes of a model below which threads wait for each other longer than they work, above all on a busy machine."""

MOST_THREADS = 8
"""Threads beyond which the memory is the limit, not the processor."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a model needs: the bytes of its files, those of one token of context, and the longest context it knows."""

    size: int
    token: int
    context: int | None

    @classmethod
    def of(cls, header: Header, size: int) -> Needs:
        """Those of a model by the header of its first file; `size` is that of all its files."""
        shape = shape_of(header)
        return cls(size, shape.cache, shape.trained)

    def with_context(self, tokens: int) -> int:
        """Bytes needed in all with a context of so many tokens."""
        return self.size + tokens * self.token + ROOM_FOR_WORK


def context_for(name: str, needs: Needs, wanted: int) -> int:
    """The context to load a model with, in tokens; `wanted` is 0 for the usual one.

    Raises:
        InvalidFile: model or context do not fit into the memory of the tab; the problem says what would.
    """
    room = MEMORY - needs.with_context(0)
    most = room // needs.token if needs.token else max(wanted, USUAL_CONTEXT)
    if room <= 0 or most < LEAST_CONTEXT:
        raise InvalidFile(
            Problem.of("tab.too_large", name=name, size=formats.size(needs.size), limit=formats.size(MEMORY))
        )
    if wanted > most:
        raise InvalidFile(
            Problem.of(
                "tab.context_too_large", name=name, wanted=formats.number(wanted), most=formats.number(most)
            )
        )
    context = wanted or USUAL_CONTEXT
    return min(context, most, needs.context or context)


def threads_for(cores: int, has_threads: bool, size: int, wanted: int) -> int:
    """The number of threads for a model of `size` bytes; `wanted` is 0 for as many as help.

    A page that is not isolated has one.
    """
    if not has_threads:
        return 1
    if wanted:
        return min(wanted, cores)
    if size < WORTH_THREADS:
        return 1
    real = max(2, cores // 2)  # browsers count two for each core that has two threads of its own
    return max(1, min(real, cores, MOST_THREADS))
