"""The shelves there are: the prompt library, and the presets."""

from __future__ import annotations

from collections.abc import Callable

from app.core.presets import Preset
from app.core.prompts import Prompt
from app.core.shelf import Shelf
from app.core.state import State
from app.core.store import Store
from app.services.ports import Database, Tabs
from app.services.shelf import ShelfKeeper
from app.services.tasks import Tasks

PROMPTS = "prompts"
PRESETS = "presets"
"""The object stores."""


class Shelves:
    """Owns their keepers."""

    def __init__(
        self, store: Store[State], database: Database, tabs: Tabs, tasks: Tasks, new_id: Callable[[], str]
    ) -> None:
        """Keep them in `database`; nothing is read yet."""
        self._tasks = tasks
        # The name of a prompt follows a slash, and has no spaces.
        self.prompts = ShelfKeeper[Prompt](
            store.cell("prompts", Shelf), PROMPTS, Prompt.from_record, database, tabs, tasks, new_id, "-"
        )
        self.presets = ShelfKeeper[Preset](
            store.cell("presets", Shelf), PRESETS, Preset.from_record, database, tabs, tasks, new_id
        )

    def load(self) -> None:
        """Begin to read them; one that cannot be read stays empty, which is told."""
        self._tasks.start(self.prompts.load())
        self._tasks.start(self.presets.load())
