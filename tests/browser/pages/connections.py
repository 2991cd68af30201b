"""The place "Connections": the list, the form, the keys and the ledger."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class ConnectionForm:
    """The dialog in which a connection is added or edited."""

    def __init__(self, page: Page) -> None:
        self.dialog = page.get_by_role("dialog", name="connection")
        self.service = self.dialog.get_by_role("combobox", name="Service")
        self.name = self.dialog.get_by_role("textbox", name="Name")
        self.base_url = self.dialog.get_by_role("textbox", name="Base URL")
        self.key = self.dialog.get_by_label("API key")
        self.test = self.dialog.get_by_role("button", name="Test")
        self.save = self.dialog.get_by_role("button", name="Save")
        self.cancel = self.dialog.get_by_role("button", name="Cancel")
        self.said = self.dialog.get_by_role("status")
        self.problem = self.dialog.get_by_role("alert")

    def fill(self, name: str = "", base_url: str = "", key: str = "", service: str = "") -> None:
        """Choose a service and type what is given."""
        if service:
            self.service.select_option(label=service)
        for field, text in ((self.name, name), (self.base_url, base_url), (self.key, key)):
            if text:
                field.fill(text)

    def write_down(self, model: str, **figures: str) -> None:
        """Write down a model by hand, with its `context`, `price_in` and `price_out`."""
        self.dialog.get_by_text("Models and prices").click()
        self.dialog.get_by_role("button", name="Add a model").click()
        row = self.dialog.get_by_role("row").last
        row.get_by_role("textbox", name="Model").fill(model)
        for label, figure in figures.items():
            row.get_by_role("textbox", name=label.replace("_", " ").capitalize()).fill(figure)

    def finish(self) -> None:
        """Press Save; returns when the dialog is closed."""
        self.save.click()
        expect(self.dialog).to_be_hidden()


class VaultPanel:
    """Where keys are kept."""

    def __init__(self, page: Page) -> None:
        self.region = page.get_by_role("region", name="Where keys are kept")
        self.state = self.region.get_by_role("status").first
        self.lock = self.region.get_by_role("button", name="Lock now")
        self.unlock = self.region.get_by_role("button", name="Unlock")
        self.forgot = self.region.get_by_role("button", name="I forgot the passphrase")
        self.problem = self.region.get_by_role("alert")
        self.dialog = page.get_by_role("dialog", name="Unlock your keys")

    def way(self, label: str) -> Locator:
        """One of the three ways to keep keys."""
        return self.region.get_by_role("radio", name=label, exact=True)

    def use_passphrase(self, passphrase: str, repeated: str | None = None) -> None:
        """Keep keys under a passphrase from now on."""
        self.way("This device, with a passphrase").check()
        self.region.get_by_role("textbox", name="New passphrase", exact=True).fill(passphrase)
        self.region.get_by_role("textbox", name="New passphrase again").fill(repeated or passphrase)
        self.region.get_by_role("button", name="Use this passphrase").click()

    def answer(self, passphrase: str) -> None:
        """Type a passphrase into the dialog that asks for it."""
        self.dialog.get_by_label("Passphrase").fill(passphrase)
        self.dialog.get_by_role("button", name="Unlock").click()


class ConnectionsPlace:
    """The place "Connections"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name="Connections", exact=True)
        self.add_button = self.region.get_by_role("button", name="Add connection")
        self.form = ConnectionForm(page)
        self.vault = VaultPanel(page)
        self.ledger = page.get_by_role("table", name="Requests that left this page")

    def add(self, name: str, base_url: str, key: str = "", service: str = "OpenAI-compatible") -> None:
        """Add a connection by hand."""
        self.add_button.click()
        self.form.fill(name, base_url, key, service)
        self.form.finish()

    def row(self, name: str) -> Locator:
        """A connection in the list."""
        return self.region.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

    def problem(self, name: str) -> Locator:
        """What is wrong with a connection."""
        return self.row(name).get_by_role("alert")

    def press(self, action: str, name: str) -> None:
        """Press a button of a connection: "Test", "Edit", "Delete", "Move … up"."""
        self.region.get_by_role("button", name=f"{action} {name}", exact=True).click()

    def open_ledger(self) -> None:
        """Unfold the table of requests."""
        self.page.get_by_text("Requests that left this page", exact=True).first.click()
