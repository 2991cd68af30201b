"""What stands below each other in the conversation: its messages, answers side by side, and where the context ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core import branches, sides
from app.core.conversations import Conversation, Message
from app.views.columns import Beside
from app.views.left_out import Cut
from app.views.message import Shown

Row = Shown | Beside | Cut
"""One of them."""


def rows_of(
    conversation: Conversation,
    branch: Sequence[Message],
    left_out: int,
    is_here: Callable[[Message], bool],
) -> list[Row]:
    """The rows of a part of the branch. `left_out` is how many of the messages that say something are not sent."""
    positions = branches.positions(conversation)
    said = conversation.said(conversation.head) if left_out else ()
    cut = said[left_out].id if left_out < len(said) else ""
    rows: list[Row] = []
    for message in branch:
        if message.id == cut:
            rows.append(Cut(left_out))
        beside = sides.beside(conversation, message)
        if beside and message.parent is not None:
            columns = (
                Shown(one, is_here=is_here(one), is_beside=True, goes_on=one is message) for one in beside
            )
            rows.append(Beside(message.parent, tuple(columns)))
        else:
            rows.append(Shown(message, positions[message.id], is_here(message)))
    return rows
