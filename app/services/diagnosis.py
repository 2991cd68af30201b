"""Finding out why a request got no readable answer. Browsers do not say, so the page asks around."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.core import formats
from app.core.connections import Connection
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.local_api import Health
from app.core.problems import Problem
from app.core.uploads import Upload
from app.providers.abilities import OnlyKnocks
from app.providers.base import Provider
from app.providers.presets import start_command
from app.services.ports import Http, Page

HEALTH_TIMEOUT = 2.5
"""Seconds that a health request may take: a server that stopped must be noticed within five."""

LOOK_TIMEOUT = 2.9
"""Seconds that a look may take in all: there are systems that need two of them to refuse a connection."""

FAR_HEALTH_TIMEOUT = 10.0
FAR_LOOK_TIMEOUT = 14.0
"""The same for what is not on this device, which nobody watches: a name to look up, a far host, a sleeping server."""

NOWHERE = frozenset({404, 405, 410})
"""The statuses of a path that a server does not have; it then answers the browser's question about it likewise."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a connection's address; `problem` is None only when it is connected."""

    health: Health
    problem: Problem | None = None


class Diagnosis:
    """Tells apart, by trying, the reasons for which a request can fail without a word."""

    def __init__(self, http: Http, page: Page) -> None:
        """Ask through `http`, as the page `page`."""
        self._http = http
        self._page = page

    async def examine(self, provider: Provider, connection: Connection) -> Finding:
        """Look whether the provider's API answers at the connection's address, or why not most likely."""
        try:
            async with asyncio.timeout(LOOK_TIMEOUT if _is_loopback(connection) else FAR_LOOK_TIMEOUT):
                return await self._look(provider, connection)
        except TimeoutError:
            return self._unreachable(provider, connection)

    async def _look(self, provider: Provider, connection: Connection) -> Finding:
        timeout = HEALTH_TIMEOUT if _is_loopback(connection) else FAR_HEALTH_TIMEOUT
        try:
            reply = await self._http.send(provider.health_request(connection), timeout=timeout)
        except HttpFailure as failure:
            return await self._unanswered(provider, connection, failure)
        if provider.is_healthy(reply):
            return _answered(provider, reply)
        return Finding(Health.WRONG_ADDRESS, self._wrong_address(connection, reply))

    async def explain(self, provider: Provider, connection: Connection, failure: HttpFailure) -> Problem:
        """Why a request to an API ended without a whole readable reply."""
        if failure.kind == "cut":
            return Problem.of("request.cut", name=connection.name, request=failure.request)
        if failure.kind == "timeout":
            return Problem.of("request.timeout", name=connection.name, request=failure.request)
        finding = await self.examine(provider, connection)
        if finding.problem is not None:
            return finding.problem
        return provider.rejected(failure.request)

    async def explain_upload(
        self, provider: Provider, connection: Connection, failure: HttpFailure, upload: Upload
    ) -> Problem:
        """Why an upload ended without a readable reply, after `failure.moved` bytes of it."""
        finding = await self.examine(provider, connection)
        values = {"name": upload.name, "sent": formats.size(failure.moved), "size": formats.size(upload.size)}
        if finding.problem is not None and failure.moved == 0:
            return finding.problem
        if finding.problem is not None:
            return Problem.of("upload.server_gone", **values)
        if failure.moved == 0:
            return Problem.of("upload.not_accepted", **values)
        return Problem.of("upload.cut", **values)

    async def _unanswered(self, provider: Provider, connection: Connection, failure: HttpFailure) -> Finding:
        values = self._values(connection)
        if failure.kind == "timeout":
            return Finding(Health.UNREACHABLE, Problem.of("health.silent", **values))
        if not _is_loopback(connection):
            if not self._page.is_online():
                return Finding(Health.UNREACHABLE, Problem.of("health.offline", **values))
            if self._page.origin.startswith("https:") and connection.base_url.startswith("http:"):
                return Finding(Health.DENIED, Problem.of("health.mixed_content", **values))
        return await self._probed(provider, connection)

    async def _probed(self, provider: Provider, connection: Connection) -> Finding:
        """What the requests tell whose answers nobody can read."""
        values = self._values(connection)
        request = provider.health_request(connection)
        if request.is_socket:
            return await self._socket_probed(connection, request)
        url = request.url
        # First: asking whether anything answers would follow a redirect, to a host that the user did not enter.
        if await self._http.redirects(url):
            return Finding(Health.WRONG_ADDRESS, Problem.of("health.redirect", **values))
        if await self._http.answers(url):
            return await self._unread(provider, connection)
        if await self._is_denied(connection):
            return Finding(Health.DENIED, Problem.of("health.denied", **values))
        return self._unreachable(provider, connection)

    def _unreachable(self, provider: Provider, connection: Connection) -> Finding:
        """Nothing is there, with the command that starts such a server where it would be on this device."""
        values = self._values(connection)
        command = provider.start_command or start_command(connection.base_url)
        if not command or not _is_loopback(connection):
            return Finding(Health.UNREACHABLE, Problem.of("health.unreachable", **values))
        problem = Problem.of("health.unreachable_here", snippet=command, **values)
        return Finding(Health.UNREACHABLE, problem)

    async def _socket_probed(self, connection: Connection, request: HttpRequest) -> Finding:
        """Why a socket does not open. CORS is no reason: sockets know none."""
        values = self._values(connection)
        if await self._http.answers(connection.base_url):
            problem = Problem.of("health.socket", path=request.path, **values)
            return Finding(Health.WRONG_ADDRESS, problem)
        return Finding(Health.UNREACHABLE, Problem.of("health.unreachable", **values))

    async def _unread(self, provider: Provider, connection: Connection) -> Finding:
        """Why a server that answers is not read: the path, the headers of the request, or this page's origin."""
        values = self._values(connection)
        request = provider.health_request(connection)
        snippet = provider.cors_fix(connection, self._page.origin)
        plain = await self._without_headers(request) if request.headers else None
        if plain is None:
            return Finding(Health.CORS, Problem.of("health.cors", snippet=snippet, **values))
        if plain.status in NOWHERE and not provider.is_healthy(plain):
            return Finding(Health.WRONG_ADDRESS, self._wrong_address(connection, plain))
        headers = ", ".join(request.headers)
        problem = Problem.of("health.preflight", snippet=snippet, headers=headers, **values)
        return Finding(Health.CORS, problem)

    async def _without_headers(self, request: HttpRequest) -> HttpReply | None:
        """What the server answers when it needs not be asked for permission first; None if no page may read it."""
        try:
            return await self._http.send(HttpRequest.get(request.url), timeout=HEALTH_TIMEOUT)
        except HttpFailure:
            return None

    async def _is_denied(self, connection: Connection) -> bool:
        """Whether the user or an administrator has denied requests to such an address."""
        if _is_loopback(connection):
            return await self._page.loopback_permission() == "denied"
        return _is_nearby(connection) and await self._page.network_permission() == "denied"

    def _values(self, connection: Connection) -> dict[str, str]:
        return {"name": connection.name, "url": connection.base_url, "origin": self._page.origin}

    def _wrong_address(self, connection: Connection, reply: HttpReply) -> Problem:
        return Problem.of(
            "health.wrong_address",
            name=connection.name,
            url=connection.base_url,
            status=reply.status,
            details=reply.text[:300],
        )


def _is_loopback(connection: Connection) -> bool:
    return (urlsplit(connection.base_url).hostname or "") in LOOPBACK


def _is_nearby(connection: Connection) -> bool:
    """Whether the address belongs to the local network."""
    host = urlsplit(connection.base_url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host.endswith((".local", ".lan", ".home.arpa"))


def _answered(provider: Provider, reply: HttpReply) -> Finding:
    """What the API's own answer says: all is well, or it refuses this key or so many requests."""
    if reply.ok or (isinstance(provider, OnlyKnocks) and provider.only_knocks):
        return Finding(Health.CONNECTED)
    error = provider.error(reply)
    return Finding(Health.KEY if error.status in {401, 403} else Health.LIMITED, error.problem)
