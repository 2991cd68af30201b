"""The store: one tree of frozen dataclasses, and subscribers that run only when their part of it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, Protocol, TypeVar

S = TypeVar("S")
T = TypeVar("T")

Scheduler = Callable[[Callable[[], None]], None]
"""Runs a function soon: on the next animation frame in the page, at once in tests."""


class Cell(Protocol[T]):
    """One part of the state, as the service that owns it sees it."""

    @property
    def value(self) -> T:
        """The part as it is now."""
        ...

    def update(self, change: Callable[[T], T]) -> None:
        """Replace the part by `change(part)`; subscribers of unchanged parts do not run."""
        ...


class Subscription(Generic[S, T]):
    """A selector, the function to run when its value changes, and the value it last ran with."""

    __slots__ = ("last", "run", "select")

    def __init__(self, select: Callable[[S], T], run: Callable[[T], None], last: T) -> None:
        """Remember `last` as the value that needs no run."""
        self.select = select
        self.run = run
        self.last = last


class Store(Generic[S]):
    """Holds the state and tells subscribers about changes, many changes at a time.

    `schedule` is called once for all the changes that come before it runs, so a burst of updates costs one
    pass.
    """

    def __init__(self, state: S, schedule: Scheduler) -> None:
        """Start with `state`; `schedule` decides when subscribers run."""
        self.state = state
        self._schedule = schedule
        self._subscriptions: list[Subscription[S, Any]] = []
        self._scheduled = False

    def dispatch(self, change: Callable[[S], S]) -> None:
        """Replace the state by `change(state)`. Returning the same object means that nothing happened."""
        state = change(self.state)
        if state is self.state:
            return
        self.state = state
        if not self._scheduled:
            self._scheduled = True
            self._schedule(self.flush)

    def subscribe(self, select: Callable[[S], T], run: Callable[[T], None]) -> Callable[[], None]:
        """Run `run` now and after every change of `select(state)`; the function returned ends that, at once.

        Values are compared by identity first and by equality second, so a selector may build small tuples.
        """
        subscription: Subscription[S, Any] = Subscription(select, run, select(self.state))
        self._subscriptions.append(subscription)
        run(subscription.last)
        return lambda: self._unsubscribe(subscription)

    def flush(self) -> None:
        """Run every subscriber whose value changed since it last ran.

        Raises:
            ExceptionGroup: what subscribers raised, after all the others have run: one broken view stops no
                other.
        """
        self._scheduled = False
        failures: list[Exception] = []
        for subscription in tuple(self._subscriptions):
            if subscription in self._subscriptions:
                try:
                    self._refresh(subscription)
                except Exception as failure:  # noqa: BLE001  whatever it is, the other subscribers still run
                    failures.append(failure)
        if failures:
            raise ExceptionGroup("subscribers failed", failures)

    def _refresh(self, subscription: Subscription[S, Any]) -> None:
        value = subscription.select(self.state)
        if value is not subscription.last and value != subscription.last:
            subscription.last = value
            subscription.run(value)

    def _unsubscribe(self, subscription: Subscription[S, Any]) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def cell(self, name: str, kind: type[T]) -> Cell[T]:
        """The part of the state in the field `name`, which holds a `kind`.

        Raises:
            TypeError: the field holds something else, which is a mistake of the caller.
        """
        if not isinstance(getattr(self.state, name), kind):
            raise TypeError(f"the state's {name!r} is not a {kind.__name__}")
        return StoreCell(self, name)


class StoreCell(Generic[T]):
    """A `Cell` over one field of a store's state."""

    def __init__(self, store: Store[Any], name: str) -> None:
        """Read and replace the field `name` of the state of `store`."""
        self._store = store
        self._name = name

    @property
    def value(self) -> T:
        """The field as it is now."""
        part: T = getattr(self._store.state, self._name)
        return part

    def update(self, change: Callable[[T], T]) -> None:
        """Replace the field by `change(field)`."""

        def apply(state: Any) -> Any:
            part = getattr(state, self._name)
            changed = change(part)
            return state if changed is part else replace(state, **{self._name: changed})

        self._store.dispatch(apply)
