"""Watches the pages of a test: what they log, which rules of the policy they break, which hosts they ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (e) =>
  console.error(`policy violation: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
"""What a profile has to run in each page first: it makes a broken rule of the policy a logged error."""

LOOKED_FOR_BY_ITSELF = "/favicon.ico)"
"""The browser asks for this file at addresses of the origin that name no icon, now and then: no page asked for it."""


@dataclass
class Watch:
    """The record of one test.

    Attributes:
        page_url: The page's own address.
        console: Everything logged, as "type: text".
        requests: The addresses of all requests, in order.
    """

    page_url: str
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)
    _hosts: set[str] = field(default_factory=set)
    _expected: list[str] = field(default_factory=list)

    def observe(self, context: BrowserContext) -> None:
        """Record what happens in all pages of a browser context that runs REPORT_VIOLATIONS."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_web_error)
        context.on("request", self._on_request)

    def leave(self, context: BrowserContext) -> None:
        """Record no more of it."""
        context.remove_listener("console", self._on_console)
        context.remove_listener("weberror", self._on_web_error)
        context.remove_listener("request", self._on_request)

    def allow_host(self, url: str) -> None:
        """Let the page ask this host (and port)."""
        self._hosts.add(urlsplit(url).netloc)

    def expect_error(self, text: str) -> None:
        """Expect at least one logged error that contains `text`; such errors do not fail the test."""
        self._expected.append(text)

    def check(self) -> None:
        """Assert that nothing happened that was not expected, and that what was expected happened."""
        expected = (*self._expected, LOOKED_FOR_BY_ITSELF)
        unexpected = [error for error in self._errors if not any(text in error for text in expected)]
        assert not unexpected, "the page logged errors:\n" + "\n".join(unexpected)
        missing = [text for text in self._expected if not any(text in error for error in self._errors)]
        assert not missing, f"expected errors did not occur: {missing}"
        assert not self.foreign_requests(), "the page asked hosts that the test did not allow"

    def foreign_requests(self) -> list[str]:
        """Return the requests to hosts that are neither the page's own nor allowed."""
        allowed = {urlsplit(self.page_url).netloc, *self._hosts}
        remote = (url for url in self.requests if urlsplit(url).scheme in {"http", "https", "ws", "wss"})
        return [url for url in remote if urlsplit(url).netloc not in allowed]

    def _on_console(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")
        if message.type == "error" and message.text:
            self._errors.append(f"{message.text} ({message.location['url']})")

    def _on_web_error(self, error: WebError) -> None:
        self._errors.append(str(error.error))

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)
