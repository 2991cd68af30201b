"""A picture of a model's layers: one column for each, as high as the layer is large; and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.gguf.layers import Layer, Part
from app.core.text import t
from app.views.inspector_facts import section, table

MOST_COLUMNS = 400
"""Columns that are drawn; no known model has half as many layers."""


def layer_chart(layers: Sequence[Layer]) -> Element:
    """The picture, its legend, and the table."""
    shown = layers[:MOST_COLUMNS]
    largest = max((layer.size for layer in shown), default=0) or 1
    label = t("layers.picture", count=len(layers), size=formats.size(sum(layer.size for layer in layers)))
    chart = dom.create("div", class_="layers", role="img", aria_label=label)
    for layer in shown:
        chart.append(_column(layer, largest))
    legend = dom.create("ul", *map(_entry, Part), class_="legend")
    title = t("layers.title")
    heads = [t("layers.layer"), t("layers.parameters"), t("layers.size"), t("layers.types")]
    rows = (
        (_name(layer), formats.count(layer.parameters), formats.size(layer.size), _types(layer))
        for layer in shown
    )
    details = dom.create("details", dom.create("summary", t("layers.as_table")), table(title, heads, rows))
    return section(title, chart, legend, details)


def _column(layer: Layer, largest: int) -> Element:
    tip = f"{_name(layer)}: {formats.count(layer.parameters)}, {formats.size(layer.size)}, {_types(layer)}"
    column = dom.create("div", class_="layer", title=tip)
    for part, size in layer.parts:
        if size:
            piece = dom.create("span", data_part=part.value)
            piece.style.blockSize = f"{100 * size / largest:.3f}%"
            column.append(piece)
    return column


def _entry(part: Part) -> Element:
    return dom.create(
        "li",
        dom.create("span", class_="key", data_part=part.value),
        dom.create("span", t(f"layers.part.{part}")),
    )


def _name(layer: Layer) -> str:
    return layer.name if layer.number is None else t("layers.number", number=layer.number)


def _types(layer: Layer) -> str:
    return ", ".join(layer.types[:4])
