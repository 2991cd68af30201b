"""From the bytes of a streamed reply to its events: what all dialects that stream have in common.

All of it is sans-I/O and incremental: bytes come in as the network cuts them, whole events come out, and no byte is
looked at more often than a fixed number of times.
"""

from app.providers.streams.json_events import EventReader, JsonEventDecoder
from app.providers.streams.lines import LINE_LIMIT, LineDecoder
from app.providers.streams.ndjson import NdjsonDecoder
from app.providers.streams.sse import SseDecoder, SseEvent
from app.providers.streams.thinking import ThinkFilter

__all__ = [
    "LINE_LIMIT",
    "EventReader",
    "JsonEventDecoder",
    "LineDecoder",
    "NdjsonDecoder",
    "SseDecoder",
    "SseEvent",
    "ThinkFilter",
]
