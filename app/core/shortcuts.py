"""The actions of the page and their keys: one table for the key handler, the help sheet and the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.text import t


class Group(StrEnum):
    """How the help sheet orders the actions."""

    GENERAL = "general"
    MODELS = "models"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Chord:
    """Keys that are pressed together: `key` as `KeyboardEvent.key` names it; `mod` is Ctrl, on a Mac Cmd."""

    key: str
    mod: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is a character alone, which means something else while somebody types."""
        return len(self.key) == 1 and not self.mod

    def names(self, *, is_mac: bool) -> tuple[str, ...]:
        """What is written on the keys, in the chosen language."""
        key = self.key.upper() if len(self.key) == 1 else t(f"key.{self.key}")
        return (t("key.Command" if is_mac else "key.Control"), key) if self.mod else (key,)


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do from anywhere on the page. Its label is the text `action.<id>`."""

    id: str
    group: Group
    icon: str
    chord: Chord | None = None

    @property
    def label(self) -> str:
        """What it does, as a command."""
        return t(f"action.{self.id}")


@dataclass(frozen=True, slots=True)
class KeyPress:
    """What `KeyboardEvent` says. `is_typing`: in a field in which characters are typed or chosen with."""

    key: str
    code: str = ""
    ctrl: bool = False
    meta: bool = False
    alt: bool = False
    shift: bool = False
    is_typing: bool = False

    @property
    def character(self) -> str:
        """The key, by its place on the keyboard where it writes no Latin letter."""
        is_letter = self.code.startswith("Key") and len(self.key) == 1 and not self.key.isascii()
        return self.code.removeprefix("Key").lower() if is_letter else self.key


PALETTE = "palette"
HELP = "help"

ACTIONS = (
    Action(PALETTE, Group.GENERAL, "search", Chord("k", mod=True)),
    Action("new-conversation", Group.CHAT, "plus", Chord("n")),
    Action("write", Group.CHAT, "pencil", Chord("m")),
    Action("choose-model", Group.CHAT, "bot", Chord("c")),
    Action("compare", Group.CHAT, "columns-2", Chord("v")),
    Action("toggle-parameters", Group.CHAT, "settings-2", Chord("p")),
    Action("stop", Group.CHAT, "square", Chord("Escape")),
    Action("copy-answer", Group.CHAT, "copy", Chord("y")),
    Action("regenerate", Group.CHAT, "refresh-cw", Chord("r")),
    Action("new-prompt", Group.CHAT, "notebook-pen"),
    Action("prompts", Group.CHAT, "notebook-text"),
    Action("save-preset", Group.CHAT, "bookmark"),
    Action("go-chat", Group.GENERAL, "message-circle", Chord("1")),
    Action("go-models", Group.GENERAL, "box", Chord("2")),
    Action("go-connections", Group.GENERAL, "plug", Chord("3")),
    Action("go-settings", Group.GENERAL, "sliders-horizontal", Chord("4")),
    Action("choose-files", Group.MODELS, "file-up", Chord("u")),
    Action("sync", Group.MODELS, "folder-sync", Chord("s")),
    Action("clear-cache", Group.MODELS, "eraser"),
    Action("switch-theme", Group.GENERAL, "sun-moon", Chord("t")),
    Action(HELP, Group.GENERAL, "keyboard", Chord("?")),
)
"""In the order in which they are listed.

Browsers let a page have Ctrl+K. Characters alone act only where nobody types, and can be switched off, as success
criterion 2.1.4 of WCAG 2.2 asks for.
"""

EDITING = (
    ("send", ("Enter",)),
    ("new-line", ("Shift", "Enter")),
)
"""What the message field itself does, for the help sheet: text `action.<id>`, keys `key.<name>`."""


def find(press: KeyPress, *, is_mac: bool, with_single_keys: bool) -> Iterator[Action]:
    """The actions that a key press stands for."""
    for action in ACTIONS:
        chord = action.chord
        if chord is None or not _fits(chord, press, is_mac=is_mac):
            continue
        if not chord.is_single or (with_single_keys and not press.is_typing):
            yield action


def _fits(chord: Chord, press: KeyPress, *, is_mac: bool) -> bool:
    mod, other = (press.meta, press.ctrl) if is_mac else (press.ctrl, press.meta)
    if press.alt or other or mod != chord.mod or press.character.lower() != chord.key.lower():
        return False
    # Shift belongs to the character where it is no letter: “?” needs it on most keyboards, digits on some.
    return not press.shift or (chord.is_single and not chord.key.isalpha())
