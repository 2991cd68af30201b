"""Branches of a conversation: alternatives, the steps between them, and how new ones begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.core.attachments import Attachment
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Heading, Message, Status
from app.core.messages import PromptMessage, Role
from app.core.trimming import Count, Room, fit, leave_out

NewId = Callable[[], str]
"""Makes a random id."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A conversation in which `model` is to answer. `added` are the new messages, the `answer` last of them."""

    conversation: Conversation
    added: tuple[Message, ...]
    answer: Message
    model: ModelRef

    @property
    def prompt(self) -> tuple[PromptMessage, ...]:
        """What the model reads. It ends with the beginning of the answer when that is to be continued."""
        return leave_out(self.conversation.prompt(self.answer.id), self.answer.left_out)

    def shown_in(self, heading: Heading) -> Heading:
        """The stored heading, which another tab may have changed, with this turn shown."""
        grown = self.conversation
        return replace(
            heading.shown_to(grown.head).beside(grown.sides),
            title=heading.title or grown.title,
            model=grown.model,
            updated=grown.updated,
        )

    def fitted(self, room: Room, count: Count) -> Turn:
        """The same, with the oldest messages left out of the prompt that do not fit into this room."""
        if room.context is None:
            return self
        left_out = fit(self.conversation.prompt(self.answer.id), room, count).left_out
        answer = replace(self.answer, left_out=left_out)
        added = (*self.added[:-1], answer)
        return Turn(self.conversation.with_message(answer), added, answer, self.model)


def ask(
    conversation: Conversation,
    text: str,
    model: ModelRef,
    now: float,
    new_id: NewId,
    attachments: tuple[Attachment, ...] = (),
) -> Turn:
    """Say `text` at the end of the branch shown, with `attachments`."""
    question = Message(new_id(), conversation.head, Role.USER, text, now, attachments=attachments)
    return _asked(conversation, question, model, now, new_id)


def edit(
    conversation: Conversation, message_id: str, text: str, model: ModelRef, now: float, new_id: NewId
) -> Turn:
    """Say `text` in place of a message of the user, which stays as an alternative with all that followed it."""
    said = conversation.messages[message_id]
    question = Message(new_id(), said.parent, Role.USER, text, now, attachments=said.attachments)
    return _asked(conversation, question, model, now, new_id)


def regenerate(
    conversation: Conversation, answer_id: str, model: ModelRef, now: float, new_id: NewId
) -> Turn:
    """Ask for an alternative to an answer. Among answers that are shown side by side it takes the place of that one."""
    parent = conversation.messages[answer_id].parent
    return _in_place(conversation, answer_id, _answered(conversation, parent, "", model, now, new_id))


def resume(conversation: Conversation, answer_id: str, model: ModelRef, now: float, new_id: NewId) -> Turn:
    """Ask for the rest of an answer, as an alternative that begins with the text of it.

    The answer that was cut off stays what it was, so that nothing is lost when the rest is worse than the beginning.
    """
    cut = conversation.messages[answer_id]
    turn = _answered(conversation, cut.parent, cut.text, model, now, new_id)
    answer = replace(turn.answer, reasoning=cut.reasoning)
    turn = Turn(turn.conversation.with_message(answer), (answer,), answer, model)
    return _in_place(conversation, answer_id, turn)


def children(conversation: Conversation) -> dict[str | None, tuple[str, ...]]:
    """The alternatives after each message, by its id, oldest first; those of None begin the conversation."""
    found: dict[str | None, list[str]] = {}
    for message in conversation.messages.values():
        found.setdefault(message.parent, []).append(message.id)
    return {parent: tuple(ids) for parent, ids in found.items()}


def positions(conversation: Conversation) -> dict[str, tuple[int, int]]:
    """For each message of the branch shown, which of how many alternatives it is: (2, 3) is “2 of 3”."""
    alternatives = children(conversation)
    found: dict[str, tuple[int, int]] = {}
    for message in conversation.branch:
        siblings = alternatives[message.parent]
        found[message.id] = (siblings.index(message.id) + 1, len(siblings))
    return found


def step(conversation: Conversation, message_id: str, by: int) -> Conversation:
    """Show the alternative `by` places after a message (negative: before it), down to its newest end.

    Past the first or the last alternative nothing changes.
    """
    alternatives = children(conversation)
    siblings = alternatives[conversation.messages[message_id].parent]
    at = siblings.index(message_id) + by
    if not 0 <= at < len(siblings):
        return conversation
    return conversation.shown_to(_newest_leaf(alternatives, siblings[at]))


def newest_end(conversation: Conversation, message_id: str) -> str:
    """The end of the branch that a message is on, following its newest alternatives."""
    return _newest_leaf(children(conversation), message_id)


def below(conversation: Conversation, message_id: str) -> frozenset[str]:
    """The ids of a message and of all that follow it, in any branch."""
    alternatives = children(conversation)
    found: set[str] = set()
    waiting = [message_id]
    while waiting:
        at = waiting.pop()
        found.add(at)
        waiting.extend(alternatives.get(at, ()))
    return frozenset(found)


def without(conversation: Conversation, message_id: str) -> Conversation:
    """The conversation without a message and all that follow it. A branch that ended there shows an alternative."""
    gone = below(conversation, message_id)
    parent = conversation.messages[message_id].parent
    kept = {key: message for key, message in conversation.messages.items() if key not in gone}
    smaller = replace(conversation, messages=kept)
    if conversation.head not in gone:
        return smaller
    alternatives = children(smaller)
    if parent is None and None not in alternatives:
        return smaller.shown_to(None)
    if parent in alternatives:
        return smaller.shown_to(_newest_leaf(alternatives, alternatives[parent][-1]))
    return smaller.shown_to(parent)


def copy(conversation: Conversation, now: float, new_id: NewId) -> Conversation:
    """The same messages under new ids, as a conversation of its own; answers that are coming stay interrupted."""
    ids = {old: new_id() for old in conversation.messages}
    messages = {
        ids[old]: replace(
            message,
            id=ids[old],
            parent=None if message.parent is None else ids[message.parent],
            status=Status.INTERRUPTED if message.status is Status.STREAMING else message.status,
        )
        for old, message in conversation.messages.items()
    }
    head = None if conversation.head is None else ids[conversation.head]
    return replace(
        conversation,
        id=new_id(),
        created=now,
        updated=now,
        head=head,
        pinned=False,
        rev=0,
        sides=tuple(ids[one] for one in conversation.sides if one in ids),
        messages=messages,
    )


def sound(messages: Mapping[str, Message], head: str | None) -> tuple[dict[str, Message], str | None]:
    """Messages that are a forest, and a head that is one of them, from records that may be neither.

    A message whose parent is missing begins the conversation anew; so does one in each circle of parents.
    """
    mended = dict(messages)
    trusted: set[str] = set()
    for start in messages:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in trusted:
            path[at] = None
            parent = mended[at].parent
            if parent is not None and (parent not in messages or parent in path):
                mended[at] = replace(mended[at], parent=None)
                parent = None
            at = parent
        trusted.update(path)
    if head not in mended:
        head = next(reversed(mended), None)
    return mended, head


def _asked(conversation: Conversation, question: Message, model: ModelRef, now: float, new_id: NewId) -> Turn:
    title = question.text or ", ".join(one.name for one in question.attachments)
    titled = conversation if conversation.title else conversation.renamed(title)
    turn = _answered(titled.with_message(question), question.id, "", model, now, new_id)
    return Turn(turn.conversation, (question, turn.answer), turn.answer, model)


def _answered(
    conversation: Conversation, parent: str | None, text: str, model: ModelRef, now: float, new_id: NewId
) -> Turn:
    answer = Message(new_id(), parent, Role.ASSISTANT, text, now, model=model, status=Status.STREAMING)
    grown = replace(conversation.with_message(answer), model=model, updated=now, sides=())
    return Turn(grown, (answer,), answer, model)


def _in_place(before: Conversation, old: str, turn: Turn) -> Turn:
    """The turn with its answer in the place of an `old` one, if that is shown beside others."""
    if old not in before.sides:
        return turn
    sides = tuple(turn.answer.id if one == old else one for one in before.sides)
    is_on_branch = old in {one.id for one in before.branch}
    grown = replace(turn.conversation, sides=sides, head=turn.answer.id if is_on_branch else before.head)
    return replace(turn, conversation=grown)


def _newest_leaf(alternatives: Mapping[str | None, tuple[str, ...]], start: str) -> str:
    while start in alternatives:
        start = alternatives[start][-1]
    return start
