"""The facts of a model in the inspector, and how its tensors are quantised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.gguf.summary import Summary
from app.core.inspection import Report
from app.core.text import t, tn


def section(title: str, *children: Element) -> Element:
    """A part of the inspector under its heading."""
    return dom.create("section", dom.create("h3", title), *children, class_="part", aria_label=title)


def table(label: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Element:
    """A table of texts; all columns but the first hold numbers."""
    head = dom.create("tr", *(dom.create("th", text, scope="col") for text in heads))
    lines = (
        dom.create(
            "tr",
            dom.create("td", cells[0]),
            *(dom.create("td", text, class_="num") for text in cells[1:]),
        )
        for cells in rows
    )
    body = dom.create("tbody")
    body.append(*lines)
    made = dom.create("table", dom.create("thead", head), body, aria_label=label)
    return dom.create("div", made, class_="scroll", tabindex="0", role="group", aria_label=label)


def facts(report: Report) -> Element:
    """What the header says about the model, without what it does not say."""
    pairs = [
        dom.create("div", dom.create("dt", name), dom.create("dd", value)) for name, value in _facts(report)
    ]
    return section(t("inspector.facts"), dom.create("dl", *pairs, class_="spec"))


def quantisations(report: Report) -> Element:
    """How many tensors, parameters and bytes are of each type."""
    groups = report.summary.quantisations
    whole = sum(group.size for group in groups) or 1
    heads = (
        "inspector.types.type",
        "inspector.types.tensors",
        "inspector.types.parameters",
        "inspector.types.size",
        "inspector.types.share",
    )
    rows = (
        (
            group.type,
            str(group.tensors),
            formats.count(group.parameters),
            formats.size(group.size),
            f"{group.size / whole:.0%}",
        )
        for group in groups
    )
    title = t("inspector.types")
    return section(title, table(title, [t(head) for head in heads], rows))


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    summary, header = report.summary, report.header
    values = {
        "inspector.fact.name": summary.name,
        "inspector.fact.kind": summary.kind,
        "inspector.fact.architecture": summary.architecture,
        "inspector.fact.parameters": formats.count(summary.parameters),
        "inspector.fact.file_type": summary.file_type,
        "inspector.fact.layers": _number(summary.layers),
        "inspector.fact.heads": _heads(summary),
        "inspector.fact.head_size": _number(summary.head_size),
        "inspector.fact.width": _number(summary.embedding_width),
        "inspector.fact.context": _tokens(summary.context_length),
        "inspector.fact.vocabulary": _vocabulary(summary),
        "inspector.fact.licence": summary.licence,
        "inspector.fact.shard": _shard(summary),
        "inspector.fact.version": str(header.version),
        "inspector.fact.header": formats.size(header.length),
    }
    return ((t(key), value) for key, value in values.items() if value)


def _number(value: int | None) -> str:
    return formats.whole(value) if value else ""


def _tokens(value: int | None) -> str:
    return tn("inspector.tokens", value, number=formats.whole(value)) if value else ""


def _heads(summary: Summary) -> str:
    if not summary.heads:
        return ""
    if summary.kv_heads in {None, summary.heads}:
        return str(summary.heads)
    return t("inspector.heads", heads=summary.heads, kv_heads=summary.kv_heads)


def _vocabulary(summary: Summary) -> str:
    return ", ".join(filter(None, (_tokens(summary.vocabulary_size), summary.tokenizer)))


def _shard(summary: Summary) -> str:
    split = summary.split
    return t("inspector.shard", number=split.number, count=split.count) if split else ""
