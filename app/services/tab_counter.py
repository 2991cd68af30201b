"""Counting the tokens of a prompt by the model itself, while it runs in this tab."""

from __future__ import annotations

import json

from app.core.problems import BerthError
from app.core.store import Cell
from app.core.tab_models import Stage, TabModels, model_name
from app.services.engine_loader import EngineLoader


class TabCounter:
    """The `TokenCounter` of the engine, which has no way to count but to read: it reads the prompt and says a token."""

    def __init__(self, cell: Cell[TabModels], loader: EngineLoader) -> None:
        """Count with the model that `loader` holds."""
        self._cell = cell
        self._loader = loader

    async def count(self, name: str, size: int, prompt: str) -> int | None:
        """See `TokenCounter.count`. None as well for a prompt that is too long for the context."""
        models, model_id = self._cell.value, model_name(name)
        model = models.get(model_id)
        is_running = models.engine.stage is Stage.READY and models.engine.model == model_id
        if not is_running or model is None or (model.shards == 1 and model.size != size):
            return None
        body = json.dumps({"model": model_id, "prompt": prompt, "max_tokens": 1, "stream": False}).encode()
        try:
            async with self._loader.answer(model_id, "chat", "/completions", body) as stream:
                reply = json.loads((await stream.read()).body)
                return int(reply["usage"]["prompt_tokens"])
        except (BerthError, ValueError, KeyError, TypeError):
            return None
