"""What the page can do from anywhere, by the ids of core/shortcuts: for the keys, the palette and buttons alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.core.fuzzy import rank
from app.core.palette import PaletteItem
from app.core.shortcuts import ACTIONS, PALETTE, Action
from app.core.text import t


@dataclass(frozen=True, slots=True)
class Command:
    """What an action does, and whether it makes sense now."""

    run: Callable[[], object]
    is_available: Callable[[], bool] = lambda: True


class Commands:
    """The commands of the page; as a source of the palette, those that make sense now."""

    def __init__(self, commands: Mapping[str, Command], *, is_mac: bool) -> None:
        """`commands` by the id of the action that they carry out."""
        self._commands = dict(commands)
        self.is_mac = is_mac

    def add(self, action_id: str, command: Command) -> None:
        """Carry out one more action from now on."""
        self._commands[action_id] = command

    @property
    def title(self) -> str:
        """See `PaletteSource.title`."""
        return t("palette.actions")

    def available(self) -> Sequence[Action]:
        """The actions that can be carried out now, in their order."""
        return [action for action in ACTIONS if self.is_available(action.id)]

    def is_available(self, action_id: str) -> bool:
        """Whether an action can be carried out now."""
        command = self._commands.get(action_id)
        return command is not None and command.is_available()

    def run(self, action_id: str) -> None:
        """Carry out an action; nothing happens when it makes no sense now."""
        if self.is_available(action_id):
            self._commands[action_id].run()

    def find(self, query: str, limit: int) -> Sequence[PaletteItem]:
        """See `PaletteSource.find`."""
        offered = [action for action in self.available() if action.id != PALETTE]
        return [self._item(action) for action in rank(query, offered, lambda action: action.label)[:limit]]

    def _item(self, action: Action) -> PaletteItem:
        keys = action.chord.names(is_mac=self.is_mac) if action.chord else ()
        return PaletteItem(action.id, action.label, action.icon, keys=keys)
