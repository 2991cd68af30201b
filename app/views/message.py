"""One message as a row of the conversation: what is said, how it came about, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.conversations import Message, Status
from app.core.messages import Role
from app.core.text import t
from app.views.answer_facts import answer_facts
from app.views.attachment_bar import chip
from app.views.message_calls import show_calls
from app.views.problem import show_problem

ONLY_ONE = (1, 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and its place among its alternatives: (2, 3) is the second of three.

    `is_here` tells whether a streaming answer is coming to this tab and not to another one, `is_beside` whether it is
    shown side by side with others, and `goes_on` whether it is the one of those from which the conversation goes on.
    """

    message: Message
    position: tuple[int, int] = ONLY_ONE
    is_here: bool = True
    is_beside: bool = False
    goes_on: bool = False

    @property
    def key(self) -> str:
        """The message's id."""
        return self.message.id


def make(shown: Shown) -> Element:
    """The row of a message, still empty."""
    if shown.message.role is Role.USER:
        return _make_question(shown.message)
    row = _make_answer(shown.message)
    if shown.is_beside:
        dom.set_attributes(part(row, "prose"), tabindex=0)  # it scrolls
    return row


def change(row: Element, shown: Shown) -> None:
    """Bring a row up to date; the prose of an answer is not its affair."""
    if shown.message.role is Role.USER:
        _show_question(row, shown)
    else:
        _show_answer(row, shown)


def name_of(message: Message) -> str:
    """What an answer is headed with: its model."""
    return message.model.model.removesuffix(".gguf") if message.model else t("chat.assistant")


def part(row: Element, name: str) -> Element:
    """A part of an answer's row: header, reasoning, prose, raw, calls, pending, problem or facts."""
    return row.querySelector(f":scope > .{name}")


def _make_question(message: Message) -> Element:
    text = dom.create("div", class_="text", dir="auto")
    chips = [chip(attachment) for attachment in message.attachments]
    attached = [dom.create("ul", *chips, class_="attachments")] if chips else []
    return dom.create(
        "article",
        *attached,
        text,
        dom.create("div", class_="facts"),
        class_="you",
        aria_label=t("chat.you"),
        data_key=message.id,
    )


def _show_question(row: Element, shown: Shown) -> None:
    dom.set_text(part(row, "text"), shown.message.text)
    edit = dom.button(t("chat.edit"), "edit", icon_name="pencil")
    copy = dom.button(t("chat.copy"), "copy-message", icon_name="copy")
    buttons = dom.create("span", copy, edit, class_="push")
    dom.replace_children(part(row, "facts"), *_stepper(shown.position), buttons)


def _make_answer(message: Message) -> Element:
    name = name_of(message)
    thoughts = dom.create(
        "details", dom.create("summary"), dom.create("div", class_="thoughts"), class_="think", hidden=True
    )
    raw = dom.create(
        "details", dom.create("summary", t("chat.raw")), dom.create("pre"), class_="raw", open=True
    )
    waiting = dom.create("span", t("chat.pending", seconds=0))
    return dom.create(
        "article",
        dom.create("header", dom.create("span", name), class_="header"),
        thoughts,
        dom.create("div", class_="prose", dir="auto"),
        raw,
        dom.create("div", class_="calls", hidden=True),
        dom.create("div", dom.create("i", aria_hidden="true"), waiting, class_="pending"),
        dom.create("div", class_="trouble"),
        dom.create("div", class_="facts num small"),
        class_="answer",
        aria_label=name,
        data_key=message.id,
    )


def _show_answer(row: Element, shown: Shown) -> None:
    message = shown.message
    row.dataset.state = message.status.value
    is_coming = message.status is Status.STREAMING
    dom.show(part(row, "pending"), is_coming and not message.text)
    dom.show(part(row, "raw"), bool(message.raw))
    dom.set_text(part(row, "raw").querySelector("pre"), message.raw)
    show_calls(part(row, "calls"), message.calls)
    if is_coming and not shown.is_here:
        dom.set_text(part(row, "pending").querySelector("span"), t("chat.elsewhere"))
    show_problem(part(row, "trouble"), message.problem, *_ways_on(message))
    _show_reasoning(row, message)
    marks = [dom.create("span", t("chat.goes_on"), class_="chip")] if shown.goes_on else []
    dom.replace_children(part(row, "header"), dom.create("span", name_of(message)), *marks)
    facts = dom.create("span", *(dom.create("span", fact) for fact in answer_facts(message)), class_="told")
    dom.replace_children(part(row, "facts"), *_stepper(shown.position), facts, *_deeds(shown))


def _deeds(shown: Shown) -> list[Element]:
    """The buttons for what can be done with an answer, for all that is to come of it."""
    is_coming = shown.message.status is Status.STREAMING
    keep = [dom.button(t("chat.keep"), "keep")] if shown.is_beside else []
    if not is_coming:
        return [*keep, _buttons(shown.message)]
    return [*keep, _stop_button(shown.message)] if shown.is_beside and shown.is_here else keep


def add_reasoning(row: Element, text: str) -> None:
    """Show more of what the model thinks, folded."""
    details = part(row, "think")
    summary, thoughts = details.children
    if details.hidden:
        dom.show(details, True)
        dom.set_text(summary, t("chat.thinking"))
        dom.set_text(thoughts, "")
    thoughts.append(text)


def begin_editing(row: Element, text: str) -> None:
    """Turn a question into a field. `leave-editing` and Escape leave it, submitting sends what stands in it."""
    if not dom.is_missing(row.querySelector(".editing")):
        return
    field = dom.create("textarea", aria_label=t("chat.edit"), rows=3)
    field.value = text
    cancel = dom.button(t("confirm.cancel"), "leave-editing")
    submit = dom.create("button", t("chat.send"), type="submit", class_="btn primary small")
    buttons = dom.create("div", cancel, submit, class_="row end")
    row.prepend(dom.create("form", field, buttons, class_="editing"))
    _show_said(row, False)
    field.focus()


def edited(row: Element) -> str:
    """What stands in the field of a question that is being edited."""
    return str(row.querySelector(".editing textarea").value)


def end_editing(row: Element) -> None:
    """Turn the field back into the question."""
    row.querySelector(".editing").remove()
    _show_said(row, True)
    row.querySelector('[data-action="edit"]').focus()


def _show_said(row: Element, is_shown: bool) -> None:
    dom.show(part(row, "text"), is_shown)
    dom.show(part(row, "facts"), is_shown)


def _show_reasoning(row: Element, message: Message) -> None:
    details = part(row, "think")
    if message.status is Status.STREAMING:
        return  # it is added as it comes
    dom.show(details, bool(message.reasoning))
    summary, thoughts = details.children
    time = "" if message.thought is None else formats.duration(message.thought)
    dom.set_text(summary, t("chat.thought", time=time) if time else t("chat.thoughts"))
    dom.set_text(thoughts, message.reasoning)


def _ways_on(message: Message) -> list[Element]:
    again = dom.button(t("chat.retry"), "regenerate")
    if message.text and message.status is not Status.FAILED:
        return [dom.button(t("chat.continue"), "continue"), again]
    return [again]


def _buttons(message: Message) -> Element:
    buttons = [dom.button(t("chat.regenerate"), "regenerate", icon_name="refresh-cw")]
    if message.text:
        buttons.insert(0, dom.button(t("chat.copy"), "copy-message", icon_name="copy"))
    if message.text and (message.status is Status.STOPPED or message.finish == "length"):
        buttons.append(dom.button(t("chat.continue"), "continue", icon_name="step-forward"))
    return dom.create("span", *buttons, class_="push")


def _stop_button(message: Message) -> Element:
    stop = dom.button(t("chat.stop_one", model=name_of(message)), "stop-one", icon_name="square")
    return dom.create("span", stop, class_="push")


def _stepper(position: tuple[int, int]) -> list[Element]:
    at, count = position
    if count == 1:
        return []
    earlier = dom.button(t("chat.earlier"), "step-back", icon_name="chevron-left", disabled=at == 1)
    later = dom.button(t("chat.later"), "step-on", icon_name="chevron-right", disabled=at == count)
    place = dom.create("span", t("chat.position", at=at, count=count))
    compare = dom.button(t("chat.compare"), "compare", icon_name="columns-2")
    return [dom.create("span", earlier, place, later, compare, class_="stepper num small")]
