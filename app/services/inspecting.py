"""Looking into a GGUF file: its header, whether it fits into the tab, and the prompt that its template makes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from app.core.device import Device
from app.core.fit import Fit, judge
from app.core.gguf.header import Header
from app.core.gguf.vocabulary import SpecialTokens, special_tokens
from app.core.inspection import Inspection, InspectionPhase, Xray, report_on
from app.core.messages import PromptMessage
from app.core.problems import BerthError
from app.core.store import Cell
from app.core.tokens import estimate
from app.core.xray import (
    CHATML,
    MOST_MARKED,
    Prompt,
    example,
    pieces_of,
    variables,
    with_start,
    without_start,
)
from app.services.model_headers import header_of
from app.services.ports import LocalFile, Templates, TokenCounter


class Inspecting:
    """One file at a time. Only its first megabytes are read."""

    def __init__(
        self,
        cell: Cell[Inspection],
        device: Device,
        templates: Templates,
        counter: TokenCounter,
        conversation: Callable[[], tuple[PromptMessage, ...]],
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """`conversation` gives the messages that a model would read now; `start` runs what takes time."""
        self.device = device
        self._cell = cell
        self._templates = templates
        self._counter = counter
        self._conversation = conversation
        self._start = start
        self._file: LocalFile | None = None

    @property
    def file(self) -> LocalFile | None:
        """The file that is looked at."""
        return self._file

    def inspect(self, file: LocalFile, prompt_first: bool = False) -> None:
        """Look into a file, in place of the one before; with `prompt_first` also make its prompt at once."""
        self._file = file
        begun = Inspection(InspectionPhase.READING, file.name, file.size, prompt_first=prompt_first)
        self._cell.update(lambda _: begun)
        self._start(self._read(file))

    def close(self) -> None:
        """Forget the file."""
        self._file = None
        self._cell.update(lambda _: Inspection())

    def choose_context(self, context: int) -> None:
        """Judge the fit for a context of so many tokens."""
        self._cell.update(lambda old: replace(old, context=context))

    def fit(self, inspection: Inspection) -> Fit | None:
        """Whether the file fits into the tab; None while nothing is known of it."""
        report = inspection.report
        return None if report is None else judge(report.shape, inspection.context, self.device)

    def xray(self) -> None:
        """Show the prompt that the file's template makes of the conversation at hand."""
        file, report = self._file, self._cell.value.report
        if file is not None and report is not None and not self._cell.value.xray.is_working:
            self._show(Xray(is_working=True))
            self._start(self._look_through(file, report.header, report.summary.chat_template or CHATML))

    async def _read(self, file: LocalFile) -> None:
        try:
            inspection = self._cell.value.ready(report_on(await header_of(file)))
        except BerthError as error:
            inspection = self._cell.value.failed(error.problem)
        if self._file is file:
            self._cell.update(lambda _: inspection)
            if inspection.prompt_first:
                self.xray()

    async def _look_through(self, file: LocalFile, header: Header, template: str) -> None:
        said = self._conversation()
        is_example = not said
        try:
            special = special_tokens(header, await file.head(header.length))
            text = await self._templates.render(template, variables(said or example(), special))
            prompt = await self._counted(file, without_start(text, special), special)
            xray = Xray(prompt=prompt, is_example=is_example)
        except BerthError as error:
            xray = Xray(problem=error.problem, is_example=is_example)
        if self._file is file:
            self._show(xray)

    async def _counted(self, file: LocalFile, text: str, special: SpecialTokens) -> Prompt:
        exact = await self._counter.count(file.name, file.size, text)
        text = with_start(text, special)
        pieces = pieces_of(text[:MOST_MARKED], special.texts)
        tokens = (
            sum(1 if one.is_special else estimate(one.text) for one in pieces) if exact is None else exact
        )
        return Prompt(pieces, tokens, exact is not None, max(0, len(text) - MOST_MARKED))

    def _show(self, xray: Xray) -> None:
        self._cell.update(lambda old: replace(old, xray=xray))
