"""The models that a server keeps: downloaded, loaded, freed, described and deleted, and what is told of it."""

from __future__ import annotations

import json

import pytest

from app.core.http import HttpReply
from app.core.problems import InvalidInput
from app.core.remote_models import PullProgress, RemoteModels
from app.core.typed_connection import TypedConnection
from tests.services.docked import Browser, Tab, at_rest
from tests.services.fakes import Fails, Slow, Step, reply
from tests.services.virtual_time import in_virtual_time

OLLAMA = "http://127.0.0.1:11434"
NAME = "llama3.2:latest"
TAGS = reply({"models": [{"name": NAME, "model": NAME, "size": 5}]})
NOTHING = reply({"models": []})
LOADED = reply({"models": [{"name": NAME, "model": NAME, "size": 7}]})
REFUSED = reply({"error": "model is in use"}, 500)


def lines(*news: dict[str, object]) -> HttpReply:
    """The stream of a download."""
    body = b"".join(json.dumps(one).encode() + b"\n" for one in news)
    return HttpReply(200, {"content-type": "application/x-ndjson"}, body)


PULLED = lines({"status": "pulling 1", "digest": "1", "total": 9, "completed": 4}, {"status": "success"})


async def opened(**steps: Step) -> tuple[Tab, str]:
    """A tab in which the models of an Ollama are looked at, and the id of its connection; steps are by path."""
    tab = await Browser().tab()
    plain: dict[str, Step] = {"version": reply({"version": "0.9.0"}), "tags": TAGS, "ps": NOTHING}
    for path, step in {**plain, **steps}.items():
        method = {"delete": "DELETE"}.get(path, "GET" if path in plain else "POST")
        tab.http.script(f"{method} {OLLAMA}/api/{path}", step)
    await tab.connecting.save(TypedConnection("ollama", "Mine", OLLAMA, ""))
    await at_rest()
    connection_id = tab.connections.items[-1].id
    tab.connecting.remote.open(connection_id)
    await at_rest()
    return tab, connection_id


def state(tab: Tab) -> RemoteModels:
    """What is known now."""
    return tab.store.state.remote_models


@in_virtual_time
async def test_only_servers_that_can_be_told_are_managed() -> None:
    tab, _ = await opened()
    await tab.add()
    managed = [tab.connecting.remote.manages(item.saved.connection) for item in tab.connections.items]
    assert managed == [True, False]


@in_virtual_time
async def test_what_is_in_memory_is_read_when_the_sheet_opens() -> None:
    tab, _ = await opened(ps=LOADED)
    assert [(one.id, one.size) for one in state(tab).loaded or ()] == [(NAME, 7)]


@in_virtual_time
async def test_a_download_is_told_while_it_goes_on_and_forgotten_at_its_end() -> None:
    tab, connection_id = await opened(pull=Slow(1.0, PULLED))
    tab.connecting.remote.pull(connection_id, " llama3.2 ")
    assert [(pull.model, pull.progress) for pull in state(tab).pulls] == [("llama3.2", PullProgress(""))]
    await at_rest()
    asked = tab.http.asked("GET /api/tags")
    await tab.clock.sleep(2)
    assert state(tab).pulls == ()
    assert tab.news[-1] == "llama3.2 is on the server now."
    assert tab.http.asked("GET /api/tags") == asked + 1


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lines({"error": "pull model manifest: file does not exist"}), "file does not exist"),
        (lines({"status": "pulling manifest"}), "The server ended the download before all was there."),
        (Fails("rejected"), "gave no readable answer"),
        (REFUSED, "model is in use"),
    ],
    ids=["unknown", "cut", "unreadable", "refused"],
)
@in_virtual_time
async def test_a_download_that_fails_says_why_and_can_be_begun_again(end: Step, said: str) -> None:
    tab, connection_id = await opened(pull=end)
    tab.connecting.remote.pull(connection_id, "llama3.2")
    await at_rest()
    (pull,) = state(tab).pulls
    assert pull.problem is not None and said in f"{pull.problem} {pull.problem.details}"
    tab.http.script(f"POST {OLLAMA}/api/pull", PULLED)
    tab.connecting.remote.pull(connection_id, "llama3.2")
    await at_rest()
    assert state(tab).pulls == ()


@in_virtual_time
async def test_a_download_that_is_stopped_ends_the_request() -> None:
    tab, connection_id = await opened(pull=Slow(60.0, PULLED))
    tab.connecting.remote.pull(connection_id, "llama3.2")
    await at_rest()
    tab.connecting.remote.leave_pull(connection_id, "llama3.2")
    await at_rest()
    assert state(tab).pulls == ()
    assert [request.path for request in tab.http.cancelled] == ["/api/pull"]


@in_virtual_time
async def test_a_download_needs_a_name() -> None:
    tab, connection_id = await opened()
    with pytest.raises(InvalidInput, match="No model is named"):
        tab.connecting.remote.pull(connection_id, "  ")


@in_virtual_time
async def test_loading_and_freeing_read_the_memory_anew() -> None:
    tab, _ = await opened(generate=reply({"done": True}))
    tab.http.script(f"GET {OLLAMA}/api/ps", LOADED, NOTHING)
    await tab.connecting.remote.load(NAME)
    assert [one.id for one in state(tab).loaded or ()] == [NAME]
    await tab.connecting.remote.unload(NAME)
    assert state(tab).loaded == ()
    sent = [json.loads(one.body or b"{}") for one in tab.http.requests if one.path == "/api/generate"]
    assert [one.get("keep_alive") for one in sent] == [None, 0]


@in_virtual_time
async def test_a_model_is_described_in_the_server_s_words() -> None:
    shown = reply({"details": {"family": "llama", "parameter_size": "3.2B", "quantization_level": "Q4_K_M"}})
    tab, _ = await opened(show=shown)
    await tab.connecting.remote.describe(NAME)
    details = state(tab).details[NAME]
    assert (details.family, details.parameter_size, details.quantization) == ("llama", "3.2B", "Q4_K_M")


@in_virtual_time
async def test_a_deleted_model_leaves_the_list() -> None:
    tab, connection_id = await opened(delete=HttpReply(200))
    tab.http.script(f"GET {OLLAMA}/api/tags", NOTHING)
    await tab.connecting.remote.delete(NAME)
    item = tab.connections.get(connection_id)
    assert item is not None and item.models == ()


@in_virtual_time
async def test_what_the_server_refuses_is_shown_and_the_next_try_forgets_it() -> None:
    tab, _ = await opened(generate=REFUSED)
    await tab.connecting.remote.load(NAME)
    problem = state(tab).problem
    assert problem is not None and "model is in use" in f"{problem} {problem.details}"
    assert state(tab).busy == frozenset()
    tab.http.script(f"POST {OLLAMA}/api/generate", reply({"done": True}))
    await tab.connecting.remote.load(NAME)
    assert state(tab).problem is None
