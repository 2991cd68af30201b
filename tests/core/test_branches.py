"""Branches: alternatives, the steps between them, and new ones; none of them ever loses a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import branches
from app.core.conversations import Conversation, Message, Status, title_of
from app.core.messages import PromptMessage, Role
from tests.core.conversing import MODEL, conversations, ids, shown, tree

FAMILY = (("q", None), ("a1", "q"), ("q2", "a1"), ("b1", "q2"), ("a2", "q"), ("a3", "q"))


def test_asking_adds_a_question_and_an_empty_answer() -> None:
    turn = branches.ask(tree(("q", None), ("a", "q")), "And then?", MODEL, 9.0, ids())
    assert shown(turn.conversation) == "q a n1 n2"
    assert [(one.role, one.text, one.status) for one in turn.added] == [
        (Role.USER, "And then?", Status.DONE),
        (Role.ASSISTANT, "", Status.STREAMING),
    ]
    assert turn.conversation.updated == 9.0


def test_the_first_question_becomes_the_title() -> None:
    turn = branches.ask(Conversation("talk", 0.0), "  What is\n Berth? ", MODEL, 1.0, ids())
    assert turn.conversation.title == "What is Berth?"


def test_later_questions_leave_the_title_alone() -> None:
    turn = branches.ask(tree(("q", None)).renamed("Mine"), "More?", MODEL, 1.0, ids())
    assert turn.conversation.title == "Mine"


def test_a_long_title_ends_at_a_word() -> None:
    assert title_of("word " * 40).endswith("word…")
    assert len(title_of("word " * 40)) <= 80
    assert len(title_of("x" * 500)) == 80


def test_editing_makes_an_alternative_and_keeps_what_was_said() -> None:
    turn = branches.edit(tree(*FAMILY[:4]), "q2", "Another question", MODEL, 9.0, ids())
    assert shown(turn.conversation) == "q a1 n1 n2"
    assert branches.positions(turn.conversation)["n1"] == (2, 2)
    assert turn.conversation.path("b1")[-1].id == "b1"


def test_regenerating_makes_an_alternative_answer() -> None:
    turn = branches.regenerate(tree(("q", None), ("a", "q")), "a", MODEL, 9.0, ids())
    assert shown(turn.conversation) == "q n1"
    assert branches.positions(turn.conversation)["n1"] == (2, 2)
    assert turn.prompt == (PromptMessage(Role.USER, "text of q"),)


def test_continuing_starts_an_alternative_with_the_text_so_far() -> None:
    turn = branches.resume(tree(("q", None), ("a", "q")), "a", MODEL, 9.0, ids())
    assert turn.answer.text == "text of a"
    assert turn.conversation.messages["a"].text == "text of a"
    assert turn.prompt[-1] == PromptMessage(Role.ASSISTANT, "text of a")


def test_the_system_prompt_comes_first() -> None:
    conversation = tree(("q", None)).with_system("Be brief.")
    assert conversation.prompt("q") == (
        PromptMessage(Role.SYSTEM, "Be brief."),
        PromptMessage(Role.USER, "text of q"),
    )


def test_positions_count_alternatives_in_the_order_of_their_making() -> None:
    assert branches.positions(tree(*FAMILY, head="a2")) == {"q": (1, 1), "a2": (2, 3)}


@pytest.mark.parametrize(
    ("message", "by", "expected"),
    [
        ("a2", 1, "q a3"),
        ("a2", -1, "q a1 q2 b1"),
        ("a3", 1, "q a2"),
        ("q", -1, "q a2"),
    ],
    ids=["next", "down to the newest leaf", "past the last", "before the first"],
)
def test_steps(message: str, by: int, expected: str) -> None:
    assert shown(branches.step(tree(*FAMILY, head="a2"), message, by)) == expected


def test_deleting_a_message_deletes_what_follows_it() -> None:
    smaller = branches.without(tree(*FAMILY, head="b1"), "a1")
    assert set(smaller.messages) == {"q", "a2", "a3"}
    assert shown(smaller) == "q a3"


def test_deleting_the_only_answer_shows_the_question() -> None:
    assert shown(branches.without(tree(("q", None), ("a", "q")), "a")) == "q"


def test_deleting_everything_leaves_an_empty_conversation() -> None:
    smaller = branches.without(tree(("q", None), ("a", "q")), "q")
    assert (smaller.head, smaller.messages) == (None, {})


def test_deleting_another_branch_changes_nothing_shown() -> None:
    assert shown(branches.without(tree(*FAMILY, head="a2"), "a1")) == "q a2"


@given(conversations())
def test_a_copy_is_the_same_tree_under_new_ids(conversation: Conversation) -> None:
    copy = branches.copy(conversation, 5.0, ids())
    assert not set(copy.messages) & set(conversation.messages)
    assert [one.text for one in copy.branch] == [one.text for one in conversation.branch]
    assert len(copy.messages) == len(conversation.messages)
    assert not any(one.status is Status.STREAMING for one in copy.messages.values())
    assert (copy.rev, copy.pinned, copy.created) == (0, False, 5.0)


@given(conversations(), st.data())
def test_any_step_shows_a_branch_through_an_alternative(
    conversation: Conversation, data: st.DataObject
) -> None:
    if conversation.head is None:
        return
    message = data.draw(st.sampled_from(conversation.branch))
    by = data.draw(st.integers(-2, 2))
    stepped = branches.step(conversation, message.id, by)
    siblings = branches.children(conversation)[message.parent]
    at = siblings.index(message.id) + by
    if 0 <= at < len(siblings):
        assert siblings[at] in [one.id for one in stepped.branch]
        assert stepped.head not in branches.children(stepped)
    else:
        assert stepped is conversation


@given(conversations(), st.data())
def test_deleting_any_branch_leaves_a_sound_conversation(
    conversation: Conversation, data: st.DataObject
) -> None:
    if not conversation.messages:
        return
    victim = data.draw(st.sampled_from(sorted(conversation.messages)))
    smaller = branches.without(conversation, victim)
    assert victim not in smaller.messages
    assert all(one.parent is None or one.parent in smaller.messages for one in smaller.messages.values())
    assert (smaller.head is None) == (not smaller.messages)
    assert smaller.head is None or smaller.branch


parents = st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.sampled_from("abcdefghxyz"))


@given(parents, st.none() | st.sampled_from("abcxyz"))
def test_any_parents_become_a_tree(links: dict[str, str | None], head: str | None) -> None:
    """Missing parents, circles, messages that are their own parents: every one can be shown, none is lost."""
    messages = {key: Message(key, parent, Role.USER, "", 0.0) for key, parent in links.items()}
    mended, mended_head = branches.sound(messages, head)
    assert set(mended) == set(messages)
    conversation = Conversation("talk", 0.0, mended_head, messages=mended)
    for key in mended:
        assert conversation.path(key)[0].parent is None
    assert (mended_head is None) == (not messages)
    if head in messages:
        assert mended_head == head


@given(conversations())
def test_a_sound_tree_stays_as_it_is(conversation: Conversation) -> None:
    assert branches.sound(conversation.messages, conversation.head) == (
        dict(conversation.messages),
        conversation.head,
    )
