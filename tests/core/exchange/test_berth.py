"""Berth's own format: lossless, checked, and never more than conversations."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversations import Conversation, Status
from app.core.exchange.berth import to_element
from app.core.exchange.importing import is_same, settle
from app.core.problems import InvalidFile
from tests.core.conversing import conversations, ids, tree
from tests.core.exchange.files import exported, imported


def as_it_comes_back(conversation: Conversation) -> Conversation:
    """What an export does not hold: the number of writes, and that an answer was still coming."""
    messages = {
        key: replace(one, status=Status.INTERRUPTED) if one.status is Status.STREAMING else one
        for key, one in conversation.messages.items()
    }
    return replace(conversation, rev=0, messages=messages)


@given(st.lists(conversations(), max_size=3), st.sampled_from([7, 100, 1 << 20]))
def test_what_is_exported_comes_back_whole(talks: list[Conversation], cut: int) -> None:
    assert imported(exported(*talks), cut) == [as_it_comes_back(one) for one in talks]


@given(st.lists(conversations(), min_size=1, max_size=2), st.sampled_from([None, 0, 3]), st.booleans())
def test_a_file_may_be_written_anew_by_other_programs(
    talks: list[Conversation], indent: int | None, sort: bool
) -> None:
    rewritten = json.dumps(json.loads(exported(*talks)), indent=indent, sort_keys=sort)
    assert imported(rewritten) == [as_it_comes_back(one) for one in talks]


def test_the_file_is_what_the_document_says() -> None:
    file = json.loads(exported(tree(("q", None), ("a", "q")).renamed("Hello")))
    assert list(file) == ["format", "version", "exported", "conversations", "unreadable", "sha256"]
    assert (file["format"], file["version"], file["exported"]) == ("berth", 1, "2027-01-15T08:00:00Z")
    assert file["conversations"][0]["title"] == "Hello"
    assert file["conversations"][0]["messages"][1] == {
        "id": "a",
        "parent": "q",
        "role": "assistant",
        "text": "text of a",
        "created": 1.0,
        "status": "done",
    }
    assert not {"rank", "rev", "conversation"} & {
        *file["conversations"][0],
        *file["conversations"][0]["messages"][0],
    }


def test_an_empty_export_is_valid() -> None:
    assert imported(exported()) == []


def test_a_changed_file_is_noticed_and_without_its_checksum_taken() -> None:
    file = json.loads(exported(tree(("q", None))))
    file["conversations"][0]["messages"][0]["text"] = "forged"
    with pytest.raises(InvalidFile, match="damaged"):
        imported(json.dumps(file))
    del file["sha256"]
    (found,) = imported(json.dumps(file))
    assert found is not None
    assert found.messages["q"].text == "forged"


def test_a_missing_conversation_is_noticed() -> None:
    file = json.loads(exported(tree(("q", None)), tree(("r", None))))
    del file["conversations"][0]
    with pytest.raises(InvalidFile, match="damaged"):
        imported(json.dumps(file))


def test_a_newer_version_is_refused() -> None:
    file = {**json.loads(exported()), "version": 2}
    with pytest.raises(InvalidFile, match="newer version"):
        imported(json.dumps(file))


@pytest.mark.parametrize("text", ["[]", "{}", '{"a": [1, 2]}', '[{"name": "x"}]', '{"format": "other"}'])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidFile, match="holds no conversations"):
        imported(text)


@pytest.mark.parametrize("text", ["", "hello", "[", '{"format": "berth", "conversations": ['])
def test_a_file_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidFile, match="cannot be read"):
        imported(text)


def test_records_that_were_put_aside_are_carried_along_and_not_imported() -> None:
    file = {**json.loads(exported(tree(("q", None)))), "unreadable": [{"id": "x", "messages": []}]}
    assert len(imported(json.dumps(file))) == 1


@given(conversations(), st.sets(st.sampled_from(["m0", "m1", "m2", "m3"])), st.booleans())
def test_settled_ids_are_free_and_the_tree_is_the_same(
    conversation: Conversation, taken: set[str], is_id_taken: bool
) -> None:
    used = taken | ({conversation.id} if is_id_taken else set())
    settled = settle(conversation, used.__contains__, ids())
    assert not used & {settled.id, *settled.messages}
    assert [one.text for one in settled.branch] == [one.text for one in conversation.branch]
    if not used & {conversation.id, *conversation.messages}:
        assert settled == conversation


@pytest.mark.parametrize("hostile", ["a:b", "__proto__ x", "", "x" * 65, "ü", "../etc"])
def test_ids_that_do_not_fit_are_replaced(hostile: str) -> None:
    settled = settle(replace(tree((hostile, None)), id=hostile), lambda _: False, ids())
    assert settled.id == "n1"
    assert list(settled.messages) == ["n2"]


@given(conversations())
def test_the_same_is_the_same_whatever_its_revision(conversation: Conversation) -> None:
    assert is_same(conversation, replace(conversation, rev=conversation.rev + 1))
    assert not is_same(conversation, conversation.with_system(f"{conversation.system}!"))
    assert "key" not in to_element(conversation)
