"""The context that a server has loaded a model with: learned after an answer, where no list tells it."""

from __future__ import annotations

from app.core.connections import ModelRef
from app.core.conversations import Message, Status
from app.core.messages import Role
from app.core.typed_connection import TypedConnection
from tests.services.docked import Browser, Tab, at_rest
from tests.services.fakes import Fails, Step, reply
from tests.services.virtual_time import in_virtual_time

OLLAMA = "http://127.0.0.1:11434"
TAGS = reply({"models": [{"name": "llama3.2:latest", "model": "llama3.2:latest", "size": 5}]})
LOADED = reply({"models": [{"name": "llama3.2:latest", "model": "llama3.2:latest", "context_length": 4096}]})


async def answered(*loaded: Step) -> Tab:
    """A tab in which a model of Ollama has answered, and what is in the server's memory was told then."""
    tab = await Browser().tab()
    tab.http.script(f"GET {OLLAMA}/api/version", reply({"version": "0.9.0"}))
    tab.http.script(f"GET {OLLAMA}/api/tags", TAGS)
    tab.http.script(f"GET {OLLAMA}/api/ps", *loaded)
    await tab.connecting.save(TypedConnection("ollama", "Mine", OLLAMA, ""))
    await at_rest()
    ref = ModelRef(tab.connections.items[-1].id, "llama3.2:latest")
    for status in (Status.STOPPED, Status.DONE):
        tab.connecting.answered(Message("m", None, Role.ASSISTANT, "Hi", 0.0, model=ref, status=status))
        await at_rest()
    return tab


@in_virtual_time
async def test_the_context_is_the_one_that_the_server_gave_the_model() -> None:
    tab = await answered(LOADED)
    assert [model.context for model in tab.connections.items[-1].models] == [4096]


@in_virtual_time
async def test_what_is_known_is_not_asked_again() -> None:
    tab = await answered(LOADED)
    ref = ModelRef(tab.connections.items[-1].id, "llama3.2:latest")
    message = Message("m", None, Role.ASSISTANT, "Hi", 0.0, model=ref)
    tab.connecting.answered(message)
    await at_rest()
    assert [one.path for one in tab.http.requests].count("/api/ps") == 1


@in_virtual_time
async def test_a_server_that_does_not_tell_is_no_trouble() -> None:
    tab = await answered(Fails("rejected"))
    assert [model.context for model in tab.connections.items[-1].models] == [None]
    assert tab.problems == []
