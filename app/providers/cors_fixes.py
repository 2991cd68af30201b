"""What to set on a server so that pages of an origin may read what it answers, by the kind of the server."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CorsFix:
    """A kind of server, by its own name, and its setting with gaps for the origin: `@origin@`, `@origins@` as JSON."""

    id: str
    name: str
    template: str

    def text(self, origin: str) -> str:
        """The setting, ready to copy."""
        return self.template.replace("@origins@", json.dumps([origin])).replace("@origin@", origin)


CORS_FIXES: tuple[CorsFix, ...] = (
    # Ollama takes a comma list and ships with this machine's own pages in it.
    CorsFix("ollama", "Ollama", "OLLAMA_ORIGINS=@origin@ ollama serve"),
    CorsFix("lm-studio", "LM Studio", "lms server start --cors"),
    CorsFix("llama-server", "llama.cpp server", "llama-server -m model.gguf --cors-origins @origin@"),
    CorsFix("vllm", "vLLM", "vllm serve MODEL --allowed-origins '@origins@'"),
    CorsFix("litellm", "LiteLLM", "general_settings:\n  cors_allow_origins: @origins@"),
    CorsFix("flask", "Flask", "from flask_cors import CORS\nCORS(app, origins=@origins@)"),
    CorsFix(
        "nginx",
        "nginx",
        """\
location / {
  if ($request_method = OPTIONS) {
    add_header Access-Control-Allow-Origin "@origin@";
    add_header Access-Control-Allow-Headers "Authorization, Content-Type, X-API-Key";
    add_header Access-Control-Allow-Methods "GET, POST, DELETE, OPTIONS";
    return 204;
  }
  add_header Access-Control-Allow-Origin "@origin@" always;
  proxy_pass http://127.0.0.1:8080;
  proxy_buffering off;
}""",
    ),
)
"""The servers that people run themselves, the usual ones first."""
