"""The key in the form of a connection. A key that was saved never comes back to the document."""

from __future__ import annotations

from app.browser import dom
from app.core.saved_connections import SavedConnection
from app.core.text import t
from app.core.typed_connection import is_exposed, leads_elsewhere
from app.providers.presets import KeyNeed, Preset
from app.views.field import Field


class KeyField:
    """A field for a new key, and what becomes of the one that is kept, in words."""

    def __init__(self) -> None:
        """Empty, for a new connection."""
        self._field = Field("connection-key", t("connection.key"), type="password", spellcheck="false")
        dom.set_attributes(self._field.input, autocomplete="new-password")
        self._drop = dom.create("input", type="checkbox", autocomplete="off")
        self._drop_label = dom.create(
            "label", self._drop, dom.create("span", t("connection.key.drop")), class_="check small"
        )
        self._field.element.append(self._drop_label)
        self._exposed = dom.create("p", t("connection.key.exposed"), class_="note small warn")
        self.elements = (self._field.element, self._exposed)
        self._saved: SavedConnection | None = None
        self._preset: Preset | None = None
        self._address = ""
        dom.on(self._field.input, "input", lambda _: self._show())

    @property
    def value(self) -> str:
        """What is typed."""
        return self._field.value.strip()

    @property
    def is_dropped(self) -> bool:
        """Whether the key that is kept is to be removed."""
        return bool(self._drop.checked)

    @property
    def is_there(self) -> bool:
        """Whether the connection would have a key: one that is typed, or one that is kept and stays."""
        saved = self._saved
        stays = saved is not None and not leads_elsewhere(self._address, saved.connection.base_url)
        return bool(self.value) or (stays and not self.is_dropped)

    def begin(self, saved: SavedConnection | None) -> None:
        """Be empty, for this connection or a new one."""
        self._saved = saved if saved is not None and saved.has_key else None
        self.clear()

    def clear(self) -> None:
        """Leave nothing of a key in the document."""
        self._field.input.value = ""
        self._drop.checked = False

    def follow(self, preset: Preset, address: str) -> None:
        """Fit a service, and the address that is typed at the moment."""
        self._preset, self._address = preset, address
        self._show()

    def _show(self) -> None:
        preset, saved = self._preset, self._saved
        if preset is None:
            return
        moves = saved is not None and leads_elsewhere(self._address, saved.connection.base_url)
        keeps = saved is not None and not moves
        dom.show(self._field.element, preset.key is not KeyNeed.NONE or saved is not None)
        dom.show(self._drop_label, keeps)
        placeholder = t("connection.key.saved_here") if keeps else None
        dom.set_attributes(self._field.input, placeholder=placeholder)
        self._field.set_help(_help(preset, keeps=keeps, moves=moves))
        dom.show(self._exposed, (keeps or bool(self.value)) and is_exposed(self._address))


def _help(preset: Preset, *, keeps: bool, moves: bool) -> str:
    if moves:
        return t("connection.key.moved")
    if keeps:
        return t("connection.key.saved")
    if preset.key_page:
        return t("connection.key.page", page=preset.key_page)
    return t("connection.key.optional") if preset.key is KeyNeed.OPTIONAL else ""
