"""One conversation as Markdown: the branch shown, as people read it."""

from __future__ import annotations

from app.core.conversations import Conversation, Message
from app.core.messages import Role
from app.core.text import t


def to_markdown(conversation: Conversation) -> str:
    """The branch shown. Texts stand as they are: what a model wrote is Markdown already."""
    parts = [f"# {conversation.title or t('library.untitled')}"]
    if conversation.system.strip():
        parts += [f"## {t('exchange.markdown.system')}", conversation.system.strip()]
    for message in conversation.branch:
        parts += [f"## {_speaker(message)}", *_attached(message), message.text.strip() or message.raw.strip()]
        parts += [f"```json {call.name}\n{call.readable}\n```" for call in message.calls]
    return "\n\n".join(part for part in parts if part) + "\n"


def file_name(conversation: Conversation, suffix: str) -> str:
    """A name for the file of a conversation, of letters that every system takes."""
    title = conversation.title or t("library.untitled")
    fit = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return f"{' '.join(fit.split())[:60] or 'conversation'}.{suffix}"


def _speaker(message: Message) -> str:
    if message.role is Role.USER:
        return t("exchange.markdown.you")
    return message.model.model if message.model else t("exchange.markdown.model")


def _attached(message: Message) -> list[str]:
    """The names of what was attached, in a list."""
    return ["\n".join(f"- {one.name}" for one in message.attachments)]
