"""How much a model reads: who says so, and in which order they are believed."""

from __future__ import annotations

from dataclasses import replace

from app.core.connection_states import Connections, ConnectionState
from app.core.connections import Connection, Model, ModelRef
from app.core.conversations import Conversation
from app.core.deltas import Usage
from app.core.local_api import LocalApi
from app.core.rooms import room_for
from app.core.saved_connections import SavedConnection
from app.core.spending import ModelFacts
from app.core.state import State
from app.core.tokens import estimate_prompt
from tests.core.conversing import tree

HOSTED = Connection("c1", "openai", "Hosted", "https://api.example.org/v1")
MODEL = ModelRef("c1", "m")


def state(*facts: ModelFacts, context: int | None = None, conversation: Conversation | None = None) -> State:
    """A page with one connection whose list tells that context."""
    item = ConnectionState(SavedConnection(HOSTED, facts=facts)).with_list(
        (Model("m", "m", context=context),), 0.0
    )
    local = LocalApi(Connection("local", "local_llm_api", "Local API", "http://127.0.0.1:5000/api/v1"))
    return State(conversation or Conversation("talk", 0.0), local, connections=Connections().with_item(item))


def test_a_model_of_which_nothing_is_known_has_any_room() -> None:
    assert room_for(state(), MODEL, {}).prompt is None


def test_the_list_of_the_api_tells_the_context() -> None:
    assert room_for(state(context=8192), MODEL, {}).context == 8192


def test_what_the_user_wrote_down_goes_before_the_list() -> None:
    assert room_for(state(ModelFacts("m", context=4096), context=8192), MODEL, {}).context == 4096


def test_what_the_user_set_for_the_request_goes_before_everything() -> None:
    known = state(ModelFacts("m", context=4096), context=8192)
    assert room_for(known, MODEL, {"num_ctx": 2048}).context == 2048


def test_the_longest_answer_is_the_one_that_was_set() -> None:
    assert room_for(state(), MODEL, {"max_tokens": 300}).answer == 300
    assert room_for(state(), MODEL, {"num_predict": -1}).answer is None


def test_the_last_answer_tells_how_long_its_prompt_really_was() -> None:
    talk = tree(("q", None), ("a", "q"))
    estimated = estimate_prompt(talk.prompt("q"))
    answer = replace(talk.messages["a"], model=MODEL, usage=Usage(prompt_tokens=2 * estimated))
    assert room_for(state(conversation=talk.with_message(answer)), MODEL, {}).scale == 2.0
