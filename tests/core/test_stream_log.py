"""The durable log: what is put together from it is exactly what was written, up to the first gap."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core import stream_log
from app.core.conversations import Message, Status
from app.core.messages import Role

STUB = Message("m", None, Role.ASSISTANT, "so far ", 0.0, status=Status.STREAMING)

pieces = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=8)


def rows(written: list[tuple[str, str]]) -> list[Any]:
    numbered = [stream_log.row("m", number, *piece) for number, piece in enumerate(written, start=1)]
    return [stream_log.opening("talk", "m"), *numbered]


@given(pieces, st.randoms())
def test_all_rows_in_any_order_give_the_whole_text(
    written: list[tuple[str, str]], order: random.Random
) -> None:
    shuffled = rows(written)
    order.shuffle(shuffled)
    folded = stream_log.fold(STUB, shuffled)
    assert folded.text == "so far " + "".join(text for text, _ in written)
    assert folded.reasoning == "".join(reasoning for _, reasoning in written)
    assert folded.status is Status.INTERRUPTED
    assert folded.problem is not None


@given(pieces, st.integers(0, 8))
def test_nothing_after_a_gap_is_taken(written: list[tuple[str, str]], gap: int) -> None:
    with_gap = [row for number, row in enumerate(rows(written)) if number != gap]
    kept = written[: max(gap - 1, 0)] if gap <= len(written) else written
    assert stream_log.fold(STUB, with_gap).text == "so far " + "".join(text for text, _ in kept)


@given(
    st.lists(
        st.none() | st.text() | st.dictionaries(st.sampled_from(["id", "text"]), st.text() | st.integers())
    )
)
def test_any_rows_leave_at_least_what_was_there(junk: list[Any]) -> None:
    assert stream_log.fold(STUB, junk).text.startswith("so far ")


def test_rows_name_their_messages() -> None:
    keys = [stream_log.row(key, number, "", "")["id"] for key in ("a", "b") for number in (0, 1, 10)]
    assert keys == sorted(keys)
    assert stream_log.message_ids(keys) == ("a", "b")
