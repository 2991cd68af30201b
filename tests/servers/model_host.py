"""A host of model files, as people paste links to: ranges, CORS, and a connection that can be made to break."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from dev.ranges import byte_range


@dataclass
class ModelHost:
    """A running host. `ranges` holds the Range header of each request.

    The next reply stops after `cut_after` bytes, and ends when `cut` is set.
    """

    url: str
    folder: Path
    ranges: list[str] = field(default_factory=list)
    cut_after: int | None = None
    cut: threading.Event = field(default_factory=threading.Event)


@contextmanager
def model_host(folder: Path) -> Iterator[ModelHost]:
    """A host of the files in `folder`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / self.path.rpartition("/")[2]
            if not path.is_file():
                self._start(HTTPStatus.NOT_FOUND, 0)
                return
            data = path.read_bytes()
            asked = self.headers.get("Range", "")
            host.ranges.append(asked)
            span = byte_range(asked, len(data))
            body = data if span is None else data[span[0] : span[1] + 1]
            self._start(HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT, len(body))
            limit, host.cut_after = host.cut_after, None
            self.wfile.write(body[:limit])
            if limit is not None:
                self.wfile.flush()
                host.cut.wait(30)
            self.close_connection = True

        def _start(self, status: HTTPStatus, length: int) -> None:
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(length))
            self.send_header("Content-Type", "application/octet-stream")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host = ModelHost(f"http://127.0.0.1:{server.server_port}", folder)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield host
        server.shutdown()
