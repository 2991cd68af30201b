"""Owns one generation of the Local LLM API: reading the request, filling the template, asking llama.cpp."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from tests.servers.llama import LlamaServer

SEED: Final = 1
"""Fixed, so that the same request gets the same answer at any temperature."""


class GenerationError(Exception):
    """The request cannot be carried out; the text says why."""


@dataclass(frozen=True)
class Defaults:
    """What holds for fields that a request leaves out."""

    temperature: float = 0.6
    n_gpu_layers: int = 40
    n_batch: int = 512
    n_ctx: int = 4096
    max_tokens: int = 512


@dataclass(frozen=True)
class Generation:
    """A request for text. A `template` of `None` means the chat template of the model file."""

    question: str
    model_name: str
    template: str | None
    temperature: float
    n_gpu_layers: int
    n_batch: int
    n_ctx: int
    max_tokens: int


@dataclass(frozen=True)
class Answer:
    """Generated text, with the seconds and tokens that it took."""

    text: str
    seconds: float
    prompt_tokens: int
    completion_tokens: int


def read(fields: dict[str, Any], defaults: Defaults, *, sizes_settable: bool) -> Generation:
    """The request in a JSON object whose question and model are known to be there.

    `sizes_settable`: whether ``n_ctx`` and ``max_tokens`` are fields of the API, or ignored.
    `GenerationError` when a number is none.
    """
    sizes = fields if sizes_settable else {}
    template = fields.get("template")
    return Generation(
        question=str(fields["question"]),
        model_name=str(fields["model_name"]),
        template=None if template is None else str(template),
        temperature=_number(fields, "temperature", defaults.temperature),
        n_gpu_layers=_integer(fields, "n_gpu_layers", defaults.n_gpu_layers),
        n_batch=_integer(fields, "n_batch", defaults.n_batch),
        n_ctx=_integer(sizes, "n_ctx", defaults.n_ctx),
        max_tokens=_integer(sizes, "max_tokens", defaults.max_tokens),
    )


def fill(template: str, question: str) -> str:
    """The prompt: ``{question}`` replaced, doubled braces made single.

    A template without ``{question}`` is used as it is. `GenerationError` for any other name in braces, and
    for braces that do not match.
    """
    try:
        return template.format_map({"question": question})
    except KeyError as error:
        raise GenerationError(f"Missing some input keys: {{{error.args[0]!r}}}") from error
    except (ValueError, IndexError, AttributeError) as error:
        raise GenerationError(str(error)) from error


def generate(wanted: Generation, server: LlamaServer, started: float, deadline: float | None) -> Answer:
    """Ask the model. `started` and `deadline` are monotonic seconds; `LlamaError` when there is no answer."""
    common = {"temperature": wanted.temperature, "seed": SEED, "cache_prompt": False}
    timeout = None if deadline is None else max(0.001, deadline - time.monotonic())
    if wanted.template is None:
        messages = [{"role": "user", "content": wanted.question}]
        body = common | {"messages": messages, "max_tokens": wanted.max_tokens}
        reply = server.post("/v1/chat/completions", body, timeout)
        text = reply["choices"][0]["message"]["content"] or ""
        prompt_tokens, completion_tokens = (
            reply["usage"]["prompt_tokens"],
            reply["usage"]["completion_tokens"],
        )
    else:
        body = common | {"prompt": fill(wanted.template, wanted.question), "n_predict": wanted.max_tokens}
        reply = server.post("/completion", body, timeout)
        text = reply["content"]
        prompt_tokens, completion_tokens = reply["tokens_evaluated"], reply["tokens_predicted"]
    return Answer(text, time.monotonic() - started, prompt_tokens, completion_tokens)


def _integer(fields: dict[str, Any], name: str, default: int) -> int:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise GenerationError(f"{name} must be an integer, not {value!r}")
    return value


def _number(fields: dict[str, Any], name: str, default: float) -> float:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise GenerationError(f"{name} must be a number, not {value!r}")
    return float(value)
