"""What the errors of Ollama mean: those of a server that keeps models itself; the others are as OpenAI's."""

from __future__ import annotations

import re

from app.core.http import HttpReply
from app.core.problems import Problem
from app.providers import extract, openai_problems

_BY_WORDS = (
    (
        "ollama.model",
        re.compile(r"model [\"'“]?(?P<model>[^\"'” ]{1,200})[\"'”]? not found|no such model", re.IGNORECASE),
    ),
    ("ollama.no_manifest", re.compile(r"pull model manifest|file does not exist", re.IGNORECASE)),
    ("ollama.unsupported", re.compile(r"does not support (?P<what>\w+)", re.IGNORECASE)),
    (
        "ollama.memory",
        re.compile(r"requires more system memory|out of memory|cudaMalloc failed", re.IGNORECASE),
    ),
    (
        "ollama.runner",
        re.compile(r"llama runner|runner process|unable to load model|error loading model", re.IGNORECASE),
    ),
    ("ollama.busy", re.compile(r"server busy|maximum pending requests", re.IGNORECASE)),
    (
        "ollama.offline",
        re.compile(r"registry\S* .{0,80}(?:no such host|timeout|refused)|dial tcp", re.IGNORECASE),
    ),
)
_SCANNED = 2000


def problem_of(reply: HttpReply) -> Problem:
    """What happened, why most likely, and what to do."""
    if not reply.ok and reply.status == 403 and not reply.body.strip():
        return Problem.of("ollama.origin", details=extract.details(reply))
    said = extract.error_text(reply)
    for key, pattern in _BY_WORDS:
        found = pattern.search(said[:_SCANNED])
        if found and extract.read_value(reply) is not None:
            return _worded(key, found, reply, said)
    return openai_problems.problem_of(reply)


def _worded(key: str, found: re.Match[str], reply: HttpReply, said: str) -> Problem:
    named = {name: text or "" for name, text in found.groupdict().items()}
    model = named.get("model", "")
    return Problem.of(
        key,
        snippet=f"ollama pull {model}" if model else "",
        details=extract.details(reply),
        said=said,
        what=named.get("what", ""),
    )
