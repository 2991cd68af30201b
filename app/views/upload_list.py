"""The uploads: one row a file, with its progress, its end, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.core.uploads import Phase, Upload
from app.views.problem import show_problem

MOVING = frozenset({Phase.CHECKING, Phase.WAITING, Phase.SENDING, Phase.STORING})

Row = tuple[Upload, bool]
"""An upload, and whether it is held back because the local API is away."""


@dataclass(frozen=True, slots=True)
class UploadActions:
    """What the user can do with an upload; each takes its id. `inspect` and `run` are the other ways of its file."""

    cancel: Callable[[str], object]
    retry: Callable[[str], object]
    clear: Callable[[], object]
    inspect: Callable[[str], object]
    run: Callable[[str], object]


class UploadList:
    """Shows the queue."""

    def __init__(self, store: Store[State], actions: UploadActions) -> None:
        """Show every upload from now on."""
        self._panel = dom.by_id("uploads-panel")
        self._rows = dom.KeyedList[Row](dom.by_id("uploads"), lambda row: row[0].id, _make, _change)
        dom.on_action(
            self._panel,
            {
                "cancel-upload": actions.cancel,
                "retry-upload": actions.retry,
                "clear-uploads": lambda _: actions.clear(),
                "inspect-upload": actions.inspect,
                "run-upload": actions.run,
            },
        )
        store.subscribe(_rows, self._show)

    def _show(self, rows: tuple[Row, ...]) -> None:
        dom.show(self._panel, bool(rows))
        self._rows.show(rows)
        clear = self._panel.querySelector('[data-action="clear-uploads"]')
        clear.disabled = not any(upload.has_ended for upload, _ in rows)


def _rows(state: State) -> tuple[Row, ...]:
    is_away = not state.local_api.is_connected
    return tuple((upload, is_away and upload.phase is Phase.WAITING) for upload in state.uploads.items)


def _make(shown: Row) -> Element:
    upload, _ = shown
    cancel = dom.button(t("upload.cancel", name=upload.file_name), "cancel-upload", icon_name="x")
    retry = dom.button(t("upload.retry", name=upload.file_name), "retry-upload", icon_name="rotate-cw")
    name = upload.file_name
    inspect = dom.button(
        t("ways.inspect"),
        "inspect-upload",
        class_="btn ghost small",
        aria_label=t("ways.inspect_label", name=name),
    )
    run = dom.button(t("ways.run"), "run-upload", aria_label=t("ways.run_label", name=name))
    return dom.create(
        "li",
        dom.create("strong", name, class_="name"),
        dom.create("span", inspect, run, cancel, retry, class_="push"),
        dom.create("progress", max=100, aria_label=t("upload.progress", name=upload.file_name)),
        dom.create("span", class_="num quiet small"),
        dom.create("span", class_="num quiet small end"),
        dom.create("div", class_="wide"),
        class_="up",
        data_key=upload.id,
    )


def _change(row: Element, shown: Row) -> None:
    upload, is_held = shown
    _, buttons, progress, state, left, problem = row.children
    inspect, run, cancel, retry = buttons.children
    dom.show(inspect, not upload.is_hopeless)
    dom.show(run, not upload.is_hopeless)
    dom.set_attributes(run, class_="btn small" if is_held else "btn ghost small")
    row.dataset.phase = upload.phase.value
    dom.show(cancel, not upload.has_ended)
    dom.show(retry, upload.can_retry)
    dom.show(progress, upload.phase in MOVING)
    _set_progress(progress, upload)
    dom.set_text(state, _state(upload, is_held))
    is_timed = upload.phase is Phase.SENDING and upload.seconds_left is not None and not upload.stalled
    dom.set_text(left, formats.time_left(upload.seconds_left or 0) if is_timed else "")
    show_problem(problem, upload.problem)


def _set_progress(progress: Element, upload: Upload) -> None:
    """A bar with a value while bytes move; without one, which browsers show as "busy", while none are counted."""
    if upload.phase is Phase.SENDING:
        progress.value = 100 * upload.sent / max(1, upload.size)
    else:
        progress.removeAttribute("value")


def _state(upload: Upload, is_held: bool) -> str:
    size = formats.size(upload.size)
    if is_held:
        return t("upload.phase.held", size=size) + ". " + t("ways.held")
    if upload.phase is not Phase.SENDING:
        return t(f"upload.phase.{upload.phase}", size=size, name=upload.name)
    if upload.stalled:
        return t("upload.stalled", sent=formats.size(upload.sent), size=size)
    if not upload.rate:
        return t("upload.phase.started", sent=formats.size(upload.sent), size=size)
    return t(
        "upload.phase.sending", sent=formats.size(upload.sent), size=size, rate=formats.rate(upload.rate)
    )
