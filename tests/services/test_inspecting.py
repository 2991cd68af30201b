"""Looking into a file: how much of it is read, what is shown meanwhile, and the prompt of its template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.core.device import Device
from app.core.fit import GIB
from app.core.gguf.reader import FIRST_READ
from app.core.inspection import Inspection, InspectionPhase
from app.core.messages import PromptMessage, Role
from app.core.problems import InvalidInput, Problem
from app.core.state import State
from app.core.store import Store
from app.core.xray import CHATML
from app.services.inspecting import Inspecting
from tests.core.gguf_writer import STRING, Array, Gguf, llama, weights
from tests.services.fakes import FakeFile
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World


class FakeTemplates:
    """Renders every template to one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.problem: Problem | None = None

    async def render(self, template: str, variables: Mapping[str, Any]) -> str:
        self.asked.append((template, variables))
        if self.problem is not None:
            raise InvalidInput(self.problem)
        return self.text


class FakeCounter:
    """Counts what it is told to."""

    def __init__(self) -> None:
        self.tokens: int | None = None
        self.counted: list[tuple[str, int, str]] = []

    async def count(self, name: str, size: int, prompt: str) -> int | None:
        self.counted.append((name, size, prompt))
        return self.tokens


class Desk:
    """The service in a world of fakes."""

    def __init__(self, *said: PromptMessage) -> None:
        world = World()
        self.store: Store[State] = world.store
        self.templates = FakeTemplates("<a>Hi")
        self.counter = FakeCounter()
        self.service = Inspecting(
            self.store.cell("inspection", Inspection),
            Device(4, has_threads=True, memory=16 * GIB),
            self.templates,
            self.counter,
            lambda: said,
            world.tasks.start,
        )

    @property
    def shown(self) -> Inspection:
        return self.store.state.inspection

    async def inspect(self, file: FakeFile) -> Inspection:
        self.service.inspect(file)
        await settled()
        return self.shown

    async def xray(self) -> Inspection:
        self.service.xray()
        await settled()
        return self.shown


def a_file(data: bytes | None = None, **more: object) -> FakeFile:
    whole = Gguf(llama(more=more), weights()).file() if data is None else data
    return FakeFile("model.gguf", len(whole), whole)


@in_virtual_time
async def test_a_file_is_read_and_its_facts_are_shown() -> None:
    shown = await Desk().inspect(a_file())
    assert shown.phase is InspectionPhase.READY
    assert shown.report is not None
    assert (shown.report.summary.name, shown.context) == ("Small", 512)


@in_virtual_time
async def test_of_a_large_file_only_the_beginning_is_read() -> None:
    file = a_file(Gguf(llama(), weights()).file() + bytes(3 * FIRST_READ))
    assert (await Desk().inspect(file)).phase is InspectionPhase.READY
    assert file.bytes_read == FIRST_READ


@in_virtual_time
async def test_a_longer_header_is_read_with_a_second_try() -> None:
    words = [f"a long token {number}" for number in range(60_000)]
    file = a_file(**{"tokenizer.ggml.tokens": Array(STRING, words)})
    shown = await Desk().inspect(file)
    assert shown.report is not None
    assert shown.report.summary.vocabulary_size == 60_000
    assert file.bytes_read == FIRST_READ + file.size


@pytest.mark.parametrize("data", [b"GGUF", Gguf(llama(), weights()).file()[:100], b"PK\x03\x04" + bytes(100)])
@in_virtual_time
async def test_a_file_that_is_no_model_says_why(data: bytes) -> None:
    shown = await Desk().inspect(a_file(data))
    assert shown.phase is InspectionPhase.FAILED
    assert shown.problem is not None


@in_virtual_time
async def test_a_file_that_changed_under_the_page_says_so() -> None:
    shown = await Desk().inspect(FakeFile("model.gguf", 10_000, b"GGUF\x03\0\0\0" + bytes(16)))
    assert shown.problem == Problem.of("file.unreadable", name="model.gguf")


@in_virtual_time
async def test_what_is_read_of_a_file_that_was_closed_is_not_shown() -> None:
    desk = Desk()
    desk.service.inspect(a_file())
    desk.service.close()
    await settled()
    assert desk.shown == Inspection()


@in_virtual_time
async def test_the_fit_follows_the_context() -> None:
    desk = Desk()
    small = desk.service.fit(await desk.inspect(a_file(**{"llama.context_length": 8_192})))
    desk.service.choose_context(8_192)
    large = desk.service.fit(desk.shown)
    assert small is not None
    assert large is not None
    assert large.demand.cache == 2 * small.demand.cache


@in_virtual_time
async def test_the_prompt_is_that_of_the_conversation_at_hand() -> None:
    desk = Desk(PromptMessage(Role.USER, "Hello"))
    await desk.inspect(a_file(**{"tokenizer.chat_template": "T"}))
    shown = await desk.xray()
    template, variables = desk.templates.asked[0]
    assert (template, variables["messages"]) == ("T", [{"role": "user", "content": "Hello"}])
    assert shown.xray.prompt is not None
    assert not shown.xray.is_example


@in_virtual_time
async def test_without_a_conversation_or_a_template_there_is_an_example_in_chatml() -> None:
    desk = Desk()
    await desk.inspect(a_file(Gguf({"general.architecture": "llama"}, weights()).file()))
    assert (await desk.xray()).xray.is_example
    assert desk.templates.asked[0][0] == CHATML


@in_virtual_time
async def test_tokens_are_exact_when_the_model_runs_and_estimated_otherwise() -> None:
    desk = Desk(PromptMessage(Role.USER, "Hello"))
    await desk.inspect(a_file())
    estimated = (await desk.xray()).xray.prompt
    desk.counter.tokens = 7
    exact = (await desk.xray()).xray.prompt
    assert estimated is not None
    assert exact is not None
    assert (estimated.is_exact, exact.is_exact, exact.tokens) == (False, True, 7)


@in_virtual_time
async def test_the_model_counts_without_the_beginning_that_its_tokenizer_adds() -> None:
    desk = Desk(PromptMessage(Role.USER, "Hello"))
    desk.templates.text = "<s>Hi"
    words = Array(STRING, ["a", "<s>", "b"])
    await desk.inspect(a_file(**{"tokenizer.ggml.tokens": words, "tokenizer.ggml.add_bos_token": True}))
    shown = (await desk.xray()).xray.prompt
    assert [prompt for *_, prompt in desk.counter.counted] == ["Hi"]
    assert shown is not None
    assert shown.pieces[0].text == "<s>"


@in_virtual_time
async def test_a_template_that_fails_shows_its_problem() -> None:
    desk = Desk()
    desk.templates.problem = Problem.of("xray.memory")
    await desk.inspect(a_file())
    assert (await desk.xray()).xray.problem == desk.templates.problem
