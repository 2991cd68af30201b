"""pyodide.webloop, as far as the app uses it."""

from asyncio.base_events import BaseEventLoop
from collections.abc import Callable

class WebLoop(BaseEventLoop):
    """The event loop over that of the browser. It is not BaseEventLoop's heir, but offers what that does."""

    def _install_running_loop(self) -> None: ...
    def _install_asyncgen_hooks(self) -> None: ...

def scheduleCallback(callback: Callable[[], object], milliseconds: float, /) -> None: ...  # noqa: N802
