"""The world around the services, as a test wants it: a class for each port, and a local API in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from app.core.http import FileRequest, HttpFailure, HttpReply, HttpRequest
from app.core.problems import InvalidFile, Problem, StorageError
from app.services.ports import LocalFile, UploadProgress

BASE_URL = "http://127.0.0.1:5000/api/v1"
ORIGIN = "http://localhost:8000"
GGUF_HEAD = b"GGUF\x03\x00\x00\x00" + bytes(16)
ANSWER = "The capital of France is Paris."


def reply(value: Any, status: int = 200, url: str = "") -> HttpReply:
    """A reply with JSON."""
    return HttpReply(status, {"content-type": "application/json"}, json.dumps(value).encode(), url)


def page(status: int, html: str = "<h1>Hello</h1>") -> HttpReply:
    """A reply with a page, as other servers and frameworks give it."""
    return HttpReply(status, {"content-type": "text/html"}, html.encode())


@dataclass
class FakeApi:
    """The local API's documented contract, in memory: what it lists is what it has."""

    models: dict[str, int] = field(default_factory=dict)
    cached: list[str] = field(default_factory=list)
    sizes_in_words: bool = False

    def answer(self, request: HttpRequest) -> HttpReply:
        """The answer to a request."""
        path = request.url.partition("/api/v1")[2]
        if request.method == "DELETE":
            return self._delete(unquote(path.removeprefix("/models/")))
        answers: dict[str, Callable[[], Any]] = {
            "GET /health": lambda: {"status": "healthy", "service": "Local LLM API", "version": "1.0.0"},
            "GET /models": self._list,
            "POST /models/sync": lambda: {"message": "Synchronized", "data": self._list()},
            "GET /cache/status": lambda: {"cached_models": self.cached, "count": len(self.cached)},
            "POST /cache/clear": self._clear,
            "POST /generate": lambda: {
                "success": True,
                "response": ANSWER,
                "processing_time": 2.0,
                "token_count": 8,
            },
        }
        answer = answers.get(f"{request.method} {path}")
        return page(404) if answer is None else reply(answer())

    def _clear(self) -> dict[str, str]:
        self.cached.clear()
        return {"message": "Cache cleared successfully"}

    def _list(self) -> dict[str, Any]:
        models = [{"name": name, "size": self._size(size)} for name, size in self.models.items()]
        return {"models": models, "count": len(models)}

    def _size(self, size: int) -> int | str:
        return f"{size / 2**30:.1f} GB" if self.sizes_in_words else size

    def _delete(self, name: str) -> HttpReply:
        if self.models.pop(name, None) is None:
            return reply({"error": "Model not found"}, 404)
        return reply({"message": "Model deleted successfully", "filename": name})


@dataclass(frozen=True)
class Fails:
    """A request that ends without a whole readable reply."""

    kind: Literal["rejected", "timeout", "cut"]


@dataclass(frozen=True)
class Slow:
    """What happens, but only after a while."""

    seconds: float
    then: Step


@dataclass(frozen=True)
class Raises:
    """A defect: something that is no HttpFailure."""

    error: Exception


HANGS = Slow(1e9, Fails("rejected"))
"""A request that is taken and never answered."""

Step = HttpReply | Fails | Slow | Raises | Callable[[HttpRequest], HttpReply]


class FakeStream:
    """The `HttpStream` port: a whole reply, handed over in small pieces."""

    def __init__(self, whole: HttpReply) -> None:
        self.status = whole.status
        self.headers = whole.headers
        self._whole = whole

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._whole.body), 16):
            await asyncio.sleep(0)
            yield self._whole.body[start : start + 16]

    async def read(self) -> HttpReply:
        return self._whole


class FakeHttp:
    """The `Http` port in front of a `FakeApi`.

    `script` replaces the answers to one kind of request, `go_down` and `come_back` concern all of them.
    """

    def __init__(self, api: FakeApi) -> None:
        self.api = api
        self.requests: list[HttpRequest] = []
        self.cancelled: list[HttpRequest] = []
        self.probed: list[str] = []
        self.something_answers = False
        self.is_redirected = False
        self.probes_take = 0.0
        self._down: Step | None = None
        self._scripts: dict[str, list[Step]] = {}

    def script(self, what: str, *steps: Step) -> None:
        """Take these steps for requests such as "GET /models", or "GET http://…"; the last one stays."""
        self._scripts[what] = list(steps)

    def unscript(self, what: str) -> None:
        """Answer such requests as the API does."""
        del self._scripts[what]

    def go_down(self, how: Step = Fails("rejected")) -> None:
        """Nothing is answered any more."""
        self._down = how

    def come_back(self) -> None:
        """The API answers again."""
        self._down = None

    def asked(self, what: str) -> int:
        """How often such a request was made."""
        return sum(what in _names(request) for request in self.requests)

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        self.requests.append(request)
        name = f"{request.method} {request.path}"
        try:
            async with asyncio.timeout(timeout):
                return await self._take(self._step(request), request)
        except TimeoutError:
            raise HttpFailure("timeout", name) from None
        except asyncio.CancelledError:
            self.cancelled.append(request)
            raise

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[FakeStream]:
        async with asyncio.timeout(idle):
            whole = await self.send(request, first_byte)
        yield FakeStream(whole)

    async def answers(self, url: str) -> bool:
        self.probed.append(url)
        await asyncio.sleep(self.probes_take)
        return self.something_answers

    async def redirects(self, url: str) -> bool:
        self.probed.append(url)
        await asyncio.sleep(self.probes_take)
        return self.is_redirected

    def _step(self, request: HttpRequest) -> Step:
        if self._down is not None:
            return self._down
        for name in _names(request):
            steps = self._scripts.get(name)
            if steps:
                return steps.pop(0) if len(steps) > 1 else steps[0]
        return self.api.answer

    async def _take(self, step: Step, request: HttpRequest) -> HttpReply:
        if isinstance(step, Slow):
            await asyncio.sleep(step.seconds)
            return await self._take(step.then, request)
        if isinstance(step, Fails):
            raise HttpFailure(step.kind, f"{request.method} {request.path}")
        if isinstance(step, Raises):
            raise step.error
        return step if isinstance(step, HttpReply) else step(request)


def _names(request: HttpRequest) -> tuple[str, str]:
    return f"{request.method} {request.url}", f"{request.method} {request.path.removeprefix('/api/v1')}"


class FakeFile:
    """A file on the user's disk."""

    def __init__(self, name: str, size: int = 1000, head: bytes = GGUF_HEAD, head_takes: float = 0.0) -> None:
        self.name = name
        self.size = size
        self.bytes_read = 0
        self.is_gone = False
        self._head = head
        self._head_takes = head_takes

    async def head(self, count: int) -> bytes:
        await asyncio.sleep(self._head_takes)
        if self.is_gone:
            raise InvalidFile(Problem.of("file.unreadable", name=self.name))
        self.bytes_read += count
        return self._head[:count]


class Sending:
    """One transfer, whose course the test decides."""

    def __init__(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> None:
        self.request = request
        self.file = file
        self.was_cancelled = False
        self._progress = progress
        self.end: asyncio.Future[HttpReply] = asyncio.get_running_loop().create_future()

    def moves(self, count: int) -> None:
        """So many bytes are on their way now, in all."""
        self._progress(count, False)

    def is_sent(self) -> None:
        """All bytes are on their way; the server is storing them."""
        self._progress(self.file.size + 195, True)

    def answers(self, answer: HttpReply) -> None:
        """The server's answer arrives."""
        self.end.set_result(answer)

    def breaks(self, moved: int) -> None:
        """The connection is lost after so many bytes."""
        kind: Literal["cut", "rejected"] = "cut" if moved else "rejected"
        self.end.set_exception(HttpFailure(kind, "POST /api/v1/models", moved))


class FakeUploader:
    """The `Uploader` port: every transfer waits for what the test makes of it."""

    def __init__(self, api: FakeApi) -> None:
        self.started: list[Sending] = []
        self._api = api

    async def upload(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> HttpReply:
        sending = Sending(request, file, progress)
        self.started.append(sending)
        try:
            return await sending.end
        except asyncio.CancelledError:
            sending.was_cancelled = True
            raise

    @property
    def last(self) -> Sending:
        """The transfer that began last."""
        return self.started[-1]

    def store(self, size: int | None = None) -> None:
        """The server has the last file, or the first `size` bytes of it; nobody is told yet."""
        self._api.models[self.last.request.name] = self.last.file.size if size is None else size

    def accept(self) -> None:
        """The server has the last file and says so."""
        self.store()
        name = self.last.request.name
        self.last.answers(reply({"message": "File uploaded successfully", "filename": name}))


class FakeClock:
    """The `Clock` port in the time of the running loop, which began in 2027."""

    def now(self) -> float:
        return 1_800_000_000 + self.monotonic()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class FakePage:
    """The `Page` port: a tab that the user can see, on a device with a network."""

    def __init__(self) -> None:
        self.origin = ORIGIN
        self.is_shown = True
        self.has_network = True
        self.permission = "granted"
        self.marked: list[str] = []
        self._run: list[Callable[[], None]] = []

    def is_visible(self) -> bool:
        return self.is_shown

    def is_online(self) -> bool:
        return self.has_network

    def on_visible(self, run: Callable[[], None]) -> None:
        self._run.append(run)

    def mark(self, name: str) -> None:
        self.marked.append(name)

    async def loopback_permission(self) -> str:
        return self.permission

    async def network_permission(self) -> str:
        return self.permission

    def hide(self) -> None:
        """The user looks at another tab."""
        self.is_shown = False

    def show(self) -> None:
        """The user comes back."""
        self.is_shown = True
        for run in self._run:
            run()


class FakeRecords:
    """The `Records` port: a database in memory that can be full or broken."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Any] = {}
        self.writes = 0
        self.is_broken = False
        self.takes = 0.0

    async def get(self, store: str, key: str) -> Any | None:
        await self._work()
        text = self.records.get((store, key))
        return None if text is None else json.loads(text)

    async def put(self, store: str, key: str, record: Any) -> None:
        await self._work()
        self.writes += 1
        self.records[(store, key)] = json.dumps(record)

    async def delete(self, store: str, key: str) -> None:
        await self._work()
        self.records.pop((store, key), None)

    async def _work(self) -> None:
        await asyncio.sleep(self.takes)
        if self.is_broken:
            raise StorageError(Problem.of("storage.failed"))
