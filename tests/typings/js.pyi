"""The JavaScript global scope: every name is whatever the browser has under it."""

from typing import Any

def __getattr__(name: str) -> Any: ...
