"""The chat: the conversation, the composer and the parameters."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class ChatPlace:
    """The place "Chat"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log", name="Conversation")
        self.message = page.get_by_role("textbox", name="Message")
        self.send = page.get_by_role("button", name="Send")
        self.stop = page.get_by_role("button", name="Stop", exact=True)
        self.model = page.get_by_role("combobox", name="Model", exact=True)
        self.parameters = page.get_by_role("group", name="Parameters")
        self.questions = self.log.get_by_role("article", name="You")
        self.compare = page.get_by_role("button", name="Compare with another model")
        self.rivals = page.get_by_role("group", name="Compared with")
        self.sides = self.log.get_by_role("group", name="Side by side")
        self.waiting = page.get_by_text("Waits until the answer has come.")
        self.problem = page.locator("footer").get_by_role("alert")

    def ask(self, text: str) -> None:
        """Type a message and press Enter."""
        self.message.fill(text)
        self.message.press("Enter")

    def answers(self, model: str) -> Locator:
        """The answers of a model, by the name that it has on the page."""
        return self.log.get_by_role("article", name=model)

    def try_again(self, answer: Locator) -> None:
        """Press the button of an answer that failed."""
        answer.get_by_role("button", name="Try again").click()

    def open_parameters(self) -> None:
        """Open the drawer of the parameters."""
        self.page.get_by_role("button", name="Parameters").click()

    def parameter(self, label: str) -> Locator:
        """A field of the parameters."""
        return self.parameters.get_by_role("textbox", name=label)

    def set_parameter(self, label: str, text: str) -> Locator:
        """Type into a field and leave it; gives the field."""
        field = self.parameter(label)
        field.fill(text)
        field.blur()
        return field

    def add_rival(self, label: str) -> None:
        """Let another model answer beside those that do."""
        self.compare.click()
        self.rivals.get_by_role("combobox").last.select_option(label=label)

    def side(self, model: str) -> Locator:
        """The answer of a model among those that are side by side."""
        return self.sides.get_by_role("article", name=model, exact=True)

    def stop_one(self, model: str) -> None:
        """Stop one of the answers that are side by side."""
        self.side(model).get_by_role("button", name=f"Stop {model}").click()
