"""How the reference server that nobody foresaw is told to Berth: one dialect for each of its ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.providers.custom_dialect import CustomDialect

PASS: Final = (("X-Odd-Pass", "{{key}}"),)

FEED: Final = CustomDialect(
    path="/feed",
    headers=PASS,
    body='{"mind": {{model}}, "turns": {{messages}}, "heat": {{temperature}}}',
    stream="sse",
    answer="news[*].bit",
    error="fault.say",
    finish="because",
    prompt_tokens="meter.read",
    completion_tokens="meter.wrote",
    end="<over>",
    known_models=("tinker-one", "nobody", "drill-600-at-200"),
)
LINES: Final = replace(
    FEED,
    path="/lines",
    body='{"mind": {{model}}, "talk": {{prompt}}}',
    stream="ndjson",
    answer="so_far",
    finish="ready",
    end="",
    is_cumulative=True,
)
ONCE: Final = replace(
    FEED,
    method="PUT",
    path="/once",
    body='{"mind": {{model}}, "ask": {{prompt}}}',
    stream="none",
    answer="out[*].words",
    finish="",
    end="",
)
TALK: Final = replace(
    FEED,
    path="/talk",
    headers=(),
    body='{"pass": {{key}}, "mind": {{model}}, "ask": {{prompt}}}',
    stream="websocket",
    answer="bit",
    end="",
)
DIALECTS: Final = {"feed": FEED, "lines": LINES, "once": ONCE, "talk": TALK}
