"""The keyboard's way to everything: shortcuts, command palette and help sheet over one table of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.browser import dom
from app.core.palette import PaletteSource
from app.core.shortcuts import HELP, PALETTE
from app.views.commands import Command, Commands
from app.views.help_sheet import HelpSheet
from app.views.palette import Palette
from app.views.shortcuts import Shortcuts


class Keyboard:
    """Builds the three, and connects the buttons that open palette and help sheet."""

    def __init__(
        self,
        table: Mapping[str, Command],
        sources: Sequence[PaletteSource],
        are_single_keys_on: Callable[[], bool],
        *,
        is_mac: bool,
    ) -> None:
        """`sources` come after the commands in the palette; `is_mac` says whether it is Cmd+K or Ctrl+K."""
        commands = Commands(table, is_mac=is_mac)
        palette = Palette([commands, *sources])
        commands.add(PALETTE, Command(palette.toggle))
        commands.add(HELP, Command(HelpSheet(are_single_keys_on, is_mac=is_mac).open))
        Shortcuts(commands, are_single_keys_on)
        dom.on_action(
            dom.body(), {PALETTE: lambda _: commands.run(PALETTE), HELP: lambda _: commands.run(HELP)}
        )
