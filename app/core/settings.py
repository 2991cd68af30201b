"""The settings that survive a reload, and their stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core import sides
from app.core.appearance import Appearance
from app.core.connections import ModelRef, read_base_url
from app.core.engine_settings import EngineSettings
from app.core.problems import InvalidInput, Problem

DEFAULT_BASE_URL = "http://127.0.0.1:5000/api/v1"
"""Where the local API's document says that it listens."""

DEFAULT_UPLOAD_LIMIT = 10 * 2**30
"""The API's documented MAX_CONTENT_LENGTH of 10 GB, in bytes. The API does not announce it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `typed` holds the parameters as the user typed them, by provider id and parameter name.

    `single_keys`: whether shortcuts of a single character are on. `conversation`: the id of the one that was open last.
    `rivals`: the models that answer beside `model`.
    """

    base_url: str = DEFAULT_BASE_URL
    upload_limit: int = DEFAULT_UPLOAD_LIMIT
    model: ModelRef | None = None
    typed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    appearance: Appearance = field(default_factory=Appearance)
    single_keys: bool = True
    conversation: str = ""
    engine: EngineSettings = field(default_factory=EngineSettings)
    rivals: tuple[ModelRef, ...] = ()

    def with_engine(self, engine: EngineSettings) -> Settings:
        """The settings with another way to run models in the tab."""
        return replace(self, engine=engine)

    def with_rivals(self, rivals: tuple[ModelRef, ...]) -> Settings:
        """The settings with other models that answer beside the chosen one."""
        return replace(self, rivals=rivals)

    def with_conversation(self, conversation_id: str) -> Settings:
        """The settings with another conversation opened last; "" for a new one."""
        return self if conversation_id == self.conversation else replace(self, conversation=conversation_id)

    def with_appearance(self, appearance: Appearance) -> Settings:
        """The settings with another appearance."""
        return self if appearance == self.appearance else replace(self, appearance=appearance)

    def with_single_keys(self, is_on: bool) -> Settings:
        """The settings with shortcuts of a single character switched on or off."""
        return replace(self, single_keys=is_on)

    def with_model(self, model: ModelRef | None) -> Settings:
        """The settings with another model chosen."""
        return self if model == self.model else replace(self, model=model)

    def with_base_url(self, base_url: str) -> Settings:
        """The settings with another address of the local API."""
        return replace(self, base_url=base_url)

    def with_upload_limit(self, limit: int) -> Settings:
        """The settings with another size limit, in bytes."""
        return replace(self, upload_limit=limit)

    def with_parameter(self, provider: str, name: str, text: str) -> Settings:
        """The settings with one parameter typed; an empty text forgets it."""
        texts = {key: value for key, value in self.typed.get(provider, {}).items() if key != name}
        if text.strip():
            texts[name] = text
        return replace(self, typed={**self.typed, provider: texts})

    def to_record(self) -> dict[str, Any]:
        """The stored form: JSON values only."""
        return {
            "base_url": self.base_url,
            "upload_limit": self.upload_limit,
            "model": str(self.model) if self.model else None,
            "typed": {provider: dict(texts) for provider, texts in self.typed.items()},
            "appearance": self.appearance.to_record(),
            "single_keys": self.single_keys,
            "conversation": self.conversation,
            "engine": self.engine.to_record(),
            "rivals": [str(rival) for rival in self.rivals],
        }

    @classmethod
    def from_record(cls, record: Any) -> Settings:
        """Read the stored form; whatever is missing or unreadable in it gets its default."""
        if not isinstance(record, dict):
            return cls()
        typed = record.get("typed")
        return cls(
            base_url=_base_url(record.get("base_url")),
            upload_limit=_limit(record.get("upload_limit")),
            model=_model(record.get("model")),
            typed=_typed(typed) if isinstance(typed, dict) else {},
            appearance=Appearance.from_record(record.get("appearance")),
            single_keys=record.get("single_keys") is not False,
            conversation=str(record.get("conversation") or ""),
            engine=EngineSettings.from_record(record.get("engine")),
            rivals=_models(record.get("rivals")),
        )


def read_upload_limit(text: str) -> int:
    """The size limit in bytes for a number of GB that the user typed.

    Raises:
        InvalidInput: not a number above zero.
    """
    try:
        gigabytes = float(text.strip().replace(",", "."))
        limit = int(gigabytes * 2**30)
    except (ValueError, OverflowError):
        limit = 0
    if limit <= 0:
        raise InvalidInput(Problem.of("settings.limit", typed=text.strip()))
    return limit


def _base_url(value: object) -> str:
    try:
        return read_base_url(value) if isinstance(value, str) else DEFAULT_BASE_URL
    except InvalidInput:
        return DEFAULT_BASE_URL


def _limit(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and value > 0 else DEFAULT_UPLOAD_LIMIT  # type: ignore[return-value, operator]


def _model(value: object) -> ModelRef | None:
    return ModelRef.parse(value) if isinstance(value, str) else None


def _models(value: object) -> tuple[ModelRef, ...]:
    found = (_model(one) for one in (value if isinstance(value, list) else ()))
    return tuple(one for one in found if one is not None)[: sides.MOST - 1]


def _typed(value: Mapping[Any, Any]) -> dict[str, dict[str, str]]:
    return {
        str(provider): {str(name): text for name, text in texts.items() if isinstance(text, str)}
        for provider, texts in value.items()
        if isinstance(texts, dict)
    }
