"""The services that a connection can be made from, as the choices of the form."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.browser import dom
from app.browser.dom import Element
from app.core.text import t
from app.core.typed_connection import LOOPBACK
from app.providers.presets import PRESETS, Preset


def service_groups() -> list[Element]:
    """The groups of options: what runs on this device, what is hosted, and any other."""
    groups: dict[str, list[Element]] = {"here": [], "hosted": [], "own": []}
    for one in PRESETS:
        groups[_group_of(one)].append(dom.create("option", one.name, value=one.id))
    return [
        dom.create("optgroup", *options, label=t(f"connection.group.{name}"))
        for name, options in groups.items()
    ]


def _group_of(one: Preset) -> str:
    if not one.base_url:
        return "own"
    return "here" if (urlsplit(one.base_url).hostname or "") in LOOPBACK else "hosted"
