"""Chat templates in a worker, with limits for time and memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyodide.ffi import JsException

from app.browser.ffi import settled
from app.browser.modules import load
from app.core.problems import InvalidInput, Problem

SECONDS = 3
"""How long a template may take; real ones take a few milliseconds."""


class BrowserTemplates:
    """The `Templates` port. The worker and Jinja2 are loaded with the first template."""

    async def render(self, template: str, variables: Mapping[str, Any]) -> str:
        """See `Templates.render`."""
        request = json.dumps({"template": template, "variables": dict(variables)})
        try:
            module = await load("templates")
            reply = json.loads(await settled(module.render(request, SECONDS * 1000)))
        except JsException as error:
            raise InvalidInput(_ended(str(error))) from error
        if "text" in reply:
            return str(reply["text"])
        raise InvalidInput(_problem(reply))


def _ended(reason: str) -> Problem:
    """Why the worker was ended: static/js/templates.mjs gives the reason as the error's text."""
    if "time" in reason:
        return Problem.of("xray.time", seconds=SECONDS)
    return Problem.of("xray.memory") if "memory" in reason else Problem.of("xray.start", details=reason)


def _problem(reply: Mapping[str, Any]) -> Problem:
    """What jinja.py says went wrong, in words."""
    kind, message = reply["error"], reply["message"]
    if kind == "syntax":
        return Problem.of("xray.syntax", line=reply["line"], details=message)
    if kind == "refused":
        return Problem.of("xray.refused", details=message)
    if kind in {"length", "memory"}:
        return Problem.of("xray.memory")
    return Problem.of("xray.failed", details=message)
