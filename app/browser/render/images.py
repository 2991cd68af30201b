"""Images that stand on other servers: none is asked for one before the user says so, image by image.

An image that a model names is a way to tell a foreign server what is in the conversation, so the page shows where it
would come from and a button. The page's policy allows no images from other hosts at all: a wanted one is fetched,
without cookies and without saying where from, and shown from memory.
"""

from __future__ import annotations

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
    """The images that the user wanted to see, by their address, for as long as the page lives."""

    _loaded: dict[str, str] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)

    def place(self, link: Element) -> None:
        """Replace the link to an image by what stands for it: the image, if it is loaded, or the offer to load it."""
        address = dom.attribute(link, "href")
        link.replaceWith(self._make(address, str(link.textContent)))

    async def load(self, button: Element) -> None:
        """Load the image that a button offers, and only that one."""
        place = button.closest(".image")
        address, alt = place.dataset.address, place.dataset.alt
        button.disabled = True
        if address not in self._loaded:
            try:
                self._loaded[address] = await _fetch(address)
                self._failed.discard(address)
            except (JsException, _Refused):
                self._failed.add(address)
        for other in dom.query_all(".image[data-address]"):
            if other.dataset.address == address:
                other.replaceWith(self._make(address, other.dataset.alt or alt))

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
