"""Owns the real llama.cpp behind the reference servers: start it, ask it, keep a few models loaded."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_CHILD: Final = Path(__file__).with_name("llama_child.py")
_SMALLEST_BATCH: Final = 8
"""llama.cpp aborts below two or three tokens."""


class LlamaError(Exception):
    """llama.cpp could not answer; the text says why."""


class LlamaLoadError(LlamaError):
    """The file cannot be loaded as a model."""


class LlamaTimeoutError(LlamaError):
    """The answer did not come within the time allowed."""


class ContextExceededError(LlamaError):
    """The prompt has more tokens than the context has room for."""

    def __init__(self, tokens: int, n_ctx: int) -> None:
        super().__init__(f"Requested tokens ({tokens}) exceed context window of {n_ctx}")


@dataclass(frozen=True)
class LlamaSpec:
    """What is loaded, and how: another spec is another copy in memory."""

    path: str
    n_ctx: int = 4096
    n_batch: int = 512
    n_gpu_layers: int = 40
    n_threads: int = 1
    embeds: bool = False
    ranks: bool = False
    port: int = 0
    api_keys: tuple[str, ...] = ()
    cors_origins: str = "*"


class LlamaServer:
    """One llama.cpp server process with one model loaded."""

    def __init__(self, spec: LlamaSpec) -> None:
        """Load the model; `LlamaLoadError` when that fails."""
        arguments = asdict(spec) | {"n_batch": max(spec.n_batch, _SMALLEST_BATCH)}
        self._process = subprocess.Popen(
            [sys.executable, str(_CHILD), json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"GGML_NO_BACKTRACE": "1"},
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, _, self.url = line.strip().partition(" ")
            if word == "ready":
                return
        self.close()
        raise LlamaLoadError(f"Failed to load model from file: {spec.path}")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def post(self, path: str, body: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """The JSON answer to a JSON request; seconds of `timeout` between two signs of life."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            answer: dict[str, Any] = json.loads(reply.read())
        except TimeoutError as error:
            raise LlamaTimeoutError("Request timeout") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LlamaError(f"llama.cpp stopped while it was answering ({error})") from error
        finally:
            connection.close()
        if reply.status == 200:
            return answer
        problem = answer.get("error", {})
        if problem.get("type") == "exceed_context_size_error":
            raise ContextExceededError(problem["n_prompt_tokens"], problem["n_ctx"])
        raise LlamaError(str(problem.get("message", answer)))

    def close(self) -> None:
        """End the process and free its memory."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


@dataclass
class _Entry:
    spec: LlamaSpec
    users: int = 0
    retired: bool = False
    server: LlamaServer | None = None
    loading: threading.Lock = field(default_factory=threading.Lock)


def is_installed() -> bool:
    """Whether the package that brings llama.cpp is there."""
    return importlib.util.find_spec("xllamacpp") is not None


class LlamaPool:
    """Loaded models by key, the least recently used one given up when there are more than `limit`.

    A server that is answering is never ended: it goes when its last answer is done.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def lease(self, key: str, spec: LlamaSpec) -> Iterator[LlamaServer]:
        """A server for `key` with `spec`, loaded when it is not yet there. `LlamaLoadError` if that fails."""
        entry = self._enter(key, spec)
        try:
            with entry.loading:
                if entry.server is None:
                    entry.server = LlamaServer(spec)
            yield entry.server
        finally:
            self._leave(key, entry)

    def keys(self) -> list[str]:
        """The keys of the loaded models, the least recently used one first."""
        with self._lock:
            return [key for key, entry in self._entries.items() if entry.server is not None]

    def processes(self) -> list[dict[str, Any]]:
        """The process id and the URL of each loaded model."""
        with self._lock:
            servers = [entry.server for entry in self._entries.values() if entry.server is not None]
            return [{"pid": server.pid, "url": server.url} for server in servers]

    def evict(self, path: str) -> None:
        """Give up every copy of the model at `path`."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if entry.spec.path == path]:
                self._retire(key)

    def clear(self) -> None:
        """Give up every model."""
        with self._lock:
            for key in list(self._entries):
                self._retire(key)

    def close(self) -> None:
        """End every process at once, answering or not."""
        with self._lock:
            for entry in self._entries.values():
                if entry.server is not None:
                    entry.server.close()
            self._entries.clear()

    def _enter(self, key: str, spec: LlamaSpec) -> _Entry:
        with self._lock:
            entry = self._entries.get(key)
            dead = entry is not None and entry.server is not None and not entry.server.alive
            if entry is not None and (dead or entry.spec != spec):
                self._retire(key)
                entry = None
            if entry is None:
                entry = self._entries[key] = _Entry(spec)
            self._entries.move_to_end(key)
            entry.users += 1
            return entry

    def _leave(self, key: str, entry: _Entry) -> None:
        with self._lock:
            entry.users -= 1
            if entry.retired:
                self._end_when_idle(entry)
            elif entry.server is None and entry.users == 0:
                self._entries.pop(key)
            for old_key in list(self._entries):
                if len(self._entries) <= self.limit:
                    break
                if self._entries[old_key].users == 0:
                    self._retire(old_key)

    def _retire(self, key: str) -> None:
        entry = self._entries.pop(key)
        entry.retired = True
        self._end_when_idle(entry)

    @staticmethod
    def _end_when_idle(entry: _Entry) -> None:
        if entry.users == 0 and entry.server is not None:
            entry.server.close()
            entry.server = None
