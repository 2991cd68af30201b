"""The dialog in which a prompt of the library is written."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import BerthError, Problem
from app.core.prompts import Prompt, tidy_name
from app.core.text import t
from app.services.shelf import ShelfKeeper
from app.views.field import Field

NEW = Prompt("", "", "")


class PromptForm:
    """One dialog for all prompts. Escape closes it, and what was typed is there when it is opened again."""

    def __init__(
        self, prompts: ShelfKeeper[Prompt], start: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        """`start` runs what takes time."""
        self._prompts = prompts
        self._start = start
        self._prompt = NEW
        self._then: Callable[[Prompt], object] = lambda _: None
        self._left: dict[str, tuple[str, str]] = {}
        self._dialog = dom.by_id("prompt")
        self._name = Field("prompt-name", t("prompts.name"), t("prompts.name.help"), spellcheck="false")
        self._text = Field(
            "prompt-text", t("prompts.text"), t("prompts.text.help"), tag="textarea", rows=8, dir="auto"
        )
        dom.by_id("prompt-fields").append(self._name.element, self._text.element)
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on(self._dialog, "cancel", lambda _: self._leave())
        dom.on_action(self._dialog, {"close-prompt": lambda _: self._dialog.close()})

    def add(self, text: str = "", then: Callable[[Prompt], object] = lambda _: None) -> None:
        """Open it for a new prompt; `then` is called with what was stored."""
        self._open(replace(NEW, text=text), then)

    def edit(self, prompt: Prompt) -> None:
        """Open it with a prompt in it."""
        self._open(prompt, lambda _: None)

    def _open(self, prompt: Prompt, then: Callable[[Prompt], object]) -> None:
        self._prompt, self._then = prompt, then
        name, text = self._left.pop(prompt.id, (prompt.name, prompt.text))
        self._name.input.value, self._text.input.value = name, text
        for field in (self._name, self._text):
            field.mark(None)
        dom.set_text(dom.by_id("prompt-title"), t("prompts.title.edit" if prompt.id else "prompts.title.add"))
        self._dialog.showModal()
        self._name.focus()

    def _leave(self) -> None:
        """Escape may be a slip: what is typed is kept for the next time."""
        typed = (self._name.value, self._text.value)
        if typed != (self._prompt.name, self._prompt.text):
            self._left[self._prompt.id] = typed

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        text = self._text.value
        self._text.mark(None if text.strip() else Problem.of("prompts.no_text"))
        self._name.mark(None)
        if text.strip():
            self._start(self._save(replace(self._prompt, name=tidy_name(self._name.value), text=text)))
        else:
            self._text.focus()

    async def _save(self, prompt: Prompt) -> None:
        try:
            saved = await self._prompts.save(prompt)
        except BerthError as error:
            # Another tab may have changed it, or deleted it: what is typed here is based on that from now on.
            now = self._prompts.shelf.get(prompt.id)
            self._prompt = replace(self._prompt, rev=now.rev if now is not None else 0)
            self._name.mark(error.problem)
            self._name.focus()
        else:
            self._dialog.close()
            self._then(saved)
