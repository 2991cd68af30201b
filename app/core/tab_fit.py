"""The context that a model is loaded with: as large as wanted, and no larger than fits beside its weights."""

from __future__ import annotations

from app.core import formats
from app.core.fit import TAB, USUAL_CONTEXT, Shape, most_context
from app.core.problems import InvalidFile, Problem

LEAST_CONTEXT = 256
"""Tokens with less of which no conversation is possible."""


def context_for(name: str, shape: Shape, wanted: int) -> int:
    """The context to load a model with, in tokens; `wanted` is 0 for the usual one.

    Raises:
        InvalidFile: model or context do not fit into the memory of the tab; the problem says what would.
    """
    most = most_context(shape, TAB)
    if most < LEAST_CONTEXT:
        size, limit = formats.size(shape.weights), formats.size(TAB)
        raise InvalidFile(Problem.of("tab.too_large", name=name, size=size, limit=limit))
    if wanted > most:
        asked, fitting = formats.number(wanted), formats.number(most)
        raise InvalidFile(Problem.of("tab.context_too_large", name=name, wanted=asked, most=fitting))
    context = wanted or USUAL_CONTEXT
    return min(context, most, shape.trained or context)
