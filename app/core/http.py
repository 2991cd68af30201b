"""Requests and replies as plain values: what providers build and read, and what the `Http` port carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

_OWN_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request, ready to be sent.

    `headers` holds only what the API needs: every further header is one more way for a CORS preflight to fail.

    A URL that begins with ws: or wss: is for a WebSocket: `body` is the message sent when it is open, headers there are
    none, and each message that comes back is read as one event of a stream.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @classmethod
    def get(cls, url: str) -> HttpRequest:
        """A GET without extra headers, which needs no CORS preflight."""
        return cls("GET", url)

    @classmethod
    def post_json(cls, url: str, value: Any, headers: Mapping[str, str] | None = None) -> HttpRequest:
        """A POST of `value` as UTF-8 JSON; half a surrogate pair, which no UTF-8 can hold, becomes a question mark."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return cls("POST", url, {"Content-Type": "application/json", **(headers or {})}, body)

    @property
    def is_socket(self) -> bool:
        """Whether a WebSocket carries this request."""
        return self.url.startswith(("ws:", "wss:"))

    @property
    def path(self) -> str:
        """The path of the URL, without host, query and fragment: safe to show, it holds no key."""
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write an origin: without the port that is the scheme's own."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2].lower()
        return f"{parts.scheme}://{host.removesuffix(_OWN_PORTS.get(parts.scheme, ''))}"


EVENT_STREAM = "text/event-stream"
"""The media type of server-sent events, and of the messages of a WebSocket as the transport hands them on."""


@dataclass(frozen=True, slots=True)
class FileRequest:
    """An upload: one file as one part of a multipart form that is POSTed to `url`.

    `part` is the name of the form's part, `name` the file name that the server is told, which may differ from the
    one on disk.
    """

    url: str
    part: str
    name: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A complete reply. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""

    @property
    def ok(self) -> bool:
        """Whether the status is in the 200s."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; empty when the reply names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not UTF-8 become U+FFFD."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body read as JSON, or None when it is none: unknown input is never an exception."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def path(self) -> str:
        """The path of the URL that answered, without query: safe to show."""
        return urlsplit(self.url).path


class HttpFailure(Exception):
    """A request that ended without a whole readable reply. Why is not known here: browsers do not say.

    `kind` is "rejected" (no reply that the page may read), "timeout" (nothing came in time) or "cut" (the reply or the
    upload ended midway). `moved` counts the bytes that had moved by then, sent or received.
    """

    def __init__(self, kind: Literal["rejected", "timeout", "cut"], request: str, moved: int = 0) -> None:
        """Keep the kind, the request's method and path for messages, and the bytes moved."""
        super().__init__(f"{request}: {kind}")
        self.kind = kind
        self.request = request
        self.moved = moved
