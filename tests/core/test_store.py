"""The store: who runs, when, and who does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from app.core.store import Store


@dataclass(frozen=True)
class State:
    count: int = 0
    name: str = ""


class Frames:
    """A scheduler that waits, as animation frames do."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, run: Callable[[], None]) -> None:
        self.waiting.append(run)

    def run(self) -> None:
        waiting, self.waiting = self.waiting, []
        for run in waiting:
            run()


@pytest.fixture
def frames() -> Frames:
    return Frames()


@pytest.fixture
def store(frames: Frames) -> Store[State]:
    return Store(State(), frames)


def count_up(state: State) -> State:
    return replace(state, count=state.count + 1)


def test_a_subscriber_runs_at_once_with_the_value_as_it_is(store: Store[State]) -> None:
    seen: list[int] = []
    store.subscribe(lambda state: state.count, seen.append)
    assert seen == [0]


def test_a_change_is_seen_in_the_next_frame(store: Store[State], frames: Frames) -> None:
    seen: list[int] = []
    store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    assert seen == [0]
    frames.run()
    assert seen == [0, 1]


def test_many_changes_cost_one_run(store: Store[State], frames: Frames) -> None:
    seen: list[int] = []
    store.subscribe(lambda state: state.count, seen.append)
    for _ in range(5):
        store.dispatch(count_up)
    assert len(frames.waiting) == 1
    frames.run()
    assert seen == [0, 5]


def test_a_subscriber_of_another_part_does_not_run(store: Store[State], frames: Frames) -> None:
    seen: list[str] = []
    store.subscribe(lambda state: state.name, seen.append)
    store.dispatch(count_up)
    frames.run()
    assert seen == [""]


def test_the_same_state_again_schedules_nothing(store: Store[State], frames: Frames) -> None:
    store.dispatch(lambda state: state)
    assert frames.waiting == []


def test_an_equal_value_built_anew_does_not_run(store: Store[State], frames: Frames) -> None:
    seen: list[tuple[str]] = []
    store.subscribe(lambda state: (state.name,), seen.append)
    store.dispatch(count_up)
    frames.run()
    assert seen == [("",)]


def test_after_its_end_a_subscription_runs_no_more(store: Store[State], frames: Frames) -> None:
    seen: list[int] = []
    end = store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    end()
    frames.run()
    assert seen == [0]


def test_ending_twice_is_no_error(store: Store[State]) -> None:
    end = store.subscribe(lambda state: state.count, lambda _: None)
    end()
    end()


def test_a_subscriber_that_another_one_ends_does_not_run_in_the_same_frame(
    store: Store[State], frames: Frames
) -> None:
    seen: list[int] = []
    ends: list[Callable[[], None]] = []
    store.subscribe(lambda state: state.count, lambda count: ends[0]() if count else None)
    ends.append(store.subscribe(lambda state: state.count, seen.append))
    store.dispatch(count_up)
    frames.run()
    assert seen == [0]


def test_a_broken_subscriber_stops_no_other(store: Store[State], frames: Frames) -> None:
    def broken(count: int) -> None:
        if count:
            raise ValueError("broken view")

    seen: list[int] = []
    store.subscribe(lambda state: state.count, broken)
    store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    with pytest.raises(ExceptionGroup) as caught:
        frames.run()
    assert str(caught.value.exceptions[0]) == "broken view"
    assert seen == [0, 1]


def test_after_a_broken_subscriber_the_next_change_is_seen(store: Store[State], frames: Frames) -> None:
    def broken(count: int) -> None:
        if count == 1:
            raise ValueError

    seen: list[int] = []
    store.subscribe(lambda state: state.count, broken)
    store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    with pytest.raises(ExceptionGroup):
        frames.run()
    store.dispatch(count_up)
    frames.run()
    assert seen == [0, 1, 2]


def test_a_dispatch_from_a_subscriber_comes_in_the_next_frame(store: Store[State], frames: Frames) -> None:
    seen: list[int] = []
    store.subscribe(lambda state: state.count, lambda count: store.dispatch(count_up) if count == 1 else None)
    store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    frames.run()
    frames.run()
    assert seen[-1] == 2


def test_with_an_immediate_scheduler_nothing_waits() -> None:
    store = Store(State(), lambda run: run())
    seen: list[int] = []
    store.subscribe(lambda state: state.count, seen.append)
    store.dispatch(count_up)
    assert seen == [0, 1]


def test_a_cell_reads_and_replaces_its_field(store: Store[State]) -> None:
    cell = store.cell("name", str)
    cell.update(lambda name: name + "Berth")
    assert cell.value == "Berth"
    assert store.state == State(0, "Berth")


def test_a_cell_that_stays_the_same_schedules_nothing(store: Store[State], frames: Frames) -> None:
    store.cell("name", str).update(lambda name: name)
    assert frames.waiting == []


def test_a_cell_of_the_wrong_type_is_a_mistake(store: Store[State]) -> None:
    with pytest.raises(TypeError, match="'count' is not a str"):
        store.cell("count", str)
