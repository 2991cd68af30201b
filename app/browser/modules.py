"""JavaScript modules that are loaded when they are first needed, and not at the start."""

from __future__ import annotations

from typing import Literal

import berth_modules

from app.browser.ffi import JsValue, settled

Name = Literal[
    "attachments",
    "database",
    "engine",
    "formulas",
    "highlight",
    "markdown",
    "model-store",
    "pump",
    "socket",
    "streams",
    "templates",
]
"""The modules that static/js/modules.mjs knows."""


async def load(name: Name) -> JsValue:
    """The namespace of a module, with its exports as attributes.

    Raises:
        JsException: it could not be fetched.
    """
    return await settled(berth_modules.load(name))
