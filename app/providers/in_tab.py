"""The engine in this tab: OpenAI's dialect as llama.cpp speaks it, with grammars and reranking. No server, no key."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.connections import Connection
from app.core.http import HttpReply, HttpRequest
from app.core.parameters import Parameter
from app.core.problems import ApiError, Problem
from app.providers import extract, requests, structure
from app.providers.base import Capability
from app.providers.extract.values import at, count, number
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

    def rerank_request(
        self, connection: Connection, model: str, query: str, documents: Sequence[str]
    ) -> HttpRequest:
        """POST /rerank: how well each of `documents` fits `query`.

        Raises:
            InvalidInput: there is no query, no document, or no model.
        """
        requests.check(model, (query,))
        requests.check(model, documents)
        body = {"model": model, "query": query, "documents": list(documents)}
        return HttpRequest.post_json(f"{connection.base_url}/rerank", body)

    def scores(self, reply: HttpReply) -> tuple[float, ...]:
        """One score for each document, in the order in which they were sent; higher fits better.

        Raises:
            ApiError: the reply is an error or holds no scores.
        """
        self.check(reply)
        rows = at(extract.read_value(reply), "results")
        rows = rows if isinstance(rows, list) else []
        in_order = sorted(rows, key=lambda row: count(at(row, "index")) or 0)
        scores = [number(at(row, "relevance_score")) for row in in_order]
        if not scores or any(score is None for score in scores):
            raise ApiError(Problem.of("tab.no_scores", details=extract.details(reply)), reply.status)
        return tuple(score for score in scores if score is not None)
