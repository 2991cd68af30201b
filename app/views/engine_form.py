"""The settings of the engine in the tab: context, threads, and the GPU."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core.device import Device
from app.core.engine_settings import EngineSettings
from app.core.problems import InvalidInput
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Cell, Store
from app.core.text import t, tn
from app.views.field import Field

Change = Callable[[EngineSettings, str], EngineSettings]


class EngineForm:
    """Takes over a setting when its field is left; it counts from the next time that a model is loaded."""

    def __init__(self, store: Store[State], settings: Cell[Settings], device: Callable[[], Device]) -> None:
        """Change the settings in `settings`; `device` says what there is to choose from."""
        self._settings = settings
        here = device()
        self._context = Field("tab-context", t("tab.context"), t("tab.context.help"), inputmode="numeric")
        threads_help = tn("tab.threads.help", here.cores) if here.has_threads else t("tab.threads.none")
        self._threads = Field("tab-threads", t("tab.threads"), threads_help, inputmode="numeric")
        self._gpu = dom.create("input", type="checkbox", disabled=not here.has_gpu)
        label = dom.create("label", self._gpu, dom.create("span", t("tab.gpu")), class_="check")
        gpu_help = t("tab.gpu.help" if here.has_gpu else "tab.gpu.none")
        gpu = dom.create(
            "div", label, dom.create("span", gpu_help, class_="help small quiet"), class_="field"
        )
        dom.by_id("settings-engine-fields").append(self._context.element, self._threads.element, gpu)
        dom.on(dom.by_id("settings-engine"), "submit", lambda event: event.preventDefault())
        self._context.on_change(lambda text: self._take(self._context, text, EngineSettings.with_context))
        self._threads.on_change(lambda text: self._take(self._threads, text, EngineSettings.with_threads))
        dom.on(self._gpu, "change", lambda _: self._put(self._now.with_gpu(bool(self._gpu.checked))))
        store.subscribe(lambda state: state.settings.engine, self._show)

    @property
    def _now(self) -> EngineSettings:
        return self._settings.value.engine

    def _show(self, engine: EngineSettings) -> None:
        self._context.set_value(str(engine.context or ""))
        self._threads.set_value(str(engine.threads or ""))
        self._gpu.checked = engine.gpu

    def _take(self, field: Field, text: str, change: Change) -> None:
        try:
            self._put(change(self._now, text))
        except InvalidInput as error:
            field.mark(error.problem)
        else:
            field.mark(None)

    def _put(self, engine: EngineSettings) -> None:
        self._settings.update(lambda settings: settings.with_engine(engine))
