"""Counting tokens by the model that runs in the tab."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from app.core.http import HttpReply
from app.core.problems import EngineError, Problem
from app.core.tab_models import EngineState, Source, Stage, TabModel, TabModels
from app.services.tab_counter import TabCounter
from tests.services.virtual_time import in_virtual_time
from tests.services.world import World

MODEL = TabModel("model.gguf", "model.gguf", 1_000, Source.FILE)


class FakeLoader:
    """Answers every request with one body."""

    def __init__(self, body: str = '{"usage": {"prompt_tokens": 7}}') -> None:
        self.body = body
        self.problem: Problem | None = None
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    @asynccontextmanager
    async def answer(self, model_id: str, _purpose: str, path: str, body: bytes) -> AsyncIterator[FakeLoader]:
        self.asked.append((model_id, path, json.loads(body)))
        if self.problem is not None:
            raise EngineError(self.problem)
        yield self

    async def read(self) -> HttpReply:
        return HttpReply(200, {}, self.body.encode())


def counter(
    loader: FakeLoader, stage: Stage = Stage.READY, model: str = MODEL.id, given: TabModel = MODEL
) -> TabCounter:
    cell = World().store.cell("tab_models", TabModels)
    cell.update(lambda models: replace(models, models=(given,), engine=EngineState(stage, model)))
    return TabCounter(cell, loader)  # type: ignore[arg-type]


@in_virtual_time
async def test_the_model_that_runs_reads_the_prompt_and_counts() -> None:
    loader = FakeLoader()
    assert await counter(loader).count("model.gguf", 1_000, "<s>Hi") == 7
    asked = {"model": "model.gguf", "prompt": "<s>Hi", "max_tokens": 1, "stream": False}
    assert loader.asked == [("model.gguf", "/completions", asked)]


@in_virtual_time
async def test_a_shard_is_counted_by_the_model_it_belongs_to() -> None:
    whole = replace(MODEL, size=3_000, shards=3)
    assert await counter(FakeLoader(), given=whole).count("model-00001-of-00003.gguf", 1_000, "Hi") == 7


@pytest.mark.parametrize(
    ("stage", "model", "size"),
    [(Stage.LOADING, MODEL.id, 1_000), (Stage.READY, "other.gguf", 1_000), (Stage.READY, MODEL.id, 999)],
)
@in_virtual_time
async def test_no_model_is_loaded_only_to_count(stage: Stage, model: str, size: int) -> None:
    loader = FakeLoader()
    assert await counter(loader, stage, model).count("model.gguf", size, "Hi") is None
    assert loader.asked == []


@in_virtual_time
async def test_a_prompt_that_the_model_cannot_take_is_not_counted() -> None:
    loader = FakeLoader()
    loader.problem = Problem("Too long.")
    assert await counter(loader).count("model.gguf", 1_000, "Hi") is None


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"usage": {}}', '{"usage": null}'])
@in_virtual_time
async def test_a_reply_without_a_count_counts_nothing(body: str) -> None:
    assert await counter(FakeLoader(body)).count("model.gguf", 1_000, "Hi") is None
