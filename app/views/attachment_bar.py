"""The attachments of the message that is being written: picked, pasted, shown, taken off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.browser import dom
from app.browser.dom import Element, Event
from app.browser.files import BrowserFile, chosen, pasted
from app.core import formats
from app.core.attachments import Attachment
from app.core.draft import Draft
from app.core.state import State
from app.core.store import Store
from app.core.text import t


class AttachmentBar:
    """A row of chips over the message."""

    def __init__(
        self,
        store: Store[State],
        add: Callable[[Sequence[BrowserFile]], None],
        remove: Callable[[str], object],
    ) -> None:
        """`add` gets the files, `remove` the id of an attachment."""
        self._add = add
        self._bar = dom.by_id("attachments")
        self._rows = dom.KeyedList[tuple[str, Attachment | None]](
            self._bar, lambda item: item[0], _make, lambda _row, _item: None
        )
        chooser = dom.by_id("attach-files")
        dom.on(chooser, "change", lambda _: add(chosen(chooser)))
        dom.on(dom.by_id("message"), "paste", self._on_paste)
        dom.on_action(self._bar, {"remove-attachment": remove})
        store.subscribe(lambda state: state.draft, self._show)

    def _show(self, draft: Draft) -> None:
        reading = [(f"reading {name}", None) for name in draft.reading]
        self._rows.show([*((one.id, one) for one in draft.attachments), *reading])
        dom.show(self._bar, bool(draft.attachments or draft.reading))

    def _on_paste(self, event: Event) -> None:
        files = pasted(event)
        if files:
            event.preventDefault()
            self._add(files)


def chip(attachment: Attachment, *buttons: Element) -> Element:
    """An attachment by its name, size and estimated tokens; an image by itself too."""
    name = dom.create("span", attachment.name, class_="name")
    tokens = t("attachment.tokens", count=formats.count(attachment.tokens))
    size = dom.create("span", f"{formats.size(attachment.size)}, {tokens}", class_="quiet small")
    picture = [dom.create("img", src=attachment.data_url, alt="")] if attachment.data_url else []
    texts = dom.create("span", name, size, class_="grow")
    return dom.create("li", *picture, texts, *buttons, class_="chip-file", data_key=attachment.id)


def _make(item: tuple[str, Attachment | None]) -> Element:
    key, attachment = item
    if attachment is None:
        name = key.removeprefix("reading ")
        return dom.create("li", t("attachment.reading", name=name), class_="chip-file quiet")
    label = t("attachment.remove", name=attachment.name)
    return chip(attachment, dom.button(label, "remove-attachment", icon_name="x"))
