"""Whether the model fits into the tab: the verdict, what needs how much memory, and the context to choose."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.device import Device
from app.core.fit import PARTS, Demand, Fit, Shape, Verdict, contexts
from app.core.gguf.summary import Split
from app.core.text import t, tn
from app.views.field import Field
from app.views.inspector_facts import section


class FitPanel:
    """The part of the inspector that says where the model can run."""

    def __init__(self, choose_context: Callable[[int], object]) -> None:
        """`choose_context` gets the number of tokens that the user picks."""
        self._choose = choose_context
        self._field: Field | None = None

    def build(self, shape: Shape, split: Split | None) -> Element:
        """The elements for another file; `split` when it is a part of a model."""
        if self._field is not None:
            self._field.remove()
        self._field = Field("fit-context", t("fit.context"), tag="select")
        for number in contexts(shape):
            label = tn("inspector.tokens", number, number=formats.whole(number))
            self._field.input.append(dom.create("option", label, value=number))
        self._field.on_change(lambda text: self._choose(int(text)))
        self._verdict = dom.create("p", class_="verdict", role="status")
        self._bar = dom.create("div", class_="stack", role="img")
        self._list = dom.create("ul", class_="legend")
        self._notes = dom.create("div", class_="notes")
        warnings = [t("fit.q4_0")] if shape.is_q4_0 else []
        if split is not None:
            warnings.append(t("fit.shard", number=split.number, count=split.count))
        return section(
            t("fit.title"),
            dom.create("div", self._verdict, self._field.element, class_="fit"),
            *(dom.create("p", text, class_="warning") for text in warnings),
            self._bar,
            self._list,
            self._notes,
        )

    def show(self, fit: Fit, device: Device) -> None:
        """Bring it up to date."""
        if self._field is not None:
            self._field.set_value(str(fit.context))
        self._verdict.dataset.verdict = fit.verdict.value
        dom.set_text(self._verdict, _verdict(fit))
        sizes = _sizes(fit.demand)
        whole = max(fit.demand.total, fit.room)
        segments = [dom.create("span", data_part=part) for part in PARTS]
        for segment, part in zip(segments, PARTS, strict=True):
            segment.style.inlineSize = f"{100 * sizes[part] / whole:.3f}%"
        dom.replace_children(self._bar, *segments)
        total, room = formats.size(fit.demand.total), formats.size(fit.room)
        dom.set_attributes(self._bar, aria_label=t("fit.bar", total=total, room=room))
        entries = (
            dom.create(
                "li",
                dom.create("span", class_="key", data_part=part),
                dom.create("span", t(f"fit.part.{part}")),
                dom.create("span", formats.size(sizes[part]), class_="num"),
            )
            for part in PARTS
        )
        dom.replace_children(self._list, *entries)
        dom.replace_children(self._notes, *(dom.create("p", text) for text in _notes(fit, device)))


def _sizes(demand: Demand) -> dict[str, int]:
    return {part: getattr(demand, part) for part in PARTS}


def _verdict(fit: Fit) -> str:
    if fit.verdict is Verdict.ELSEWHERE:
        return t("fit.verdict.elsewhere")
    return t(f"fit.verdict.{fit.verdict}", speed=formats.tokens_per_second(float(f"{fit.speed:.1g}")))


def _notes(fit: Fit, device: Device) -> list[str]:
    total, room = formats.size(fit.demand.total), formats.size(fit.room)
    largest = fit.largest
    notes = [
        t("fit.total", total=total, room=room),
        t("fit.largest", number=formats.whole(largest)) if largest else t("fit.no_context"),
    ]
    if device.memory is None:
        notes.append(t("fit.secret"))
    else:
        notes.append(t("fit.device", memory=formats.size(device.memory)))
    return notes
