"""Owns running a reference server as a process, from tests: start, faults, what it saw, kill, restart.

with running("tests.servers.local_llm_api", "--models", folder, "--variant", "g1") as server:
    ... server.base_url ...
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any, Final
from urllib.parse import urlsplit

from tests.servers.control import PATH

_PROJECT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0


class ServerFailedError(RuntimeError):
    """The server did not start; the text has what it wrote to standard error."""


@dataclass(frozen=True)
class LoadedModel:
    """A llama.cpp server with one model."""

    pid: int
    url: str

    def answers(self) -> bool:
        """Whether it runs."""
        address = urlsplit(self.url)
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End it at once, as a crash would."""
        os.kill(self.pid, signal.SIGKILL)


class ServerProcess:
    """A reference server and its control route. It ends with its parent, even with a killed one."""

    def __init__(self, module: str, *arguments: str | Path) -> None:
        """`module` is what ``python -m`` runs; `arguments` are its own, without ``--port``."""
        self._command = [sys.executable, "-m", module, "--control", "--exit-with-stdin", *map(str, arguments)]
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None
        self.base_url = ""
        """URL of the API with its prefix, as the server printed it. The same after a restart."""

    @property
    def port(self) -> int:
        """The port that it has, or will have again: 0 before the first start."""
        return urlsplit(self.base_url).port or 0

    @property
    def root_url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, on the port that it had before if any; returns when it answers."""
        assert not self.running, "the server runs already"
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(
            [*self._command, "--port", str(self.port)],
            cwd=_PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.base_url = self._ready_url(self._process)

    def stop(self) -> None:
        """End it in good order; nothing when it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def restart(self) -> None:
        """Stop and start it, on the same port."""
        self.stop()
        self.start()

    def set_faults(self, faults: Mapping[str, bool | int | float | str]) -> None:
        """Have exactly these faults from now on."""
        self._control({"faults": dict(faults)})

    @contextmanager
    def faulty(self, **faults: bool | float | str) -> Iterator[None]:
        """Have these faults within the block; underscores in their names stand for hyphens."""
        self.set_faults({name.replace("_", "-"): value for name, value in faults.items()})
        try:
            yield
        finally:
            if self.running:
                self.set_faults({})

    def requests(self, path: str | None = None, method: str | None = None) -> list[dict[str, Any]]:
        """The requests seen, oldest first: method, path, origin, headers, bytes_received, body, status.

        `path` is relative to the base URL. The status is `None` while a request is not answered.
        """
        wanted = None if path is None else urlsplit(self.base_url).path + path
        return [
            seen
            for seen in self._control(None)["requests"]
            if wanted in (None, seen["path"]) and method in (None, seen["method"])
        ]

    def wait_for_request(
        self, path: str, method: str, *, bytes_received: int = 0, seconds: float = 15
    ) -> dict[str, Any]:
        """The last such request, as soon as it is there with so many bytes; `TimeoutError` if it never is."""
        until = time.monotonic() + seconds
        while True:
            seen = self.requests(path, method)
            if seen and seen[-1]["bytes_received"] >= bytes_received:
                return seen[-1]
            if time.monotonic() > until:
                raise TimeoutError(
                    f"no {method} {path} with {bytes_received} bytes within {seconds} s: {seen}"
                )
            time.sleep(0.02)

    def wait_until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        """Return as soon as `condition` holds; `TimeoutError` when it does not."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise TimeoutError(f"not within {seconds} s")
            time.sleep(0.02)

    def loaded(self) -> list[LoadedModel]:
        """The real llama.cpp processes behind the server's cache."""
        return [LoadedModel(**model) for model in self._control(None)["loaded"]]

    def streams(self) -> list[dict[str, Any]]:
        """The streamed answers that the server has begun, oldest first: model, events sent, and how it ended."""
        streams: list[dict[str, Any]] = self._control(None)["streams"]
        return streams

    def forget_requests(self) -> None:
        """Start the record of requests over."""
        self._control({"forget_requests": True})

    def _control(self, wanted: dict[str, Any] | None) -> dict[str, Any]:
        data = None if wanted is None else json.dumps(wanted).encode()
        request = urllib.request.Request(self.root_url + PATH, data, {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_STOP_SECONDS) as reply:
            state: dict[str, Any] = json.load(reply)
        return state

    def _ready_url(self, process: subprocess.Popen[str]) -> str:
        found: Queue[str] = Queue()

        def read() -> None:
            assert process.stdout is not None
            with process.stdout:
                for line in process.stdout:
                    word, _, url = line.strip().partition(" ")
                    if word == "ready":
                        found.put(url)
            found.put("")

        threading.Thread(target=read, daemon=True).start()
        try:
            url = found.get(timeout=_START_SECONDS)
        except Empty:
            url = ""
        if not url:
            process.kill()
            raise ServerFailedError(f"{' '.join(self._command)} did not start:\n{self._reap()}")
        return url

    def _reap(self) -> str:
        """Wait for the end of the process and close what leads to it; gives what it wrote to standard error."""
        process, log = self._process, self._log
        assert process is not None
        assert log is not None
        process.wait()
        if process.stdin is not None:
            process.stdin.close()
        self._process = None
        with log:
            log.seek(0)
            return log.read()


@contextmanager
def running(module: str, *arguments: str | Path) -> Iterator[ServerProcess]:
    """A started server, stopped at the end of the block."""
    server = ServerProcess(module, *arguments)
    server.start()
    try:
        yield server
    finally:
        server.stop()
