"""The settings: read once at the start, and written back whenever one of them changed."""

from __future__ import annotations

import asyncio

from app.core.connections import read_base_url
from app.core.local_api import LocalApi
from app.core.settings import Settings, read_upload_limit
from app.core.store import Cell
from app.services.ports import Records
from app.services.tasks import Tasks

STORE = "settings"
KEY = "settings"


class Preferences:
    """Reads, changes and keeps the settings."""

    def __init__(self, cell: Cell[Settings], api: Cell[LocalApi], records: Records, tasks: Tasks) -> None:
        """Keep the settings of `cell` in `records`; the base URL is also the address of `api`."""
        self._cell = cell
        self._api = api
        self._records = records
        self._tasks = tasks
        self._saved: Settings | None = None
        self._is_saving = False
        self._saving: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """Take over the stored settings.

        Raises:
            StorageError: the database cannot be read; the defaults stay.
        """
        stored = Settings.from_record(await self._records.get(STORE, KEY))
        self._saved = stored
        self._cell.update(lambda _: stored)
        if stored.base_url != self._api.value.connection.base_url:
            self._api.update(lambda api: api.moved(stored.base_url))

    def set_base_url(self, text: str) -> None:
        """Change the address of the local API.

        Raises:
            InvalidInput: the text is no address; nothing changes.
        """
        base_url = read_base_url(text)
        if base_url != self._api.value.connection.base_url:
            self._cell.update(lambda settings: settings.with_base_url(base_url))
            self._api.update(lambda api: api.moved(base_url))

    def set_upload_limit(self, text: str) -> None:
        """Change the largest size of an upload, given in GB.

        Raises:
            InvalidInput: the text is no number above zero; nothing changes.
        """
        limit = read_upload_limit(text)
        self._cell.update(lambda settings: settings.with_upload_limit(limit))

    def save_soon(self) -> None:
        """Write the settings if they changed since they were last written.

        One write at a time, so that an older one never ends last. After a failed one the next change tries
        again; after a failed `load` nothing is written, which would replace what is stored by the defaults.
        """
        if not self._is_saving and self._saved is not None and self._saved != self._cell.value:
            self._is_saving = True
            self._saving = self._tasks.start(self._save())

    async def save_now(self) -> bool:
        """Write the settings as `save_soon` does and wait for it; whether what is set is stored."""
        self.save_soon()
        if self._saving is not None:
            await asyncio.wait([self._saving])
        return self._saved == self._cell.value

    async def _save(self) -> None:
        try:
            while (settings := self._cell.value) != self._saved:
                await self._records.put(STORE, KEY, settings.to_record())
                self._saved = settings
        finally:
            self._is_saving = False
