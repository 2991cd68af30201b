"""What the inspector shows of one file: how far the reading is, what the header says, and the prompt it makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.fit import USUAL_CONTEXT, Shape, contexts, shape_of
from app.core.gguf.header import Header
from app.core.gguf.layers import Layer, layers_of
from app.core.gguf.summary import Summary, summarize
from app.core.problems import Problem
from app.core.xray import Prompt


class InspectionPhase(StrEnum):
    """How far the reading of a file is."""

    CLOSED = "closed"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is drawn from a header, once."""

    header: Header
    summary: Summary
    layers: tuple[Layer, ...]
    shape: Shape


@dataclass(frozen=True, slots=True)
class Xray:
    """The prompt of a conversation, or why there is none. `is_example` when no conversation was at hand."""

    is_working: bool = False
    prompt: Prompt | None = None
    problem: Problem | None = None
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Inspection:
    """The file that is looked at.

    `context` is the one that the fit is judged for, in tokens. `prompt_first` when it is the prompt that was asked for.
    """

    phase: InspectionPhase = InspectionPhase.CLOSED
    name: str = ""
    size: int = 0
    report: Report | None = None
    problem: Problem | None = None
    context: int = USUAL_CONTEXT
    xray: Xray = Xray()
    prompt_first: bool = False

    def ready(self, report: Report) -> Inspection:
        """The state when the header was read."""
        offered = contexts(report.shape)
        context = max((one for one in offered if one <= USUAL_CONTEXT), default=offered[0])
        return replace(self, phase=InspectionPhase.READY, report=report, context=context)

    def failed(self, problem: Problem) -> Inspection:
        """The state when the file is none that can be read."""
        return replace(self, phase=InspectionPhase.FAILED, problem=problem)


def report_on(header: Header) -> Report:
    """Draw everything from a header."""
    return Report(header, summarize(header), layers_of(header.tensors), shape_of(header))
