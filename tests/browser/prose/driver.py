"""Runs in the page: makes messages and pushes text into them, as the conversation does."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import js

from app.browser import dom
from app.browser.render import Renderer
from app.browser.render.furnishing import Furnishing
from app.browser.render.prose import Prose
from app.core.problems import BerthError

STYLES = ("tokens", "base", "shell", "chat", "prose")


def _log() -> tuple[Any, Any]:
    """The conversation of index.html, with what it stands in: the scrolling log and the column in it."""
    column = dom.create("div", class_="column")
    scroller = dom.create("section", column, class_="log", role="log", aria_label="Conversation", tabindex=0)
    chat = dom.create("section", dom.create("div", scroller, class_="talk"), class_="place chat")
    js.document.documentElement.dataset.state = "ready"
    js.document.body.append(dom.create("main", chat, class_="stage"))
    for name in STYLES:
        js.document.head.append(dom.create("link", rel="stylesheet", href=f"/static/css/{name}.css"))
    return scroller, column


scroller, column = _log()
copied: list[str] = []
tasks: list[asyncio.Future[None]] = []
renderer = Renderer()
changed: list[float] = []
furnishing = Furnishing(
    column,
    copied.append,
    lambda work: tasks.append(asyncio.ensure_future(work)),
    lambda: changed.append(time.perf_counter()),
)


class Message:
    """A message in the page."""

    def __init__(self, on_render: Callable[[], object] = lambda: None) -> None:
        self.element = dom.create("div", class_="prose", dir="auto")
        column.append(dom.create("article", self.element, class_="answer", aria_label="Model"))
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
    if not await until(lambda: message.element.querySelectorAll(".katex, [class^=hljs]").length > 3):
        raise TimeoutError("the libraries were not loaded in time")
    message.remove()


async def show(text: str) -> None:
    """Show a message at once."""
    Message().prose.show(text)


async def show_streamed(text: str, seed: int, longest: int) -> None:
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


async def frozen_nodes_stay(text: str, more: str, renderings: int) -> list[bool]:
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


async def clear() -> None:
    """Remove all messages."""
    column.replaceChildren()


async def rows_stay(text: str, row: str, renderings: int) -> list[bool]:
    """Whether each finished row of an open list or table, or the text of open code, is the same node later."""

    def rows() -> list[Any]:
        code = message.element.querySelector("code")
        if message.element.querySelector("pre"):
            return [code.firstChild]
        return list(message.element.querySelectorAll("li, tbody tr"))[:-1]

    message = Message()
    message.prose.push(text)
    message.prose.render()
    before = rows()
    for _ in range(renderings):
        message.prose.push(row)
        message.prose.render()
    return [bool(old.isSameNode(new)) for old, new in zip(before, rows(), strict=False)]


async def continued_equals_whole(text: str, more: str) -> bool:
    """Whether an answer that was shown whole and then went on ends as the page of all of it."""
    continued, whole = Message(), Message()
    continued.prose.show(text)
    for letter in more:
        continued.prose.push(letter)
    continued.prose.render()
    continued.prose.finish()
    whole.prose.show(text + more)
    return await until(lambda: continued.html == whole.html, 3)


async def show_broken_off(text: str, seed: int) -> None:
    """Show the beginning of a text, up to a random place, as it is while the answer grows."""
    message = Message()
    end = random.Random(seed).randint(1, len(text))
    for letter in text[:end]:
        message.prose.push(letter)
        message.prose.render()


async def seconds_to_show(text: str) -> float:
    """How long showing a text at once takes."""
    started = time.perf_counter()
    Message().prose.show(text)
    return time.perf_counter() - started


async def load() -> str:
    """Load the renderer's libraries; how that went."""
    try:
        await renderer.load()
    except BerthError as error:
        return str(error)
    return "loaded"


current: list[Message] = []


async def begin(text: str) -> None:
    """Begin an answer that goes on later."""
    current[:] = [Message()]
    await go_on(text)


async def go_on(text: str) -> None:
    """Go on with the answer that was begun, a few letters at a time."""
    for at in range(0, len(text), 3):
        current[0].prose.push(text[at : at + 3])
        current[0].prose.render()


async def copies() -> list[str]:
    """What was copied since this was asked last."""
    taken = copied[:]
    copied.clear()
    return taken


async def heights_before_and_after_settling(text: str) -> list[float]:
    """The height of an answer when it was just shown, and when the browser may skip what is out of sight."""
    message = Message()
    message.prose.show(text)
    before = message.element.offsetHeight
    await until(lambda: message.element.classList.contains("settled"))
    scroller.scrollTop = scroller.scrollHeight
    await asyncio.sleep(0.2)
    return [before, message.element.offsetHeight]


async def places_of_a_block_in_sight(text: str, more: str) -> list[float]:
    """Where on the screen a block in the middle is, at each rendering of what comes after it."""
    message = Message()
    message.prose.show(text)
    await until(lambda: message.element.classList.contains("settled"))
    block = message.element.children[message.element.childElementCount // 2]
    block.scrollIntoView()
    places = []
    for at in range(0, len(more), 20):
        message.prose.push(more[at : at + 20])
        await asyncio.sleep(0.05)
        places.append(block.getBoundingClientRect().top)
    return places


async def changes() -> int:
    """How often something in a shown answer got another height."""
    return len(changed)
