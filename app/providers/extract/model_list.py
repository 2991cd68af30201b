"""The models in a reply, whichever way they are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from app.core.connections import Model
from app.providers.extract.values import LARGEST_EXACT, MILLISECONDS, at, count, first_text, number, whole

ID_FIELDS = ("id", "filename", "name", "model")
"""Where the id of a listed model stands, in the order in which the fields are tried."""

_LISTS = ("models", "data", "data.models")
_DATES = ("modified", "modified_date", "modified_at", "upload_date", "created")
_CONTEXTS = (
    "meta.n_ctx",  # llama-server: what it was started with
    "loaded_context_length",  # LM Studio, likewise
    "top_provider.context_length",  # OpenRouter: of the host that will answer
    "max_model_len",  # vLLM
    "context_length",  # OpenRouter, Together and many more
    "context_window",  # Groq
    "max_context_length",  # Mistral, LM Studio
    "max_input_tokens",  # Anthropic, LiteLLM
    "inputTokenLimit",  # Gemini
    "metadata.context",
)
"""Where the tokens that a model reads at most stand: what really holds before what the model could do."""
_LOADED = " (loaded)"


def model_list(value: Any, id_fields: Sequence[str] = ID_FIELDS) -> tuple[Model, ...] | None:
    """The models in their order, each id once; None when the value holds no list. An empty list is a list.

    A list may stand at the top, under `models`, `data`, `data.models`, or as `installed_models` and
    `available_models`, which are merged. Its items are names, objects, or a map of names to descriptions.
    """
    items = _items(value)
    if items is None:
        return None
    models: dict[str, Model] = {}
    for item in items:
        model = _model(item, id_fields)
        if model is not None:
            models.setdefault(model.id, model)
    return tuple(models.values())


def _items(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    for path in _LISTS:
        found = at(value, path)
        if isinstance(found, list):
            return found
        if path == "models" and isinstance(found, dict):
            return list(_described(found))
    both = [
        found for key in ("installed_models", "available_models") if isinstance(found := value.get(key), list)
    ]
    if both:
        return [item for found in both for item in found]
    return [] if "models" in value and value["models"] is None else None


def _described(models: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, about in models.items():
        yield {"name": about, **(about if isinstance(about, dict) else {}), "id": name}


def _model(item: Any, id_fields: Sequence[str]) -> Model | None:
    if isinstance(item, str):
        item = {id_fields[0]: item}
    model_id = first_text(item, *id_fields).removesuffix(_LOADED)
    if not model_id.strip():
        return None
    label = first_text(item, "name").removesuffix(_LOADED) or model_id
    said = at(item, "size")
    size_text = whole(said) if isinstance(said, str) else ""
    size = None if size_text else _size(item)
    return Model(model_id, label, size, size_text, _modified(item), _context(item))


def _context(item: Any) -> int | None:
    return next((length for path in _CONTEXTS if (length := count(at(item, path)))), None)


def _size(item: Any) -> int | None:
    size = count(at(item, "size"))
    if size is not None:
        return size
    megabytes = number(at(item, "size_mb"))
    return None if megabytes is None else count(float(int(min(megabytes * 2**20, LARGEST_EXACT))))


def _modified(item: Any) -> str:
    for field in _DATES:
        found = at(item, field)
        if isinstance(found, str) and found:
            return whole(found)
        if text := _date(number(found)):
            return text
    return ""


def _date(moment: float | None) -> str:
    """A unix time as ISO 8601 in UTC; APIs write these in seconds, a few in milliseconds."""
    if not moment:
        return ""
    try:
        date = datetime.fromtimestamp(moment / 1000 if moment >= MILLISECONDS else moment, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return date.isoformat().replace("+00:00", "Z")
