"""Answers side by side: how they are asked for, which are seen, and how they keep their places."""

from __future__ import annotations

from dataclasses import replace

from app.core import branches, sides
from app.core.branches import Turn
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Status, by_id
from app.core.trimming import Room
from tests.core.conversing import ids, shown

A, B, C = (ModelRef("local", f"{name}.gguf") for name in "abc")
EMPTY = Conversation("talk", 0.0)


def asked(*models: ModelRef) -> tuple[Turn, ...]:
    """The turns of a first question to these models: the question is n1, the answers n2 and so on."""
    new_id = ids()
    return sides.ask_beside(branches.ask(EMPTY, "Why?", models[0], 1.0, new_id), models[1:], 1.0, new_id)


def test_every_model_answers_the_same_question_and_the_first_one_is_on_the_branch() -> None:
    turns = asked(A, B, C)
    conversation = turns[-1].conversation
    assert [(turn.model, turn.answer.parent, turn.conversation) for turn in turns] == [
        (model, "n1", conversation) for model in (A, B, C)
    ]
    assert (shown(conversation), conversation.sides, conversation.model) == ("n1 n2", ("n2", "n3", "n4"), A)


def test_only_the_first_turn_brings_the_question() -> None:
    assert [[one.id for one in turn.added] for turn in asked(A, B)] == [["n1", "n2"], ["n3"]]


def test_the_answers_keep_their_order_when_they_are_read_again_whatever_their_ids_are() -> None:
    names = iter(["question", "z", "m", "a"])
    turn = branches.ask(EMPTY, "Why?", A, 1.0, lambda: next(names))
    conversation = sides.ask_beside(turn, [B, C], 1.0, lambda: next(names))[0].conversation
    read = replace(conversation, messages=by_id(reversed(conversation.messages.values())))
    assert branches.children(read)["question"] == ("z", "m", "a")


def test_one_model_alone_is_not_side_by_side() -> None:
    assert asked(A)[0].conversation.sides == ()


def test_an_answer_that_is_coming_beside_the_branch_counts_as_answering() -> None:
    turn = asked(A, B)[0]
    first_done = turn.conversation.with_message(replace(turn.answer, status=Status.DONE))
    assert first_done.is_answering
    assert not first_done.with_heading(first_done.heading.beside(())).is_answering


def test_the_answers_are_seen_in_the_place_of_the_one_on_the_branch() -> None:
    conversation = asked(A, B)[0].conversation
    question, answer = conversation.branch
    assert sides.beside(conversation, question) == ()
    assert [one.id for one in sides.beside(conversation, answer)] == ["n2", "n3"]


def test_an_answer_that_is_asked_for_again_takes_its_place_and_the_branch_stays() -> None:
    conversation = asked(A, B, C)[0].conversation
    again = branches.regenerate(conversation, "n3", B, 2.0, lambda: "n9").conversation
    assert (again.sides, shown(again)) == (("n2", "n9", "n4"), "n1 n2")


def test_the_branch_follows_its_own_answer_when_that_is_continued() -> None:
    conversation = asked(A, B)[0].conversation
    more = branches.resume(conversation, "n2", A, 2.0, lambda: "n9").conversation
    assert (more.sides, shown(more)) == (("n9", "n3"), "n1 n9")


def test_the_next_question_goes_on_from_the_branch_alone() -> None:
    conversation = asked(A, B)[0].conversation
    turn = branches.ask(conversation, "And then?", A, 2.0, ids_from(10))
    assert (turn.conversation.sides, shown(turn.conversation)) == ((), "n1 n2 n10 n11")


def ids_from(first: int) -> branches.NewId:
    numbers = iter(range(first, first + 9))
    return lambda: f"n{next(numbers)}"


def test_any_alternatives_can_be_put_side_by_side_up_to_four() -> None:
    conversation = asked(A)[0].conversation
    assert sides.alternatives(conversation, "n2") == ()
    for number in range(3, 8):
        conversation = branches.regenerate(conversation, "n2", B, 2.0, lambda n=number: f"n{n}").conversation
    assert sides.alternatives(conversation, "n3") == ("n3", "n4", "n5", "n6")
    assert sides.alternatives(conversation, "n7") == ("n4", "n5", "n6", "n7")


def test_a_copy_shows_its_own_answers_side_by_side() -> None:
    copy = branches.copy(asked(A, B)[0].conversation, 5.0, ids_from(20))
    assert set(copy.sides) <= set(copy.messages)
    assert len(copy.sides) == 2


def test_a_turn_knows_what_was_left_out_of_its_prompt() -> None:
    conversation = EMPTY
    for number in range(4):
        conversation = branches.ask(
            conversation, f"{number} " + "word " * 50, A, 1.0, ids_from(10 * number)
        ).conversation
    turn = branches.regenerate(conversation, conversation.head or "", A, 2.0, lambda: "last")
    fitted = turn.fitted(Room(200), lambda _: 60)
    assert fitted.answer.left_out == 2
    assert fitted.prompt == turn.prompt[2:]
    assert fitted.conversation.messages["last"].left_out == 2
