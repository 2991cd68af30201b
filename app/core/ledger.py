"""The ledger: which requests left this page, and whereto. It holds no contents and ends with the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

CAPACITY = 1000
"""Lines that are kept: hours of work, and a value that is copied at no cost that could be felt."""

NEARBY = 4
"""Lines back to which a request is compared with earlier ones: one look at what is not there takes a few."""


@dataclass(frozen=True, slots=True)
class Line:
    """A request, or several in a row that differ in nothing but their time.

    `at` is when the last of them began, in seconds since 1970. `path` has no query, and no fragment. `sent` and
    `received` are the bytes of the bodies. `status` is the HTTP status, 0 while there is none; `end` is "" while the
    request is under way, then "done", "cancelled", or why there was no whole answer: "rejected", "timeout", "cut",
    "opaque" for an answer that pages may not read.
    """

    id: int
    at: float
    host: str
    connection: str
    method: str
    path: str
    sent: int = 0
    received: int = 0
    status: int = 0
    end: str = ""
    count: int = 1

    def repeats(self, other: Line) -> bool:
        """Whether it is the same request with the same end as `other`, and both are over."""
        return bool(self.end) and (
            (self.host, self.connection, self.method, self.path, self.status, self.end)
            == (other.host, other.connection, other.method, other.path, other.status, other.end)
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """The last lines, in the order of their last request.

    `count` is the number of requests in all, `forgotten` that of lines left out.
    """

    lines: tuple[Line, ...] = ()
    count: int = 0
    forgotten: int = 0

    def began(self, line: Line) -> Ledger:
        """With a request that begins."""
        lines = (*self.lines, line)
        over = max(len(lines) - CAPACITY, 0)
        return Ledger(lines[over:], self.count + 1, self.forgotten + over)

    def ended(self, line: Line) -> Ledger:
        """With the end of a request that began; one that repeats a line shortly before it is counted with that."""
        index = next((at for at in range(len(self.lines) - 1, -1, -1) if self.lines[at].id == line.id), None)
        if index is None:
            return self
        nearby = range(index - 1, max(index - 1 - NEARBY, -1), -1)
        twin = next((at for at in nearby if line.repeats(self.lines[at])), None)
        lines = list(self.lines)
        if twin is not None:
            before = lines[twin]
            sent, received = before.sent + line.sent, before.received + line.received
            line = replace(line, sent=sent, received=received, count=before.count + 1)
        lines[index] = line
        if twin is not None:
            del lines[twin]
        return replace(self, lines=tuple(lines))
