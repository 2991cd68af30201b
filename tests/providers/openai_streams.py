"""Streams of servers that speak OpenAI's dialect: word for word as recorded, or in the form that they are known for."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.deltas import (
    Delta,
    FinishDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)

_HEAD = '"created":1795175475,"id":"chatcmpl-W7D","object":"chat.completion.chunk"'


def chunk(delta: str, finish: str = "null", more: str = "") -> str:
    """An event with one choice; all arguments are JSON."""
    return f'data: {{"choices":[{{"finish_reason":{finish},"index":0,"delta":{delta}}}],{_HEAD}{more}}}\n\n'


@dataclass(frozen=True)
class Recording:
    """A stream and what it says."""

    name: str
    text: str
    deltas: tuple[Delta, ...]

    @property
    def body(self) -> bytes:
        return self.text.encode()


LLAMA_SERVER = Recording(
    "llama-server, recorded",
    chunk('{"role":"assistant","content":null}')
    + chunk('{"content":"The"}')
    + chunk('{"content":" capital"}')
    + chunk('{"content":" of France is Paris."}')
    + chunk("{}", '"stop"')
    + f'data: {{"choices":[],{_HEAD},"usage":{{"completion_tokens":8,"prompt_tokens":18,"total_tokens":26,'
    '"prompt_tokens_details":{"cached_tokens":17}},"timings":{"cache_n":17,"prompt_n":1,"prompt_ms":0.355,'
    '"predicted_n":8,"predicted_ms":2000.0,"predicted_per_second":4.0}}\n\n'
    "data: [DONE]\n\n",
    (
        TextDelta("The capital of France is Paris."),
        FinishDelta("stop"),
        UsageDelta(Usage(18, 8, 26, 2.0)),
    ),
)
OPENAI_TOOLS = Recording(
    "OpenAI with a tool call",
    chunk(
        '{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function",'
        '"function":{"name":"weather","arguments":""}}],"refusal":null}'
    )
    + chunk('{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":"}}]}')
    + chunk('{"tool_calls":[{"index":0,"function":{"arguments":"\\"Köln\\"}"}}]}')
    + chunk("{}", '"tool_calls"')
    + "data: [DONE]\n\n",
    (
        ToolCallDelta(0, "call_1", "weather", ""),
        ToolCallDelta(0, arguments='{"city":'),
        ToolCallDelta(0, arguments='"Köln"}'),
        FinishDelta("tool_calls"),
    ),
)
OPENAI_REFUSAL = Recording(
    "OpenAI with a refusal",
    chunk('{"role":"assistant","content":"","refusal":null}')
    + chunk('{"refusal":"I cannot"}')
    + chunk('{"refusal":" help."}')
    + chunk("{}", '"stop"')
    + "data: [DONE]\n\n",
    (TextDelta("I cannot help."), FinishDelta("stop")),
)
OPENROUTER = Recording(
    "OpenRouter with comments and reasoning",
    ": OPENROUTER PROCESSING\n\n"
    + chunk('{"role":"assistant","content":"","reasoning":"Let me","reasoning_details":[{"text":"Let me"}]}')
    + ": OPENROUTER PROCESSING\n\n"
    + chunk('{"content":"","reasoning":" think."}')
    + chunk('{"content":"Vier 🦙"}')
    + chunk(
        '{"content":""}', '"stop"', ',"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}'
    )
    + "data: [DONE]\n\n",
    (
        ReasoningDelta("Let me think."),
        TextDelta("Vier 🦙"),
        FinishDelta("stop"),
        UsageDelta(Usage(3, 9, 12)),
    ),
)
DEEPSEEK_CRLF = Recording(
    "DeepSeek's reasoning, through a proxy that writes CRLF and a byte order mark",
    "\ufeff"
    + (
        ": keep-alive\n\n"
        + chunk('{"role":"assistant","content":null,"reasoning_content":"Hmm,"}')
        + chunk('{"content":null,"reasoning_content":" 4."}')
        + chunk('{"content":"4","reasoning_content":null}')
        + chunk('{"content":""}', '"length"')
        + "data: [DONE]\n\n"
    ).replace("\n", "\r\n"),
    (ReasoningDelta("Hmm, 4."), TextDelta("4"), FinishDelta("length")),
)
GROQ_CR = Recording(
    "Groq's own place for usage, without spaces, lines ended by CR",
    (
        chunk('{"role":"assistant","content":""}', "null", ',"x_groq":{"id":"req_1"}')
        + chunk('{"content":"Hi"}')
        + chunk(
            "{}",
            '"stop"',
            ',"x_groq":{"id":"req_1","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}',
        )
        + "data: [DONE]\n\n"
    )
    .replace("data: ", "data:")
    .replace("\n", "\r"),
    (TextDelta("Hi"), FinishDelta("stop"), UsageDelta(Usage(1, 2, 3))),
)
MISTRAL_PARTS = Recording(
    "Mistral's parts",
    chunk('{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm. "}]}]}')
    + chunk('{"content":[{"type":"thinking","thinking":[{"type":"text","text":"So."}]}]}')
    + chunk('{"content":[{"type":"text","text":"Oui"}]}')
    + chunk('{"content":", là"}', '"stop"')
    + "data: [DONE]\n\n",
    (ReasoningDelta("Hm. So."), TextDelta("Oui, là"), FinishDelta("stop")),
)
THINK_TAGS = Recording(
    "a local model with its reasoning between marks",
    chunk('{"role":"assistant","content":"<th"}')
    + chunk('{"content":"ink>\\n2 + 2 "}')
    + chunk('{"content":"< 5 </"}')
    + chunk('{"content":"think>\\n\\nIt is"}')
    + chunk('{"content":" <think>4</think>"}')
    + chunk("{}", '"stop"')
    + "data: [DONE]\n\n",
    (ReasoningDelta("2 + 2 < 5 "), TextDelta("It is <think>4</think>"), FinishDelta("stop")),
)
COMPLETION = Recording(
    "a legacy completion",
    'data: {"choices":[{"text":". program","index":0,"logprobs":null,"finish_reason":null}]}\n\n'
    'data: {"choices":[{"text":"","index":0,"finish_reason":"length"}],"usage":{"completion_tokens":3,'
    '"prompt_tokens":3,"total_tokens":6},"object":"text_completion"}\n\n'
    "data: [DONE]\n\n",
    (TextDelta(". program"), FinishDelta("length"), UsageDelta(Usage(3, 3, 6))),
)
HALVES = Recording(
    "a server that cuts characters in two",
    chunk('{"content":"a \\ud83e"}')
    + chunk('{"content":"\\udd99 b"}')
    + chunk("{}", '"stop"')
    + "data: [DONE]\n\n",
    (TextDelta("a 🦙 b"), FinishDelta("stop")),
)
NO_REASON = Recording(
    "a server that gives no finish reason, and no empty line after the end",
    chunk('{"content":"Hello"}') + chunk('{"content":"."}') + "data: [DONE]",
    (TextDelta("Hello."), FinishDelta("stop")),
)
NO_DONE = Recording(
    "a server that does not say [DONE], nor ends its last line",
    chunk('{"content":"Hello"}') + chunk('{"content":"."}', '"stop"').rstrip("\n"),
    (TextDelta("Hello."), FinishDelta("stop")),
)
MALFORMED = Recording(
    "a stream with an event that is broken",
    chunk('{"content":"Hel"}') + 'data: {"choices":[{"delta":{"con\n\n' + chunk('{"content":"lo"}', '"stop"'),
    (TextDelta("Hello"), FinishDelta("stop")),
)
SPREAD = Recording(
    "an event over several lines, with fields that do not matter",
    'id: 7\nevent: message\nretry: 10\ndata: {"choices":\ndata: [{"delta": {"content": "Hi"},\n'
    'data:"finish_reason":"stop"}]}\n\n'
    "data: [DONE]\n\n",
    (TextDelta("Hi"), FinishDelta("stop")),
)
CUT_OFF = Recording(
    "a stream that was cut off in the middle of an event",
    chunk('{"content":"Hello"}') + 'data: {"choices":[{"delta":{"content":" wo',
    (TextDelta("Hello"),),
)

RECORDINGS = tuple(value for value in globals().values() if isinstance(value, Recording))
