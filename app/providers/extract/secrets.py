"""Taking keys out of what servers say, before it is shown or kept: some quote the key that they refuse."""

from __future__ import annotations

import re

REMOVED = "[key removed]"
"""What stands in the place of a key."""

_KEYS = re.compile(
    r"""
      \b(?:sk|gsk|pk|rk|xai)[-_][\w*.-]{6,}  # OpenAI and its likes, Anthropic, Groq, xAI
    | \bllm_(?:[0-9a-fA-F]{8,}|[0-9A-Za-z]{16,})(?:\.[0-9A-Za-z]+)?  # LLM Router; not llm_7b.gguf
    | \bhf_[0-9A-Za-z]{8,}  # Hugging Face
    | \bAIza[\w-]{10,}  # Google
    """,
    re.VERBOSE,
)
_BEARER = re.compile(
    r"\b(Bearer|Basic)\s+(?!(?:tokens?|auth|authentication|authorization)\b)[\w.~+/*=-]{6,}", re.IGNORECASE
)
_NAMED = re.compile(
    r"((?:\bx-)?\b(?:api|admin|access|secret)[-_]?(?:key|token)[\"']?\s*[:=]\s*[\"']?|[?&]key=)[^\s\"'<>&,;]{6,}",
    re.IGNORECASE,
)


def redact(text: str, *known: str) -> str:
    """`text` without anything that looks like a key, and without the `known` ones."""
    for key in known:
        if key:
            text = text.replace(key, REMOVED)
    text = _BEARER.sub(rf"\1 {REMOVED}", text)
    text = _NAMED.sub(rf"\1{REMOVED}", text)
    return _KEYS.sub(REMOVED, text)
