"""What differs between the servers that speak OpenAI's dialect, as far as their address tells which one it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Quirks:
    """How one service departs from the dialect.

    `takes_stream_options`: whether it takes the option that asks for usage in a stream. Most do, and without it say
    nothing about tokens; a few refuse the whole request, and report usage without being asked.
    `names` are its own names for parameters.
    """

    takes_stream_options: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


_BY_HOST: Mapping[str, Quirks] = {
    # max_tokens is deprecated there, and refused by all models that reason.
    "api.openai.com": Quirks(names={"max_tokens": "max_completion_tokens"}),
    # 422 "Extra inputs are not permitted" for both.
    "api.mistral.ai": Quirks(takes_stream_options=False, names={"seed": "random_seed"}),
    # 400 for stream_options, with some of the models behind it.
    "databricks.com": Quirks(takes_stream_options=False),
    "azuredatabricks.net": Quirks(takes_stream_options=False),
}
_USUAL = Quirks()


def quirks_of(base_url: str) -> Quirks:
    """The quirks of the service at this address; those of a host hold for its subdomains too."""
    host = urlsplit(base_url).hostname or ""
    known = (quirks for name, quirks in _BY_HOST.items() if host == name or host.endswith(f".{name}"))
    return next(known, _USUAL)


_CORS_FIXES = {
    # Ollama reads a comma list of origins; its default allows pages of this machine only.
    11434: "OLLAMA_ORIGINS={origin} ollama serve",
    # LM Studio: the same as the switch "Enable CORS" of its server settings.
    1234: "lms server start --cors",
    # llama-server allows every origin unless it was started with this flag.
    8080: "llama-server --cors-origins {origin}",
    # vLLM allows every origin unless it was started with this flag, which takes a JSON list.
    8000: "vllm serve --allowed-origins '{origins}'",
    # LiteLLM: a part of its config.yaml.
    4000: "general_settings:\n  cors_allow_origins: {origins}",
}
"""What allows an origin, by the port that a server has unless it was told another one."""

_HEADERS = """\
Access-Control-Allow-Origin: {origin}
Access-Control-Allow-Headers: Authorization, Content-Type
Access-Control-Allow-Methods: GET, POST, OPTIONS"""
"""What any server has to answer, also to OPTIONS."""


def cors_fix(base_url: str, origin: str) -> str:
    """The setting that lets pages of `origin` read what the server answers; the headers, where it is not known."""
    fix = _CORS_FIXES.get(urlsplit(base_url).port or 0, _HEADERS)
    return fix.format(origin=origin, origins=json.dumps([origin]))
