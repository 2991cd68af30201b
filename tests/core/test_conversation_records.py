"""Records: what is written is read again as it was, and nothing that may be in a record is a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation_records import (
    InvalidRecord,
    assemble,
    heading_record,
    message_record,
    read_heading,
    read_message,
)
from app.core.conversations import Conversation, Heading, Message, Status
from app.core.messages import Role
from tests.core.conversing import conversations

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    *heading_record(Heading("a", 0.0)),
    *message_record("a", Message("m", None, Role.USER, "", 0.0)),
    "usage",
)
FIELDS += ("problem", "attachments", "reasoning", "seconds", "first_delta", "thought", "finish", "raw")


@given(conversations())
def test_a_conversation_survives_its_records(conversation: Conversation) -> None:
    heading = json.loads(json.dumps(heading_record(conversation.heading)))
    messages = json.loads(
        json.dumps([message_record(conversation.id, one) for one in conversation.messages.values()])
    )
    assert assemble(read_heading(heading), [read_message(one) for one in reversed(messages)]) == conversation


@given(conversations())
def test_the_rank_in_the_record_sorts_as_the_headings_do(conversation: Conversation) -> None:
    assert tuple(heading_record(conversation.heading)["rank"]) == conversation.rank


@given(st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values)
def test_any_json_is_a_heading_or_unreadable(value: Any) -> None:
    try:
        heading = read_heading(value)
    except InvalidRecord:
        return
    assert read_heading(json.loads(json.dumps(heading_record(heading)))) == heading


@given(st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values)
def test_any_json_is_a_message_or_unreadable(value: Any) -> None:
    try:
        message = read_message(value)
    except InvalidRecord:
        return
    assert read_message(json.loads(json.dumps(message_record("talk", message)))) == message


@given(st.fixed_dictionaries({"id": st.text(min_size=1), "role": st.sampled_from(Role), "text": st.text()}))
def test_id_role_and_text_are_enough_for_a_message(record: dict[str, Any]) -> None:
    message = read_message(record)
    assert (message.text, message.status) == (record["text"], Status.DONE)


@pytest.mark.parametrize("missing", ["id", "role", "text"])
def test_without_one_of_them_it_is_none(missing: str) -> None:
    record = {"id": "m", "role": "user", "text": "hello"}
    del record[missing]
    with pytest.raises(InvalidRecord):
        read_message(record)
