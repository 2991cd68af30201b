"""The commands of the page: what each action of core/shortcuts does, and when it makes sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser import dom, focus
from app.core.conversations import Message
from app.core.messages import Role
from app.core.state import Place, State
from app.core.store import Store
from app.views.arrival import Arrival
from app.views.commands import Command


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the commands call. `regenerate` takes the id of an answer, `copy` a text."""

    new_conversation: Callable[[], object]
    regenerate: Callable[[str], object]
    stop: Callable[[], object]
    copy: Callable[[str], object]
    toggle_parameters: Callable[[], object]
    sync: Callable[[], object]
    clear_cache: Callable[[], object]
    find_prompt: Callable[[], object]
    new_prompt: Callable[[], object]
    save_preset: Callable[[], object]


class PageCommands:
    """Finds out what the commands are about, and does it."""

    def __init__(
        self, store: Store[State], deeds: Deeds, switch_theme: Callable[[], object], arrival: Arrival
    ) -> None:
        """Nothing runs by itself."""
        self._store = store
        self._deeds = deeds
        self._switch_theme = switch_theme
        self._arrival = arrival

    def table(self) -> dict[str, Command]:
        """The commands by the id of their action, all but the palette and the help sheet."""
        deeds = self._deeds
        return {
            **{f"go-{place}": self._going(place) for place in Place},
            "switch-theme": Command(self._switch_theme),
            "new-conversation": Command(deeds.new_conversation),
            "write": Command(lambda: self._arrival.go(Place.CHAT, dom.by_id("message").focus)),
            "choose-model": Command(self._choose_model, lambda: not dom.by_id("model").disabled),
            "compare": Command(self._compare, self._can_compare),
            "toggle-parameters": Command(lambda: self._arrival.go(Place.CHAT, deeds.toggle_parameters)),
            "stop": Command(deeds.stop, self._is_answering),
            "copy-answer": Command(self._copy_answer, self._has_answer),
            "regenerate": Command(self._regenerate, self._has_answer),
            "choose-files": Command(lambda: self._arrival.go(Place.MODELS, dom.by_id("choose-files").click)),
            "sync": Command(deeds.sync, self._has_api),
            "clear-cache": Command(deeds.clear_cache, self._has_api),
            "prompts": Command(lambda: self._arrival.go(Place.SETTINGS, deeds.find_prompt)),
            "new-prompt": Command(deeds.new_prompt),
            "save-preset": Command(deeds.save_preset),
        }

    def _going(self, place: Place) -> Command:
        return Command(lambda: self._arrival.go(place))

    def _choose_model(self) -> None:
        self._arrival.go(Place.CHAT, lambda: focus.open_select(dom.by_id("model")))

    def _compare(self) -> None:
        self._arrival.go(Place.CHAT, dom.by_id("add-rival").click)

    def _can_compare(self) -> bool:
        return dom.attribute(dom.by_id("add-rival"), "aria-disabled") != "true"

    def _last_answer(self) -> Message | None:
        branch = self._store.state.conversation.branch
        return branch[-1] if branch and branch[-1].role is Role.ASSISTANT else None

    def _copy_answer(self) -> None:
        answer = self._last_answer()
        if answer is not None:
            self._deeds.copy(answer.text)

    def _regenerate(self) -> None:
        answer = self._last_answer()
        if answer is not None:
            self._arrival.go(Place.CHAT)
            self._deeds.regenerate(answer.id)

    def _is_answering(self) -> bool:
        return self._store.state.conversation.is_answering

    def _has_answer(self) -> bool:
        return self._last_answer() is not None and not self._is_answering()

    def _has_api(self) -> bool:
        return self._store.state.local_api.is_connected
