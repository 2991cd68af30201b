"""What differs between the servers that speak OpenAI's dialect, as far as their address tells which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.providers.cors_fixes import CORS_FIXES


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


_PORTS = {11434: "ollama", 1234: "lm-studio", 8080: "llama-server", 8000: "vllm", 4000: "litellm"}
"""The servers by the port that they have unless they were told another one."""

_HEADERS = """\
Access-Control-Allow-Origin: {origin}
Access-Control-Allow-Headers: Authorization, Content-Type
Access-Control-Allow-Methods: GET, POST, OPTIONS"""
"""What any server has to answer, also to OPTIONS."""


def cors_fix(base_url: str, origin: str) -> str:
    """The setting that lets pages of `origin` read what the server answers; the headers, where it is not known."""
    server = _PORTS.get(urlsplit(base_url).port or 0)
    fix = next((fix for fix in CORS_FIXES if fix.id == server), None)
    return fix.text(origin) if fix else _HEADERS.format(origin=origin)
