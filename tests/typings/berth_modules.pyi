"""static/js/modules.mjs, as static/js/pyodide-shim.mjs registers it."""

from collections.abc import Callable
from typing import Any

def settle(promise: Any, tell: Callable[[bool, Any], None]) -> None: ...
def load(name: str) -> Any: ...
