"""The settings of the local API: its address, and how large an upload may be."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core import formats
from app.core.problems import InvalidInput
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.field import Field


class SettingsForm:
    """Takes over a setting when its field is left; a text that cannot be one is marked and changes nothing."""

    def __init__(
        self,
        store: Store[State],
        set_base_url: Callable[[str], None],
        set_upload_limit: Callable[[str], None],
    ) -> None:
        """The setters raise InvalidInput for a text that they cannot take."""
        self._base_url = Field("base-url", t("settings.base_url"), t("settings.base_url.help"), type="url")
        self._limit = Field(
            "upload-limit", t("settings.limit"), t("settings.limit.help"), inputmode="decimal"
        )
        container = dom.by_id("settings-local-api-fields")
        container.append(self._base_url.element, self._limit.element)
        dom.on(dom.by_id("settings-local-api"), "submit", lambda event: event.preventDefault())
        self._base_url.on_change(lambda text: _take(self._base_url, text, set_base_url))
        self._limit.on_change(lambda text: _take(self._limit, text, set_upload_limit))
        store.subscribe(lambda state: state.settings, self._show)

    def _show(self, settings: Settings) -> None:
        self._base_url.set_value(settings.base_url)
        self._limit.set_value(formats.number(settings.upload_limit / 2**30))


def _take(field: Field, text: str, setter: Callable[[str], None]) -> None:
    try:
        setter(text)
    except InvalidInput as error:
        field.mark(error.problem)
    else:
        field.mark(None)
