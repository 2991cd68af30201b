"""The forms for passphrases: choosing one, and changing it. What is typed leaves the document when it is taken."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import Problem
from app.core.text import t
from app.views.field import passphrase_field


class NewPassphrase:
    """A passphrase, twice."""

    def __init__(self, use: Callable[[str, str], object]) -> None:
        """`use` gets both."""
        self._first = passphrase_field("vault-new", t("vault.new"), "new-password", t("vault.new.help"))
        self._again = passphrase_field("vault-again", t("vault.repeat"), "new-password")
        submit = dom.create("button", t("vault.use"), type="submit", class_="btn primary")
        self.element = dom.create(
            "form", self._first.element, self._again.element, dom.create("div", submit), class_="fields"
        )

        def on_submit(event: Event) -> None:
            event.preventDefault()
            self.mark(None)
            use(self._first.value, self._again.value)

        dom.on(self.element, "submit", on_submit)

    def focus(self) -> None:
        """Put the cursor into the first field."""
        self._first.focus()

    def mark(self, problem: Problem | None) -> None:
        """Show why it was not taken."""
        self._first.mark(problem)

    def clear(self) -> None:
        """Leave nothing of it in the document."""
        self._first.input.value = ""
        self._again.input.value = ""


class ChangePassphrase:
    """The passphrase until now, and a new one, twice; folded until it is needed."""

    def __init__(self, change: Callable[[str, str, str], object]) -> None:
        """`change` gets all three."""
        self._fields = (
            passphrase_field("vault-old", t("vault.old"), "current-password"),
            passphrase_field("vault-change-new", t("vault.new"), "new-password"),
            passphrase_field("vault-change-again", t("vault.repeat"), "new-password"),
        )
        submit = dom.create("button", t("vault.change"), type="submit", class_="btn")
        form = dom.create(
            "form", *(field.element for field in self._fields), dom.create("div", submit), class_="fields"
        )
        self.element = dom.create("details", dom.create("summary", t("vault.change")), form)

        def on_submit(event: Event) -> None:
            event.preventDefault()
            self.mark(None)
            old, new, again = (field.value for field in self._fields)
            change(old, new, again)

        dom.on(form, "submit", on_submit)

    def mark(self, problem: Problem | None) -> None:
        """Show why it was not taken."""
        self._fields[0].mark(problem)

    def clear(self) -> None:
        """Leave nothing of them in the document, and fold."""
        for field in self._fields:
            field.input.value = ""
        self.element.open = False
