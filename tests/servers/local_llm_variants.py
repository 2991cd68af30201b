"""Owns how the variants of the Local LLM API differ: names, shapes, error texts and cache entries.

``doc`` is what the API's document says. ``g1`` is the implementation that is in use, ``g1-shipped`` the same
with its default settings, in which the call log breaks every error answer. ``g2`` is a later implementation.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from werkzeug.utils import secure_filename

from tests.servers.generation import Answer, Defaults, Generation
from tests.servers.llama import LlamaLoadError, LlamaPool, LlamaTimeoutError
from tests.servers.models_folder import SUFFIX, ModelFile, ModelsFolder, stored_name

Json = dict[str, Any]


class Documented:
    """The API as its document describes it."""

    name = "doc"
    port = 5000
    defaults = Defaults()
    sizes_settable = False
    """Whether ``n_ctx`` and ``max_tokens`` are fields of a generate request."""
    strict_json = False
    """Whether a body that is no JSON gets the framework's HTML error instead of the documented one."""
    breaks_errors = False
    """Whether every error becomes an HTML 500 without CORS headers."""
    evicts_deleted = True
    """Whether deleting a model also takes it out of the cache."""
    request_timeout: float | None = None
    """Seconds after which generate gives up."""

    def __init__(self, folder: ModelsFolder, pool: LlamaPool) -> None:
        self._folder = folder
        self._pool = pool

    def upload_name(self, sent: str) -> str:
        """The name that an upload gets, of which the extension (in any case) has been checked."""
        safe = secure_filename(sent)
        return safe[: -len(SUFFIX)] + SUFFIX if safe.lower().endswith(SUFFIX) else stored_name(safe)

    def item(self, model: ModelFile, _answer_name: str) -> Json:
        """A model in a listing, or in the answer to its upload, which calls it `_answer_name`."""
        return {
            "name": model.name,
            "path": self._folder.shown_path(model.name),
            "size": size_text(model.size),
            "modified": datetime.fromtimestamp(model.modified, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def listing(self, models: list[ModelFile]) -> Json:
        """All models."""
        return {"models": [self.item(model, model.name) for model in models], "count": len(models)}

    def cache_key(self, model: ModelFile, _wanted: Generation) -> str:
        """What the cache knows a loaded model by."""
        return model.name

    def answered(self, wanted: Generation, _model: ModelFile, answer: Answer) -> Json:
        """A generated text."""
        return {
            "success": True,
            "response": answer.text,
            "model_used": wanted.model_name,
            "processing_time": round(answer.seconds, 3),
            "token_count": answer.completion_tokens,
        }

    def model_not_found(self, _model_name: str) -> Json:
        """The 404 of generate."""
        return {"error": "Model not found"}

    def failed(self, fields: Json, reason: Exception, _seconds: float) -> tuple[Json, int]:
        """A generation that failed, and its status."""
        return {"success": False, "error": f"Failed to generate response: {self.reason(fields, reason)}"}, 500

    def reason(self, fields: Json, reason: Exception) -> str:
        """Why a generation failed. A path of this machine is not shown."""
        if isinstance(reason, LlamaLoadError):
            return f"Failed to load model from file: {self._shown_path(fields)}"
        return str(reason)

    def _shown_path(self, fields: Json) -> str:
        return self._folder.shown_path(stored_name(str(fields["model_name"])))


class FirstGeneration(Documented):
    """The implementation in use, with its call log switched off."""

    name = "g1"
    defaults = Defaults(temperature=0.8, n_ctx=512, max_tokens=256)
    strict_json = True
    evicts_deleted = False

    def upload_name(self, sent: str) -> str:
        """Only sanitised: ``UPPER.GGUF`` keeps its case here, and is stored as ``UPPER.GGUF.gguf``."""
        return secure_filename(sent)

    def item(self, model: ModelFile, answer_name: str) -> Json:
        """Sizes as numbers, local times without a zone, the name without its extension."""
        return {
            "filename": answer_name,
            "name": answer_name.removesuffix(SUFFIX),
            "size": model.size,
            "size_mb": round(model.size / 2**20, 2),
            "modified_date": datetime.fromtimestamp(model.modified).isoformat(),
            "upload_date": datetime.fromtimestamp(model.uploaded).isoformat(),
        }

    def listing(self, models: list[ModelFile]) -> Json:
        """All models, with the time of the listing."""
        return super().listing(models) | {"last_updated": datetime.now().isoformat()}

    def cache_key(self, model: ModelFile, wanted: Generation) -> str:
        """Every combination of these parameters is another copy of the model."""
        parameters = f"{wanted.n_gpu_layers},{wanted.n_batch},{wanted.temperature}"
        digest = hashlib.sha256(parameters.encode()).digest()
        return f"{model.name}_{int.from_bytes(digest[:8], 'big', signed=True)}"

    def answered(self, wanted: Generation, _model: ModelFile, answer: Answer) -> Json:
        """The text inside an object, and no figures."""
        return {
            "success": True,
            "response": {"question": wanted.question, "text": answer.text},
            "model_used": wanted.model_name,
            "question": wanted.question,
        }

    def failed(self, fields: Json, reason: Exception, _seconds: float) -> tuple[Json, int]:
        """The bare reason, with what was asked."""
        asked = {"model_used": fields["model_name"], "question": fields["question"]}
        return {"success": False, "error": self.reason(fields, reason)} | asked, 500

    def reason(self, fields: Json, reason: Exception) -> str:
        """A file that is no model is reported by the validation of a wrapper."""
        if not isinstance(reason, LlamaLoadError):
            return str(reason)
        path = self._shown_path(fields)
        return (
            f"1 validation error for LlamaCpp\n  Value error, Could not load Llama model from path: {path}. "
            f"Received error Failed to load model from file: {path} [type=value_error, "
            f"input_value={{'model_path': '{path}'}}, input_type=dict]"
        )


class FirstGenerationAsShipped(FirstGeneration):
    """The implementation in use, with its default settings."""

    name = "g1-shipped"
    breaks_errors = True


class SecondGeneration(Documented):
    """A later implementation: more fields, longer errors, and a time limit."""

    name = "g2"
    port = 5001
    defaults = Defaults(max_tokens=200, n_ctx=4096)
    sizes_settable = True
    request_timeout = 300.0

    def cache_key(self, model: ModelFile, _wanted: Generation) -> str:
        """The cache tells paths."""
        return self._folder.shown_path(model.name)

    def answered(self, wanted: Generation, model: ModelFile, answer: Answer) -> Json:
        """The documented answer, and figures of the server's own."""
        speed = answer.completion_tokens / answer.seconds if answer.seconds else 0.0
        return super().answered(wanted, model, answer) | {
            "model_path": self._folder.shown_path(model.name),
            "total_tokens": answer.prompt_tokens + answer.completion_tokens,
            "efficiency_score": round(speed, 2),
            "pool_stats": {"loaded": len(self._pool.keys()), "limit": self._pool.limit},
            "frontend_requested": wanted.model_name,
            "exact_model_match": wanted.model_name == model.name,
        }

    def model_not_found(self, model_name: str) -> Json:
        """Says which file was looked for."""
        return {
            "error": f"Requested model '{model_name}' not found",
            "requested_model": model_name,
            "expected_file": stored_name(model_name),
        }

    def failed(self, fields: Json, reason: Exception, seconds: float) -> tuple[Json, int]:
        """A 408 of its own when the time is up."""
        if isinstance(reason, LlamaTimeoutError):
            return {"success": False, "error": "Request timeout"}, 408
        body = {"success": False, "error": self.reason(fields, reason), "processing_time": round(seconds, 3)}
        return body | {"model_used": fields["model_name"], "question": fields["question"]}, 500


VARIANTS: Final[dict[str, type[Documented]]] = {
    variant.name: variant
    for variant in (Documented, FirstGeneration, FirstGenerationAsShipped, SecondGeneration)
}


def size_text(size: int) -> str:
    """Bytes in the document's form, as in ``4.1 GB``, in binary units."""
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{size} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
