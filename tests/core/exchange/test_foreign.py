"""The exports of other programs: what is understood comes over, and nothing in them is a crash."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import branches
from app.core.connections import ModelRef
from app.core.messages import Role
from app.core.problems import InvalidFile
from tests.core.exchange.files import imported, only


def node(key: str, parent: str | None, role: str = "", text: str = "", **more: Any) -> dict[str, Any]:
    """A node of ChatGPT's tree."""
    message = None
    if role:
        content = {"content_type": "text", "parts": [text]}
        message = {
            "author": {"role": role},
            "content": content,
            "create_time": 1700000000.5,
            "recipient": "all",
        } | more
    return {"id": key, "parent": parent, "children": [], "message": message}


def chatgpt(*nodes: dict[str, Any], current: str = "") -> dict[str, Any]:
    """A conversation of ChatGPT's."""
    return {
        "title": "About lighthouses",
        "create_time": 1699999999.0,
        "update_time": 1700000100.0,
        "mapping": {one["id"]: one for one in nodes},
        "current_node": current or nodes[-1]["id"],
        "conversation_id": "6a1b-22",
    }


LIGHTHOUSES = chatgpt(
    node("root", None),
    node("sys", "root", "system", "You are ChatGPT"),
    node("q", "sys", "user", "How?"),
    node("a1", "q", "assistant", "By light.", metadata={"model_slug": "gpt-4o"}),
    node(
        "thoughts",
        "q",
        "assistant",
        content={"content_type": "thoughts", "thoughts": [{"summary": "Lenses", "content": "Fresnel"}]},
    ),
    node("tool", "thoughts", "assistant", "search()", recipient="web"),
    node("result", "tool", "tool", "found it"),
    node("a2", "result", "assistant", "By a lens.", metadata={"model_slug": "o3"}),
)


def test_chatgpt_branches_thoughts_and_models_come_over() -> None:
    talk = only([LIGHTHOUSES])
    assert (talk.id, talk.title, talk.created, talk.updated) == (
        "6a1b-22",
        "About lighthouses",
        1699999999.0,
        1700000100.0,
    )
    assert [(one.role, one.text) for one in talk.branch] == [
        (Role.USER, "How?"),
        (Role.ASSISTANT, "By a lens."),
    ]
    answer = talk.branch[-1]
    assert (answer.reasoning, answer.model) == ("Lenses\n\nFresnel", ModelRef("chatgpt", "o3"))
    assert branches.positions(talk)[answer.id] == (2, 2)
    assert len(talk.messages) == 3


def test_chatgpt_code_images_and_speech() -> None:
    code = {"content_type": "code", "language": "python", "text": "1 + 1"}
    mixed = {
        "content_type": "multimodal_text",
        "parts": [{"content_type": "image_asset_pointer"}, "What is it?", 7, None],
    }
    talk = only([chatgpt(node("q", None, "user", content=mixed), node("a", "q", "assistant", content=code))])
    assert [one.text for one in talk.branch] == ["(image)\n\nWhat is it?", "```python\n1 + 1\n```"]


def test_chatgpt_hidden_messages_are_left_out() -> None:
    hidden = {"is_visually_hidden_from_conversation": True}
    talk = only([chatgpt(node("h", None, "user", "profile", metadata=hidden), node("q", "h", "user", "Hi"))])
    assert [one.text for one in talk.branch] == ["Hi"]


def test_a_chatgpt_conversation_without_messages_is_unreadable() -> None:
    assert imported(json.dumps([chatgpt(node("root", None)), LIGHTHOUSES]))[0] is None


def message(key: str, parent: str | None, role: str, content: Any, **more: Any) -> dict[str, Any]:
    """A message of Open WebUI's."""
    return {
        "id": key,
        "parentId": parent,
        "childrenIds": [],
        "role": role,
        "content": content,
        "timestamp": 1700000000,
    } | more


def open_webui(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A chat of Open WebUI's."""
    history = {"messages": {one["id"]: one for one in messages}, "currentId": messages[-1]["id"]}
    chat = {
        "title": "A cake",
        "models": ["llama3"],
        "history": history,
        "timestamp": 1700000000123,
        "params": {},
    }
    return {
        "id": "chat-1",
        "title": "A cake",
        "chat": chat,
        "created_at": 1700000000,
        "updated_at": 1700000200,
        "pinned": True,
    } | more


CAKE = open_webui(
    message("q", None, "user", "A recipe?"),
    message("a1", "q", "assistant", "Butter.", model="llama3"),
    message(
        "a2",
        "q",
        "assistant",
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n'
        "&gt; Is it &lt;good&gt;?\n&gt; Yes.\n</details>\nSugar.",
        model="qwen3",
    ),
)


def test_open_webui_branches_reasoning_and_models_come_over() -> None:
    talk = only([CAKE])
    assert (talk.id, talk.title, talk.pinned, talk.updated) == ("chat-1", "A cake", True, 1700000200.0)
    assert [one.text for one in talk.branch] == ["A recipe?", "Sugar."]
    answer = talk.branch[-1]
    assert (answer.reasoning, answer.model) == ("Is it <good>?\nYes.", ModelRef("open-webui", "qwen3"))
    assert branches.positions(talk)["a2"] == (2, 2)


def test_open_webui_system_prompts_and_lists_of_parts() -> None:
    parts = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "https://x/y.png"}}]
    value = open_webui(message("q", None, "user", parts))
    value["chat"]["params"] = {"system": "Be brief."}
    talk = only([value])
    assert (talk.system, talk.branch[0].text) == ("Be brief.", "Look")


def test_an_old_chat_of_open_webui_is_a_list() -> None:
    value = {
        "id": "old",
        "chat": {
            "title": "",
            "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
        },
    }
    talk = only([value])
    assert [one.text for one in talk.branch] == ["Hi", "Ho"]
    assert talk.title == "Hi"


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_times_are_in_seconds_whatever_they_were_in(unit: int) -> None:
    talk = only([open_webui(message("q", None, "user", "Hi"), created_at=1_700_000_000 * unit)])
    assert talk.created == pytest.approx(1_700_000_000)


def test_a_single_chat_is_read_without_a_list_around_it() -> None:
    assert only(CAKE).title == "A cake"
    assert only(LIGHTHOUSES).title == "About lighthouses"


def test_nothing_but_conversations_comes_over() -> None:
    """Addresses and keys that other programs may write beside the chats are not looked at."""
    value = {**CAKE, "config": {"openai_api_key": "sk-secret", "base_url": "https://evil.example"}}
    assert "sk-secret" not in repr(only([value]))
    assert "evil.example" not in repr(only([value]))


def test_ten_thousand_messages_in_a_row_are_no_problem() -> None:
    nodes = [node("n0", None, "user", "0")] + [
        node(f"n{i}", f"n{i - 1}", "user", str(i)) for i in range(1, 10_000)
    ]
    assert len(only([chatgpt(*nodes)]).branch) == 10_000


junk = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.builds(list)  # each time another one: a later damage may be done inside it
    | st.builds(dict)
    | st.builds(lambda: ["x", {}])
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inside for found in places(one, (*path, key)))]


@given(
    st.sampled_from([LIGHTHOUSES, CAKE]),
    st.lists(st.tuples(st.integers(0, 10**6), junk), min_size=1, max_size=4),
)
def test_junk_anywhere_is_read_or_refused(original: dict[str, Any], damages: list[tuple[int, Any]]) -> None:
    value: Any = [copy.deepcopy(original)]
    for place, damage in damages:
        paths = places(value)
        path = paths[place % len(paths)]
        if not path:
            continue
        target = value
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = damage
    try:
        found = imported(json.dumps(value))
    except InvalidFile:
        return
    for talk in found:
        assert talk is None or talk.branch, "it can be shown"
