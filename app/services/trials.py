"""Trying a custom connection: one real question, and what came back beside what was read from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.core.connections import Connection
from app.core.http import HttpFailure, HttpReply
from app.core.messages import PromptMessage, Role
from app.providers.custom import Custom, Reading
from app.services.diagnosis import Diagnosis
from app.services.ports import Http
from app.services.redaction import redact_problem

FIRST_BYTE: Final = 120.0
"""Seconds for the beginning of the reply: a model may have to be loaded."""

IDLE: Final = 20.0
"""Seconds without a byte after which a trial is over."""

LENGTH: Final = 262_144
"""Bytes of a reply that are read: enough to see how it is made."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a question brought. `status` is 0 when there was no reply that the page may read."""

    status: int
    media_type: str
    reading: Reading


def question_of(text: str) -> tuple[PromptMessage, ...]:
    """The conversation that is sent for a test."""
    return (PromptMessage(Role.USER, text),)


class Trials:
    """Asks custom connections."""

    def __init__(self, http: Http, diagnosis: Diagnosis) -> None:
        """Send through `http`; `diagnosis` tells why nothing came."""
        self._http = http
        self._diagnosis = diagnosis

    async def ask(self, connection: Connection, model: str, question: str) -> Trial:
        """Send a question to a custom connection, and read its reply up to its end or `LENGTH`.

        No key is in what is found.

        Raises:
            InvalidInput: the dialect cannot be used, or the request cannot be built.
        """
        provider = Custom().bound(connection)
        request = provider.chat_request(connection, model, question_of(question), {})
        head, body = HttpReply(0), b""
        try:
            async with self._http.stream(request, FIRST_BYTE, IDLE) as stream:
                head = HttpReply(stream.status, stream.headers)
                decoder = provider.decoder(head.media_type) if head.ok else None
                async for chunk in stream.chunks():
                    body += chunk
                    if decoder is not None:
                        decoder.feed(chunk)
                    is_over = decoder is not None and (decoder.done or decoder.error)
                    if is_over or len(body) > LENGTH:
                        break
        except HttpFailure as failure:
            if not body:
                return await self._failed(provider, connection, failure)
        reading = provider.explain(replace(head, body=body), connection.key)
        problem = reading.problem and redact_problem(reading.problem, connection.key)
        return Trial(head.status, head.media_type, replace(reading, problem=problem))

    async def _failed(self, provider: Custom, connection: Connection, failure: HttpFailure) -> Trial:
        problem = await self._diagnosis.explain(provider, connection, failure)
        return Trial(0, "", Reading("", problem=redact_problem(problem, connection.key)))
