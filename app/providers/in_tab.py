"""The engine in this tab: OpenAI's dialect as llama.cpp speaks it, with grammars. No server, no key."""

from __future__ import annotations

from app.core.parameters import Parameter
from app.providers import structure
from app.providers.base import Capability
from app.providers.openai import OpenAi
from app.providers.openai_parameters import LOCAL, STANDARD

GRAMMAR = Parameter("grammar", "text")
"""A grammar in llama.cpp's form (GBNF) that the answer has to follow."""


class InTab(OpenAi):
    """What the engine reads and answers."""

    id = "in-tab"
    label = "llama.cpp"
    default_url = ""
    capabilities = frozenset(
        {
            Capability.CHAT,
            Capability.STREAM,
            Capability.COMPLETE,
            Capability.EMBED,
            Capability.RERANK,
            Capability.LIST,
        }
    )
    parameters = (*STANDARD, *LOCAL, structure.JSON_SCHEMA, GRAMMAR, structure.TOOLS)
