"""The gateway: an answer comes in batches, keeps what came however it ends, and ends the request when nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import pytest

from app.core.connections import LOCAL_API_ID, Connection, ModelRef
from app.core.deltas import Delta, FinishDelta, ReasoningDelta, TextDelta, Usage, UsageDelta
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError, BerthError, InvalidInput, NetworkError
from app.providers.registry import PROVIDERS
from app.services import streaming
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway, Limits
from tests.providers.openai_streams import LLAMA_SERVER, chunk
from tests.services.fakes import ANSWER, BASE_URL, Fails, FakeApi, FakeHttp, FakePage
from tests.services.virtual_time import in_virtual_time

KEY = "a-key-without-any-form-0123"
LOCAL = Connection(LOCAL_API_ID, "local-llm-api", "Local API", BASE_URL)
HOSTED = Connection("hosted", "openai", "Hosted", "https://api.example.org/v1", KEY)
HERE = Connection("here", "openai", "Here", "http://127.0.0.1:8080/v1")
QUESTION = (PromptMessage(Role.USER, "What is the capital of France?"),)
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}

Step = bytes | float | HttpFailure


def text(words: str) -> bytes:
    return chunk(f'{{"content":"{words}"}}').encode()


END = chunk("{}", '"stop"').encode() + b"data: [DONE]\n\n"


def cut(moved: int = 100) -> HttpFailure:
    return HttpFailure("cut", "POST /v1/chat/completions", moved)


class PlayedStream:
    """The `HttpStream` port: bytes, seconds to wait, and a failure, in the order given."""

    def __init__(self, status: int, headers: dict[str, str], steps: Sequence[Step]) -> None:
        self.status = status
        self.headers = headers
        self.chunks_read = 0
        self._steps = steps

    async def chunks(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, HttpFailure):
                raise step
            if isinstance(step, float):
                await asyncio.sleep(step)
            else:
                self.chunks_read += 1
                yield step

    async def read(self) -> HttpReply:
        return HttpReply(self.status, self.headers, b"".join([one async for one in self.chunks()]))


class PlayingHttp(FakeHttp):
    """The `Http` port whose streams are what the test makes of them."""

    def __init__(self, *steps: Step, status: int = 200, headers: dict[str, str] | None = None) -> None:
        super().__init__(FakeApi())
        self.played = PlayedStream(status, headers or EVENTS, steps)
        self.limits: list[tuple[float | None, float | None]] = []
        self.open = 0

    @asynccontextmanager
    async def stream(  # type: ignore[override]
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[PlayedStream]:
        self.requests.append(request)
        self.limits.append((first_byte, idle))
        self.open += 1
        try:
            yield self.played
        finally:
            self.open -= 1


def gateway(http: FakeHttp, limits: Limits | None = None) -> Gateway:
    diagnosis = Diagnosis(http, FakePage())
    return Gateway(http, diagnosis, PROVIDERS, lambda: (LOCAL, HOSTED, HERE), limits)


async def collect(
    http: FakeHttp, connection: Connection = HOSTED
) -> tuple[list[Sequence[Delta]], BerthError | None]:
    """The batches of an answer, and the error after them."""
    batches: list[Sequence[Delta]] = []
    try:
        async for batch in gateway(http).answer(ModelRef(connection.id, "m"), QUESTION, {}):
            batches.append(batch)  # noqa: PERF401 - those before an error count
    except BerthError as error:
        return batches, error
    return batches, None


@in_virtual_time
async def test_an_api_without_streaming_answers_in_one_batch() -> None:
    batches, error = await collect(FakeHttp(FakeApi()), LOCAL)
    assert error is None
    assert batches == [[TextDelta(ANSWER), UsageDelta(Usage(None, 8, None, 2.0)), FinishDelta("stop")]]


@in_virtual_time
async def test_each_chunk_brings_one_batch() -> None:
    http = PlayingHttp(text("The") + text(" cap"), b": alive\n\n", text("ital") + END)
    batches, error = await collect(http)
    assert error is None
    assert batches == [[TextDelta("The cap")], [TextDelta("ital"), FinishDelta("stop")]]


@in_virtual_time
async def test_a_batch_is_there_as_soon_as_its_chunk_is() -> None:
    loop = asyncio.get_running_loop()
    times = []
    http = PlayingHttp(text("a"), 3.0, text("b"), 4.0, END)
    async for _ in gateway(http).answer(ModelRef("hosted", "m"), QUESTION, {}):
        times.append(round(loop.time()))  # noqa: PERF401 - a time for each
    assert times == [0, 3, 7]


@in_virtual_time
async def test_a_chunk_may_be_cut_anywhere() -> None:
    body = LLAMA_SERVER.body
    batches, error = await collect(PlayingHttp(*(body[at : at + 7] for at in range(0, len(body), 7))))
    assert error is None
    assert "".join(one.text for batch in batches for one in batch if isinstance(one, TextDelta)).endswith(
        "Paris."
    )


@in_virtual_time
async def test_what_follows_the_end_is_not_waited_for() -> None:
    http = PlayingHttp(text("Hi") + END, 1000.0, cut())
    _, error = await collect(http)
    assert error is None
    assert asyncio.get_running_loop().time() < 1
    assert http.open == 0


@in_virtual_time
async def test_a_connection_that_is_lost_after_the_finish_reason_does_not_matter() -> None:
    _, error = await collect(PlayingHttp(text("Hi"), chunk("{}", '"stop"').encode(), cut()))
    assert error is None


@pytest.mark.parametrize(
    ("end", "what"),
    [
        ((), "broke off"),
        ((cut(),), "broke off"),
        ((HttpFailure("timeout", "POST /", 100),), "stopped coming"),
        ((b'data: {"error":{"message":"boom"}}\n\n',), "with an error"),
    ],
)
def test_what_came_before_an_error_is_given_out(end: tuple[Step, ...], what: str) -> None:
    @in_virtual_time
    async def run() -> None:
        batches, error = await collect(PlayingHttp(text("Hel"), text("lo"), *end))
        assert batches == [[TextDelta("Hel")], [TextDelta("lo")]]
        assert error is not None
        assert what in error.problem.what
        assert "What came is kept" in error.problem.fix

    run()


@in_virtual_time
async def test_an_error_in_the_same_chunk_does_not_take_its_words_with_it() -> None:
    batches, error = await collect(PlayingHttp(text("Hello") + b'data: {"error":"boom"}\n\n', 1000.0))
    assert batches == [[TextDelta("Hello")]]
    assert isinstance(error, ApiError)
    assert asyncio.get_running_loop().time() < 1


@in_virtual_time
async def test_words_that_were_held_back_are_given_out_at_a_cut() -> None:
    batches, error = await collect(PlayingHttp(text("<think>Hm </thi"), cut()))
    assert batches == [[ReasoningDelta("Hm ")], [ReasoningDelta("</thi")]]
    assert isinstance(error, NetworkError)


@in_virtual_time
async def test_a_stream_that_breaks_before_anything_came_is_diagnosed() -> None:
    _, error = await collect(PlayingHttp(cut(0)))
    assert isinstance(error, NetworkError)
    assert "lost in the middle" in error.problem.cause


@in_virtual_time
async def test_an_error_reply_is_read_as_a_whole() -> None:
    body = b'{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}'
    http = PlayingHttp(body[:20], body[20:], status=429, headers={"content-type": "application/json"})
    batches, error = await collect(http)
    assert batches == []
    assert isinstance(error, ApiError)
    assert (error.status, "no more requests" in error.problem.what) == (429, True)


@in_virtual_time
async def test_an_error_under_the_type_of_a_stream_is_an_error() -> None:
    _, error = await collect(PlayingHttp(b'{"error":{"message":"boom"}}', status=500))
    assert isinstance(error, ApiError)
    assert "boom" in str(error.problem)


@in_virtual_time
async def test_an_answer_that_comes_whole_is_read() -> None:
    body = b'{"choices":[{"message":{"content":"Paris."},"finish_reason":"stop"}]}'
    batches, error = await collect(PlayingHttp(body, headers={"content-type": "application/json"}))
    assert (batches, error) == ([[TextDelta("Paris."), FinishDelta("stop")]], None)


@in_virtual_time
async def test_a_login_page_is_told_as_such() -> None:
    http = PlayingHttp(b"<title>Sign in</title>", headers={"content-type": "text/html"})
    _, error = await collect(http)
    assert error is not None
    assert "A web page answered" in error.problem.what


@in_virtual_time
async def test_a_key_that_the_server_quotes_is_not_shown() -> None:
    body = f'{{"error":{{"message":"Wrong: {KEY}","type":"x"}}}}'.encode()
    _, error = await collect(PlayingHttp(body, status=400, headers={"content-type": "application/json"}))
    assert isinstance(error, ApiError)
    assert KEY not in f"{error!r}{error}{error.problem}"
    assert "[key removed]" in error.problem.details
    assert error.__suppress_context__


@in_virtual_time
async def test_a_request_without_any_reply_is_diagnosed() -> None:
    http = FakeHttp(FakeApi())
    http.go_down(Fails("rejected"))
    _, error = await collect(http)
    assert isinstance(error, NetworkError)
    assert "not reachable" in error.problem.what


@in_virtual_time
async def test_a_model_of_a_connection_that_is_gone_cannot_be_asked() -> None:
    with pytest.raises(InvalidInput, match="cannot be asked"):
        await anext(gateway(FakeHttp(FakeApi())).answer(ModelRef("gone", "m"), QUESTION, {}))


@in_virtual_time
async def test_cancelling_the_reader_ends_the_request() -> None:
    http = PlayingHttp(text("a"), 1000.0, END)

    async def read() -> None:
        async for _ in gateway(http).answer(ModelRef("hosted", "m"), QUESTION, {}):
            pass

    task = asyncio.ensure_future(read())
    await asyncio.sleep(1)
    assert http.open == 1
    task.cancel()
    await asyncio.sleep(0.1)
    assert (http.open, task.cancelled()) == (0, True)


@in_virtual_time
async def test_leaving_the_answer_ends_the_request() -> None:
    http = PlayingHttp(text("a"), text("b"), 1000.0, END)
    async with aclosing(gateway(http).answer(ModelRef("hosted", "m"), QUESTION, {})) as batches:
        async for _ in batches:
            break
    assert (http.open, http.played.chunks_read) == (0, 1)


@in_virtual_time
async def test_a_model_on_this_device_may_take_its_time_to_load() -> None:
    here, hosted = PlayingHttp(END), PlayingHttp(END)
    await collect(here, HERE)
    await collect(hosted, HOSTED)
    assert here.limits == [(None, Limits().idle)]
    assert hosted.limits == [(Limits().first_byte, Limits().idle)]


@in_virtual_time
async def test_limits_can_be_set() -> None:
    http = PlayingHttp(END)
    limits = Limits(first_byte=5, idle=None)
    async for _ in gateway(http, limits).answer(ModelRef("hosted", "m"), QUESTION, {}):
        pass
    assert http.limits == [(5, None)]


@in_virtual_time
async def test_an_endless_answer_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "ANSWER_LIMIT", 100)
    http = PlayingHttp(*[text("x" * 40)] * 50)
    batches, error = await collect(http)
    assert len(batches) == http.played.chunks_read == 3
    assert error is not None
    assert "grew longer than" in error.problem.what


@in_virtual_time
async def test_an_empty_reply_that_is_no_stream_is_told_as_such() -> None:
    _, error = await collect(PlayingHttp(headers={"content-type": "application/json"}))
    assert error is not None
    assert "answered with nothing" in error.problem.what


@in_virtual_time
async def test_the_key_goes_with_the_request_alone() -> None:
    http = PlayingHttp(END)
    await collect(http)
    (request,) = http.requests
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in request.url
