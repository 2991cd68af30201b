"""What the engine is doing: in the models' panel, and, while it loads a model, above the composer."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core import formats
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import EngineState, Stage
from app.core.text import t, tn
from app.views.problem import show_problem


class EngineLine:
    """One line with the state of the engine, and a bar while it loads."""

    def __init__(self, store: Store[State], unload: Callable[[], object]) -> None:
        """`unload` frees the memory of the model."""
        self._store = store
        self._panel = dom.by_id("engine")
        self._text = dom.by_id("engine-text")
        self._bar = dom.by_id("engine-progress")
        self._waiting = dom.by_id("engine-loading")
        dom.on_action(self._panel, {"unload": lambda _: unload()})
        store.subscribe(lambda state: state.tab_models.engine, self._show)

    def _show(self, engine: EngineState) -> None:
        is_loading = engine.stage is Stage.LOADING
        name = self._name(engine.model)
        dom.show(self._panel, engine.stage in {Stage.LOADING, Stage.READY})
        dom.show(dom.by_id("engine-unload"), engine.stage is Stage.READY)
        dom.show(self._bar, is_loading)
        dom.set_attributes(self._bar, aria_label=t("tab.loading.bar", name=name))
        self._bar.value = engine.progress
        dom.set_text(self._text, self._said(engine, name))
        show_problem(dom.by_id("engine-problem"), engine.problem)
        dom.show(self._waiting, is_loading)
        dom.set_text(
            self._waiting, t("tab.loading", name=name, percent=_percent(engine)) if is_loading else ""
        )

    def _said(self, engine: EngineState, name: str) -> str:
        loaded = engine.loaded
        if loaded is None:
            return t("tab.loading", name=name, percent=_percent(engine))
        context, seconds = formats.number(loaded.context), formats.duration(loaded.seconds)
        key = "tab.loaded_gpu" if loaded.is_on_gpu else "tab.loaded"
        return tn(key, loaded.threads, name=name, context=context, seconds=seconds)

    def _name(self, model_id: str) -> str:
        model = self._store.state.tab_models.get(model_id)
        return model_id if model is None else model.label


def _percent(engine: EngineState) -> int:
    return round(100 * engine.progress)
