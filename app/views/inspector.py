"""The inspector: what a GGUF file says about itself, whether it fits into the tab, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.inspection import Inspection, InspectionPhase, Report
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.inspecting import Inspecting
from app.services.ports import LocalFile
from app.views.inspector_facts import facts, quantisations
from app.views.inspector_fit import FitPanel
from app.views.inspector_layers import layer_chart
from app.views.inspector_metadata import MetadataPanel
from app.views.inspector_prompt import PromptPanel
from app.views.problem import problem_box


class Inspector:
    """The dialog. What it shows is made anew for each file."""

    def __init__(
        self,
        store: Store[State],
        service: Inspecting,
        run: Callable[[LocalFile], object],
        upload: Callable[[LocalFile], object],
    ) -> None:
        """Open and close with the inspection in the state. `run` and `upload` are the other ways that a file can go."""
        self._service = service
        self._dialog = dom.by_id("inspector")
        self._title = dom.by_id("inspector-title")
        self._facts = dom.by_id("inspector-facts")
        self._body = dom.by_id("inspector-body")
        self._shown: Report | None = None
        self._fit = FitPanel(service.choose_context)
        self._metadata = MetadataPanel()
        self._prompt = PromptPanel()
        dom.on(self._dialog, "close", lambda _: service.close())
        dom.on_action(
            self._dialog,
            {
                "close-inspector": lambda _: self._dialog.close(),
                "inspected-run": lambda _: self._go(run),
                "inspected-upload": lambda _: self._go(upload),
                "xray": lambda _: service.xray(),
            },
        )
        store.subscribe(lambda state: state.inspection, self._show)

    def _go(self, way: Callable[[LocalFile], object]) -> None:
        file = self._service.file
        self._dialog.close()
        if file is not None:
            way(file)

    def _show(self, inspection: Inspection) -> None:
        if inspection.phase is InspectionPhase.CLOSED:
            self._shown = None
            dom.replace_children(self._body)
            return
        dom.set_text(self._title, inspection.name)
        is_ready = inspection.phase is InspectionPhase.READY
        self._show_way("inspected-run", t("ways.run_label", name=inspection.name), is_ready)
        self._show_way("inspected-upload", t("ways.upload_label", name=inspection.name), is_ready)
        self._show_body(inspection)
        if not self._dialog.open:
            self._dialog.showModal()

    def _show_way(self, action: str, label: str, is_shown: bool) -> None:
        button = self._dialog.querySelector(f'[data-action="{action}"]')
        dom.set_attributes(button, aria_label=label)
        dom.show(button, is_shown)

    def _show_body(self, inspection: Inspection) -> None:
        report = inspection.report
        if report is None:
            self._shown = None
            dom.set_text(self._facts, formats.size(inspection.size))
            problem = inspection.problem
            reading = dom.create("p", t("inspector.reading"), class_="quiet", role="status")
            dom.replace_children(self._body, problem_box(problem) if problem else reading)
            return
        if report is not self._shown:
            self._shown = report
            dom.set_text(self._facts, _headline(inspection, report))
            dom.replace_children(self._body, *self._sections(report, inspection.prompt_first))
            self._body.scrollTop = 0
        fit = self._service.fit(inspection)
        if fit is not None:
            self._fit.show(fit, self._service.device)
        self._prompt.show(inspection.xray)

    def _sections(self, report: Report, prompt_first: bool) -> list[Element]:
        notes = [problem_box(note, role="note") for note in report.header.notes]
        prompt = [self._prompt.build(report.summary.chat_template)]
        return [
            *notes,
            *(prompt if prompt_first else ()),
            facts(report),
            self._fit.build(report.shape, report.summary.split),
            layer_chart(report.layers),
            quantisations(report),
            *(() if prompt_first else prompt),
            self._metadata.build(report.header),
        ]


def _headline(inspection: Inspection, report: Report) -> str:
    parameters = t("inspector.parameters", count=formats.count(report.summary.parameters))
    return ", ".join(filter(None, (formats.size(inspection.size), parameters, report.summary.file_type)))
