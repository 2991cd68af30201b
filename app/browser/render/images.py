"""Images that stand on other servers: none is asked for one before the user says so, image by image.

An image that a model names is a way to tell a foreign server what is in the conversation, so the page shows where it
would come from and a button. The page's policy allows no images from other hosts at all: a wanted one is fetched,
without cookies and without the page's address, and shown from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import js
from pyodide.ffi import JsException

from app.browser import dom
from app.browser.dom import Element
from app.browser.ffi import js_object, settled
from app.core.text import t

REQUEST = {
    "credentials": "omit",
    "referrerPolicy": "no-referrer",
    "redirect": "error",  # elsewhere is not where the user agreed to
    "cache": "no-store",
    "mode": "cors",
}

LARGEST = 50_000_000
"""Bytes of an image that is shown."""


class _Refused(Exception):
    """The server did not hand out an image."""


@dataclass(slots=True)
class Images:
    """The images that the user wanted to see, by their address, for as long as the page lives.

    Attributes:
        on_change: Called when an image has come in the place of its offer.
    """

    on_change: Callable[[], object]
    _loaded: dict[str, str] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _loading: set[str] = field(default_factory=set)

    def place(self, link: Element) -> None:
        """Replace the link to an image by what stands for it: the image, if it is loaded, or the offer to load it."""
        address = dom.attribute(link, "href")
        link.replaceWith(self._make(address, str(link.textContent)))

    async def load(self, button: Element) -> None:
        """Load the image that a button offers, and only that one."""
        address = button.closest(".image").dataset.address
        if address in self._loading:
            return
        self._loading.add(address)
        try:
            self._loaded[address] = await _fetch(address)
        except (JsException, _Refused):
            self._failed.add(address)
        finally:
            self._loading.discard(address)
        for place in dom.query_all(".image[data-address]"):
            if place.dataset.address == address:
                self._show(place)
        self.on_change()

    def _show(self, place: Element) -> None:
        """Replace an offer by what came of it; who was on its button is now on that."""
        had_focus = place.matches(":focus-within")
        shown = self._make(place.dataset.address, place.dataset.alt)
        place.replaceWith(shown)
        if had_focus:
            shown.tabIndex = -1
            shown.focus()

    def _make(self, address: str, alt: str) -> Element:
        if address in self._loaded:
            return dom.create("img", src=self._loaded[address], alt=alt)
        host = _host(address)
        text = t("prose.image.described", host=host, alt=alt) if alt else t("prose.image", host=host)
        place = dom.create("span", class_="image", data_address=address, data_alt=alt)
        if not host:
            place.append(alt or t("prose.image.no_address"))
        elif address in self._failed:
            place.append(t("prose.image.refused", host=host), " ", _link(address))
        else:
            place.append(
                dom.create("span", text), dom.button(t("prose.image.load"), "load-image", title=address)
            )
        return place


def _host(address: str) -> str:
    url = js.URL.parse(address) if address else None
    return str(url.host) if url and str(url.protocol) in {"http:", "https:"} else ""


def _link(address: str) -> Element:
    return dom.create(
        "a", t("prose.image.open"), href=address, target="_blank", rel="noopener noreferrer nofollow"
    )


async def _fetch(address: str) -> str:
    response = await settled(js.fetch(address, js_object(REQUEST)))
    kind = str(response.headers.get("content-type") or "")
    length = int(response.headers.get("content-length") or 0)
    if not response.ok or not kind.startswith("image/") or length > LARGEST:
        raise _Refused
    return str(js.URL.createObjectURL(await settled(response.blob())))
