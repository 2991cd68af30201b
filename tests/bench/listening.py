"""What the benchmarks with a server of their own share: an API of OpenAI's dialect with one model, and serving it."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.pages import BerthPage

SETTLING_MS = 2_000
"""For the browser to write the connection that was added to its disk."""


class OneModelApi(BaseHTTPRequestHandler, ABC):
    """An API of OpenAI's dialect whose one model answers with what `stream` writes. Any page may ask it."""

    protocol_version = "HTTP/1.1"
    model: str

    def do_OPTIONS(self) -> None:
        """Let the page ask."""
        self._begin(204, {"Content-Length": "0"})

    def do_GET(self) -> None:
        """The list of models."""
        body = json.dumps({"data": [{"id": self.model}]}).encode()
        self._begin(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The answer, until it ends or nobody listens any more."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._begin(200, {"Content-Type": "text/event-stream", "Connection": "close"})
        with suppress(OSError):
            self.stream(request["messages"][-1]["content"])

    @abstractmethod
    def stream(self, prompt: str) -> None:
        """Write the events of the answer."""

    def say(self, text: str) -> None:
        """Write one piece of text."""
        self._chunk({"content": text})

    def complete(self) -> None:
        """Write the end."""
        self._chunk({}, "stop")
        self.event("[DONE]")

    def _chunk(self, delta: dict[str, str], reason: str | None = None) -> None:
        """Write a chunk of the size and form that llama-server writes."""
        choice = {"finish_reason": reason, "index": 0, "delta": delta}
        told = {"created": 1_790_000_000, "id": "chatcmpl-" + "x" * 32, "model": self.model}
        self.event(json.dumps({"choices": [choice], **told, "object": "chat.completion.chunk"}))

    def event(self, data: str) -> None:
        """Write one event."""
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
        for name, value in {**allowed, **headers}.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    """Serve in the background; gives the port."""
    server.daemon_threads = True
    with server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def launch(playwright: Playwright, profile: str | Path) -> BrowserContext:
    """The browser with that profile."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=executable(), args=ARGUMENTS, viewport={"width": 1280, "height": 800}
    )


def connect(berth: BerthPage, name: str, port: int, model: str) -> None:
    """Add the connection and choose its model, as a person does."""
    berth.go("Connections")
    berth.connections.add(name, f"http://127.0.0.1:{port}/v1")
    berth.go("Chat")
    berth.chat.model.select_option(label=model)
    berth.page.wait_for_timeout(SETTLING_MS)
