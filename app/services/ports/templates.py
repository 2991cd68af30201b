"""Chat templates, which come with files of anyone and run apart from the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Templates(Protocol):
    """Applies chat templates."""

    async def render(self, template: str, variables: Mapping[str, Any]) -> str:
        """The text that a template makes of these variables, which are JSON values.

        Raises:
            InvalidInput: the template is wrong, refuses them, takes too long, or makes too much; or it cannot be run.
        """
        ...


class TokenCounter(Protocol):
    """Counts as the model itself does."""

    async def count(self, name: str, size: int, prompt: str) -> int | None:
        """The number of tokens of a prompt, special ones read as such.

        None when the model of the file of that name and size is not running here.
        """
        ...
