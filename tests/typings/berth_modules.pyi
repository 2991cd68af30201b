"""static/js/modules.mjs, as static/js/pyodide-shim.mjs registers it."""

from typing import Any

def load(name: str) -> Any: ...
