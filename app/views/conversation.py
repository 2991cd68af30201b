"""The conversation: its messages, the answer that is coming, and what to do when there is nothing yet."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from app.browser import dom
from app.browser.dom import Element
from app.browser.render import Renderer
from app.core import formats
from app.core.conversations import Message, Status
from app.core.messages import Role
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn
from app.services.ports import Clock
from app.views.problem import show_problem

BOTTOM = 48
"""Pixels from the end within which the user counts as being at the bottom, so that the view follows the answer."""

SLOW = 8
"""Seconds after which a waiting user is told what may take so long."""


@dataclass(frozen=True, slots=True)
class MessageActions:
    """What the user can do with a message; each takes its id."""

    retry: Callable[[str], object]
    copy: Callable[[str], object]


class ConversationView:
    """Shows the branch."""

    def __init__(
        self,
        store: Store[State],
        actions: MessageActions,
        renderer: Renderer,
        start: Callable[[Coroutine[Any, Any, None]], object],
        clock: Clock,
    ) -> None:
        """`start` runs a coroutine; the renderer's libraries are loaded while the first answer is on its way."""
        self._renderer = renderer
        self._start = start
        self._clock = clock
        self._log = dom.by_id("conversation")
        self._rows = dom.KeyedList[Message](dom.by_id("messages"), lambda item: item.id, _make, self._change)
        self._is_ticking = False
        self._branch: tuple[Message, ...] = ()
        dom.on_action(
            self._log,
            {"retry": actions.retry, "copy-message": lambda key: actions.copy(self._text(key))},
        )
        store.subscribe(lambda state: state.conversation.branch, self._show)

    def _show(self, branch: tuple[Message, ...]) -> None:
        is_at_bottom = self._distance_to_bottom() < BOTTOM or len(branch) > len(self._branch)
        self._branch = branch
        self._rows.show(branch)
        if is_at_bottom:
            self._log.scrollTop = self._log.scrollHeight
        if not self._is_ticking and _streaming(branch) is not None:
            self._start(self._tick())

    def _distance_to_bottom(self) -> float:
        return float(self._log.scrollHeight - self._log.scrollTop - self._log.clientHeight)

    def _change(self, row: Element, message: Message) -> None:
        if message.role is Role.USER:
            return
        row.dataset.state = message.status.value
        _, prose, raw, pending, problem, facts = row.children
        dom.show(pending, message.status is Status.STREAMING)
        dom.show(raw, bool(message.raw))
        if message.raw:
            dom.set_text(raw.querySelector("pre"), message.raw)
        again = dom.button(t("chat.retry"), "retry")
        show_problem(problem, message.problem, again)
        _show_facts(facts, message)
        if message.text:
            self._start(self._render(prose, message.text))
        elif message.status is Status.DONE and not message.raw:
            dom.replace_children(prose, dom.create("p", t("chat.empty_answer"), class_="quiet"))

    async def _render(self, prose: Element, text: str) -> None:
        is_at_bottom = self._distance_to_bottom() < BOTTOM
        await self._renderer.load()
        dom.set_html(prose, self._renderer.markdown(text))
        if is_at_bottom:
            self._log.scrollTop = self._log.scrollHeight

    async def _tick(self) -> None:
        """Count the seconds of the answer that is coming, so that the user sees that something goes on."""
        self._is_ticking = True
        await self._renderer.load()
        while (message := _streaming(self._branch)) is not None:
            row = self._rows.row(message.id)
            if row is not None:
                seconds = max(0, self._clock.now() - message.created)
                key = "chat.pending.slow" if seconds > SLOW else "chat.pending"
                dom.set_text(row.querySelector(".pending span"), t(key, seconds=int(seconds)))
            await self._clock.sleep(1)
        self._is_ticking = False

    def _text(self, message_id: str) -> str:
        return next((message.text for message in self._branch if message.id == message_id), "")


def _streaming(branch: tuple[Message, ...]) -> Message | None:
    return next((message for message in branch if message.status is Status.STREAMING), None)


def _make(message: Message) -> Element:
    if message.role is Role.USER:
        text = dom.create("div", message.text, class_="text", dir="auto")
        return dom.create("article", text, class_="you", aria_label=t("chat.you"), data_key=message.id)
    name = message.model.model.removesuffix(".gguf") if message.model else t("chat.assistant")
    raw = dom.create(
        "details", dom.create("summary", t("chat.raw")), dom.create("pre"), class_="raw", open=True
    )
    dots = dom.create("span", t("chat.pending", seconds=0))
    return dom.create(
        "article",
        dom.create("header", dom.create("span", name)),
        dom.create("div", class_="prose", dir="auto"),
        raw,
        dom.create("div", dom.create("i", aria_hidden="true"), dots, class_="pending"),
        dom.create("div"),
        dom.create("div", class_="facts num small"),
        class_="answer",
        aria_label=name,
        data_key=message.id,
    )


def _show_facts(row: Element, message: Message) -> None:
    facts = [dom.create("span", fact) for fact in _facts(message)]
    if message.status is not Status.STREAMING and message.text:
        copy = dom.button(t("chat.copy"), "copy-message", icon_name="copy")
        again = dom.button(t("chat.regenerate"), "retry", icon_name="refresh-cw")
        facts.append(dom.create("span", copy, again, class_="push"))
    dom.replace_children(row, *facts)


def _facts(message: Message) -> list[str]:
    facts: list[str] = []
    usage = message.usage
    if message.status is Status.STOPPED:
        facts.append(t("chat.stopped"))
    if usage is not None and usage.tokens_per_second:
        facts.append(formats.tokens_per_second(usage.tokens_per_second))
    if usage is not None and usage.completion_tokens is not None:
        facts.append(tn("chat.tokens", usage.completion_tokens))
    seconds = usage.seconds if usage is not None and usage.seconds is not None else message.seconds
    if seconds is not None and message.status is Status.DONE:
        facts.append(formats.duration(seconds))
    return facts
