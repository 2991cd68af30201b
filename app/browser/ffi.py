"""The border between Python and JavaScript: values, promises and proxies cross it here and nowhere else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import berth_modules
import js
from pyodide.ffi import JsException, JsProxy, create_once_callable, create_proxy, to_js

JsValue = Any
"""Any JavaScript value, as Pyodide hands it over: a JsProxy, or a Python str, int, float, bool or None."""


def js_object(values: Mapping[str, Any]) -> JsProxy:
    """A plain JavaScript object with the same keys; JavaScript values in it stay what they are."""
    return to_js(dict(values), dict_converter=js.Object.fromEntries)


def from_json(text: str) -> JsValue:
    """A JavaScript value from JSON. One string crosses the border, which is faster than many small values."""
    return js.JSON.parse(text)


def js_json(value: Any) -> JsValue:
    """A JavaScript copy of a Python value that JSON can hold."""
    return js.JSON.parse(json.dumps(value))


def py_json(value: JsValue) -> Any:
    """A Python copy of a JavaScript value that JSON can hold; undefined becomes None."""
    text = js.JSON.stringify(value)
    return None if text is None else json.loads(text)


def is_nothing(value: JsValue) -> bool:
    """Whether a value is undefined or null, which arrive as two different Python objects."""
    return value is None or type(value).__name__ == "JsNull"


def light_future() -> asyncio.Future[Any]:
    """A future of asyncio's own, for what happens many times a second.

    Those that Pyodide's loop makes go through the loop once more when they are done, and each time costs a tenth of a
    millisecond.
    """
    return asyncio.Future(loop=asyncio.get_running_loop())


async def settled(promise: JsValue) -> JsValue:
    """Wait for a promise.

    Unlike a plain `await`, cancelling the waiting task leaves no future behind that the promise would settle too late,
    and the loop is gone through once and not four times.

    Raises:
        JsException: the promise was rejected.
    """
    if isinstance(
        promise, asyncio.Future
    ):  # Pyodide waits already: the call took something of Python's with it
        promise.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # else it is reported as missed
        await asyncio.wait({promise})
        return promise.result()
    future = light_future()

    def tell(is_kept: bool, value: JsValue) -> None:
        if future.done():
            return
        if is_kept:
            future.set_result(value)
        else:
            future.set_exception(value if isinstance(value, JsException) else RuntimeError(str(value)))

    berth_modules.settle(promise, create_once_callable(tell))
    return await future


class Listeners:
    """Event listeners with one owner: closing it removes them all and frees their proxies."""

    def __init__(self) -> None:
        """No listener yet."""
        self._listeners: list[tuple[JsValue, str, JsProxy]] = []

    def on(self, target: JsValue, event: str, run: Callable[[JsValue], object]) -> None:
        """Call `run(event)` for every `event` of `target`."""
        proxy = create_proxy(run)
        target.addEventListener(event, proxy)
        self._listeners.append((target, event, proxy))

    def close(self) -> None:
        """Remove all listeners."""
        for target, event, proxy in self._listeners:
            target.removeEventListener(event, proxy)
            proxy.destroy()
        self._listeners.clear()

    def __enter__(self) -> Self:
        """Own the listeners for the length of a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove all listeners."""
        self.close()
