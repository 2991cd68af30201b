"""The state of the whole page: one tree of frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.core.connection_states import Connections
from app.core.conversations import Conversation
from app.core.draft import Draft
from app.core.inspection import Inspection
from app.core.ledger import Ledger
from app.core.listing import Listing
from app.core.local_api import LocalApi
from app.core.notices import Notices
from app.core.presets import Preset
from app.core.prompts import Prompt
from app.core.remote_models import RemoteModels
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.core.tab_models import TabModels
from app.core.uploads import Uploads
from app.core.vault import VaultState


class Place(StrEnum):
    """The places of the main navigation."""

    CHAT = "chat"
    MODELS = "models"
    CONNECTIONS = "connections"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class State:
    """Everything that views show. Each field belongs to one service, which alone changes it."""

    conversation: Conversation
    local_api: LocalApi
    settings: Settings = field(default_factory=Settings)
    draft: Draft = field(default_factory=Draft)
    listing: Listing = field(default_factory=Listing)
    prompts: Shelf[Prompt] = field(default_factory=Shelf)
    presets: Shelf[Preset] = field(default_factory=Shelf)
    uploads: Uploads = field(default_factory=Uploads)
    notices: Notices = field(default_factory=Notices)
    connections: Connections = field(default_factory=Connections)
    vault: VaultState = field(default_factory=VaultState)
    ledger: Ledger = field(default_factory=Ledger)
    tab_models: TabModels = field(default_factory=TabModels)
    remote_models: RemoteModels = field(default_factory=RemoteModels)
    inspection: Inspection = field(default_factory=Inspection)
    place: Place = Place.CHAT

    def at(self, place: Place) -> State:
        """The state at another place of the page."""
        return self if place is self.place else replace(self, place=place)
