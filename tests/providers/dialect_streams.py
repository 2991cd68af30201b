"""Streams of the dialects beside OpenAI's: recorded from llama-server, or in the form that they are known for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.core.deltas import (
    Delta,
    FinishDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from app.providers.anthropic import Anthropic
from app.providers.base import StreamDecoder, Streams
from app.providers.custom import Custom
from app.providers.custom_dialect import CustomDialect
from app.providers.gemini import Gemini
from app.providers.ollama import Ollama

SSE = "text/event-stream"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True)
class Recording:
    """A stream, who reads it, and what it says, neighbours of one kind joined."""

    name: str
    provider: Streams
    media_type: str
    body: bytes
    deltas: tuple[Delta, ...]

    def decoder(self) -> StreamDecoder:
        decoder = self.provider.decoder(self.media_type)
        assert decoder is not None
        return decoder


def events(*values: dict[str, Any]) -> bytes:
    """Server-sent events, named by their type where they have one."""
    named = ((f"event: {value['type']}\n" if "type" in value else "", value) for value in values)
    return "".join(
        f"{name}data: {json.dumps(value, ensure_ascii=False)}\n\n" for name, value in named
    ).encode()


def message(text: str) -> bytes:
    """A message of a WebSocket, as the transport hands it on."""
    return "".join([*(f"data: {line}\n" for line in text.split("\n")), "\n"]).encode()


def lines(*values: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values).encode()


def _block(index: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind, **fields}}


def _piece(index: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **fields}}


LLAMA_MESSAGES = Recording(
    "llama-server's messages, recorded",
    Anthropic(),
    SSE,
    b"event: message_start\n"
    b'data: {"type":"message_start","message":{"id":"chatcmpl-5WD","type":"message","role":"assistant","content":[],'
    b'"model":"tinker.gguf","stop_reason":null,"stop_sequence":null,"usage":{"cache_read_input_tokens":17,'
    b'"input_tokens":1,"output_tokens":0}}}\n\n'
    b"event: content_block_start\n"
    b'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n'
    b"event: content_block_delta\n"
    b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The capital"}}\n\n'
    b"event: content_block_delta\n"
    b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" of France is Paris."}}\n\n'
    b"event: content_block_stop\n"
    b'data: {"type":"content_block_stop","index":0}\n\n'
    b"event: message_delta\n"
    b'data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
    b'"usage":{"output_tokens":8}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    (
        UsageDelta(Usage(18, 0, 18)),
        TextDelta("The capital of France is Paris."),
        UsageDelta(Usage(18, 8, 26)),
        FinishDelta("stop"),
    ),
)
ANTHROPIC_THINKING = Recording(
    "Anthropic, thoughts and a tool",
    Anthropic(),
    SSE,
    events(
        {
            "type": "message_start",
            "message": {"usage": {"input_tokens": 5, "cache_creation_input_tokens": 7}},
        },
        _block(0, "thinking", thinking="", signature=""),
        {"type": "ping"},
        _piece(0, "thinking_delta", thinking="Größe: "),
        _piece(0, "thinking_delta", thinking="模型"),
        _piece(0, "signature_delta", signature="EqQB"),
        {"type": "content_block_stop", "index": 0},
        _block(1, "text", text=""),
        _piece(1, "text_delta", text="I look. 😀"),
        _block(2, "tool_use", id="toolu_1", name="weather", input={}),
        _piece(2, "input_json_delta", partial_json='{"city": "Pa'),
        _piece(2, "input_json_delta", partial_json='ris"}'),
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    ),
    (
        UsageDelta(Usage(12, None, 12)),
        ReasoningDelta("Größe: 模型"),
        TextDelta("I look. 😀"),
        ToolCallDelta(0, "toolu_1", "weather"),
        ToolCallDelta(0, arguments='{"city": "Pa'),
        ToolCallDelta(0, arguments='ris"}'),
        UsageDelta(Usage(12, 9, 21)),
        FinishDelta("tool_calls"),
    ),
)
GEMINI = Recording(
    "Gemini, thoughts and an answer",
    Gemini(),
    SSE,
    events(
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hm, ", "thought": True}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "Größe 模型", "thought": True}]}}]},
        {
            "candidates": [{"content": {"parts": [{"text": "Hello"}]}}],
            "usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 4},
            "modelVersion": "gemini-x",
        },
        {"candidates": [{"content": {"parts": [{"text": " 😀"}]}}]},
        {
            "candidates": [
                {"content": {"parts": [{"text": "", "thoughtSignature": "AY8"}]}, "finishReason": "STOP"}
            ],
            "usageMetadata": {
                "promptTokenCount": 4,
                "candidatesTokenCount": 2,
                "thoughtsTokenCount": 5,
                "totalTokenCount": 11,
            },
        },
    ),
    (
        ReasoningDelta("Hm, Größe 模型"),
        TextDelta("Hello"),
        UsageDelta(Usage(4, None, 4)),
        TextDelta(" 😀"),
        UsageDelta(Usage(4, 7, 11)),
        FinishDelta("stop"),
    ),
)
GEMINI_CALL = Recording(
    "Gemini, a function call",
    Gemini(),
    SSE,
    events(
        {
            "candidates": [
                {
                    "content": {"parts": [{"functionCall": {"name": "weather", "args": {"city": "Köln"}}}]},
                    "finishReason": "STOP",
                }
            ]
        }
    ),
    (ToolCallDelta(0, "", "weather", '{"city": "Köln"}'), FinishDelta("tool_calls")),
)
_OLLAMA = {"model": "m", "created_at": "2026-11-20T10:15:37Z"}
OLLAMA = Recording(
    "Ollama, thoughts and an answer",
    Ollama(),
    NDJSON,
    lines(
        {**_OLLAMA, "message": {"role": "assistant", "content": "", "thinking": "Größe "}, "done": False},
        {**_OLLAMA, "message": {"role": "assistant", "content": "", "thinking": "模型"}, "done": False},
        {**_OLLAMA, "message": {"role": "assistant", "content": "Hello"}, "done": False},
        {**_OLLAMA, "message": {"role": "assistant", "content": " 😀"}, "done": False},
        {
            **_OLLAMA,
            "message": {"role": "assistant", "content": ""},
            "done_reason": "length",
            "done": True,
            "total_duration": 4_883_583_458,
            "prompt_eval_count": 26,
            "eval_count": 4,
            "eval_duration": 2_000_000_000,
        },
    ),
    (
        ReasoningDelta("Größe 模型"),
        TextDelta("Hello 😀"),
        UsageDelta(Usage(26, 4, 30, 2.0)),
        FinishDelta("length"),
    ),
)
OLLAMA_OLD = Recording(
    "Ollama before thoughts had a field, and a tool",
    Ollama(),
    NDJSON,
    lines(
        {**_OLLAMA, "message": {"content": "<thi"}, "done": False},
        {**_OLLAMA, "message": {"content": "nk>why"}, "done": False},
        {**_OLLAMA, "message": {"content": "</think>\n\nso"}, "done": False},
        {
            **_OLLAMA,
            "message": {"content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]},
            "done": False,
        },
        {**_OLLAMA, "done": True},
    ),
    (
        ReasoningDelta("why"),
        TextDelta("so"),
        ToolCallDelta(0, "", "f", '{"a": 1}'),
        FinishDelta("tool_calls"),
    ),
)
CUSTOM_SSE = Recording(
    "custom, events with paths",
    Custom(
        CustomDialect(
            stream="sse",
            answer="out[*].t",
            reasoning="why",
            finish="over",
            prompt_tokens="n.p",
            completion_tokens="n.c",
            end="END",
        )
    ),
    SSE,
    events(
        {"why": "模型"},
        {"out": [{"t": "Hel"}, {"t": "lo"}]},
        {"out": [{"t": " 😀"}]},
        {"over": "limit", "n": {"p": 1, "c": 2}},
    )
    + b"data: END\n\n",
    (
        ReasoningDelta("模型"),
        TextDelta("Hello 😀"),
        UsageDelta(Usage(1, 2, 3)),
        FinishDelta("limit"),
    ),
)
CUSTOM_TEXT = Recording(
    "custom, events that are no JSON",
    Custom(CustomDialect(stream="sse", answer="$", end="[DONE]")),
    SSE,
    "data: Größe\n\ndata:  12\n\ndata: [DONE]\n\n".encode(),
    (TextDelta("Größe 12"), FinishDelta("stop")),
)
CUSTOM_CUMULATIVE = Recording(
    "custom, lines that bring it all each time",
    Custom(CustomDialect(stream="ndjson", answer="text", is_cumulative=True, end="")),
    NDJSON,
    lines({"text": "Hel"}, {"text": "Hello"}, {"text": "Hello 😀"}),
    (TextDelta("Hello 😀"), FinishDelta("stop")),
)
CUSTOM_SOCKET = Recording(
    "custom, the messages of a WebSocket",
    Custom(CustomDialect(stream="websocket", answer="token", finish="done", end="")),
    SSE,
    b"".join(map(message, ['{"token":\n"Hello"}', '{"token": " 😀"}', '{"done": true}'])),
    (TextDelta("Hello 😀"), FinishDelta("stop")),
)

RECORDINGS = (
    LLAMA_MESSAGES,
    ANTHROPIC_THINKING,
    GEMINI,
    GEMINI_CALL,
    OLLAMA,
    OLLAMA_OLD,
    CUSTOM_SSE,
    CUSTOM_TEXT,
    CUSTOM_CUMULATIVE,
    CUSTOM_SOCKET,
)
