"""Runs in the page: makes messages and pushes text into them, as the conversation does."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import js

from app.browser.render import Renderer
from app.browser.render.furnishing import Furnishing
from app.browser.render.prose import Prose

log = js.document.getElementById("messages")
scroller = js.document.getElementById("conversation")
copied: list[str] = []
tasks: list[asyncio.Future[None]] = []
renderer = Renderer()
furnishing = Furnishing(log, copied.append, lambda work: tasks.append(asyncio.ensure_future(work)))


class Message:
    """A message in the page."""

    def __init__(self, on_render: Callable[[], object] = lambda: None) -> None:
        self.element = js.document.createElement("div")
        self.element.className = "prose"
        article = js.document.createElement("article")
        article.className = "answer"
        article.append(self.element)
        log.append(article)
        self.prose = Prose(self.element, renderer, furnishing, on_render)

    @property
    def html(self) -> str:
        return str(self.element.innerHTML)

    def stream(self, text: str, seed: int, longest: int) -> None:
        """Push `text` in random pieces and render now and then, then finish."""
        rng = random.Random(seed)
        at = 0
        while at < len(text):
            size = rng.randint(1, longest)
            self.prose.push(text[at : at + size])
            at += size
            if rng.random() < 0.8:
                self.prose.render()
        self.prose.finish()

    def remove(self) -> None:
        self.prose.close()
        self.element.parentElement.remove()


async def until(holds: Callable[[], object], seconds: float = 10) -> bool:
    """Wait until something holds; whether it did in time."""
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            return False
        await asyncio.sleep(0.01)
    return True


async def warm() -> None:
    """Load the libraries, so that what follows does not depend on when they come."""
    await renderer.load()
    message = Message()
    message.prose.show("$x$\n\n```python\n1\n```\n\n```html\n<p>\n```\n\n```js\n1\n```")
    assert await until(lambda: message.element.querySelectorAll(".katex, [class^=hljs]").length > 3)
    message.remove()


def show(text: str) -> None:
    """Show a message at once."""
    Message().prose.show(text)


def show_streamed(text: str, seed: int, longest: int) -> None:
    """Show a message in random pieces."""
    Message().stream(text, seed, longest)


async def differing(documents: list[tuple[str, int, int]]) -> list[list[Any]]:
    """Stream documents, given as text, seed and longest piece; those whose page differs from showing them at once."""
    pairs = []
    for text, seed, longest in documents:
        streamed, whole = Message(), Message()
        streamed.stream(text, seed, longest)
        whole.prose.show(text)
        pairs.append((text, streamed, whole))
    # Colours come in idle time, to both.
    await until(lambda: all(streamed.html == whole.html for _, streamed, whole in pairs), 3)
    result = [[text, a.html, b.html] for text, a, b in pairs if a.html != b.html]
    for _, streamed, whole in pairs:
        streamed.remove()
        whole.remove()
    return result


def frozen_nodes_stay(text: str, more: str, renderings: int) -> list[bool]:
    """Whether each block that is frozen after `text` is the same node after further renderings."""
    message = Message()
    message.prose.push(text)
    message.prose.render()
    blocks = list(message.element.children)[:-1]
    for _ in range(renderings):
        message.prose.push(more)
        message.prose.render()
    now = list(message.element.children)
    return [bool(old.isSameNode(new)) for old, new in zip(blocks, now, strict=False)]


async def stream(text: str, rate: float, size: int, before: str = "") -> float:
    """Stream a text in real time, `rate` tokens of `size` characters a second, 20 pieces a second; the seconds it took.

    The page follows the text, as the conversation does. What comes `before` is there from the start.
    """

    def follow() -> None:
        scroller.scrollTop = scroller.scrollHeight

    message = Message(follow)
    message.prose.show(before)
    started = time.perf_counter()
    shown = 0
    while shown < len(text):
        await asyncio.sleep(0.05)
        due = int((time.perf_counter() - started) * rate) * size
        message.prose.push(text[shown:due])
        shown = due
    message.prose.finish()
    return time.perf_counter() - started


def clear() -> None:
    """Remove all messages."""
    log.replaceChildren()
