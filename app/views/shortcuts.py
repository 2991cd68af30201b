"""The keys: one listener on the document turns what is pressed into commands."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.shortcuts import PALETTE, KeyPress, find
from app.views.commands import Commands

TYPED_IN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=file], [type=button])"


class Shortcuts:
    """Listens for as long as the page lives. A field or a dialog that uses a key itself prevents its default."""

    def __init__(self, commands: Commands, are_single_keys_on: Callable[[], bool]) -> None:
        """Without single keys only those act that need Ctrl or Cmd, and Escape."""
        self._commands = commands
        self._are_single_keys_on = are_single_keys_on
        dom.on_document("keydown", self._on_key)

    def _on_key(self, event: Event) -> None:
        if event.defaultPrevented or event.isComposing or event.repeat:
            return
        press = KeyPress(
            key=str(event.key),
            code=str(event.code),
            ctrl=bool(event.ctrlKey),
            meta=bool(event.metaKey),
            alt=bool(event.altKey),
            shift=bool(event.shiftKey),
            is_typing=dom.closest(event.target, TYPED_IN) is not None,
        )
        is_mac, with_single = self._commands.is_mac, self._are_single_keys_on()
        is_covered = bool(dom.query_all("dialog[open], :popover-open"))
        for action in find(press, is_mac=is_mac, with_single_keys=with_single):
            if action.id == PALETTE or (not is_covered and self._commands.is_available(action.id)):
                event.preventDefault()
                self._commands.run(action.id)
