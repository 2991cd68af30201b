"""Appearance, language and keyboard: the settings of these, the command palette and the help sheet."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class AppearanceSettings:
    """The panels "Appearance and language" and "Keyboard" of the place "Settings"."""

    def __init__(self, page: Page) -> None:
        self.root = page.locator("html")
        self.form = page.get_by_role("form", name="Appearance and language")
        self.language = self.form.get_by_role("combobox", name="Language")
        self.keyboard = page.get_by_role("form", name="Keyboard")
        self.single_keys = self.keyboard.get_by_role("checkbox", name="Shortcuts of a single key")
        self.show_shortcuts = self.keyboard.get_by_role("button", name="Keyboard shortcuts")

    def option(self, group: str, name: str) -> Locator:
        """A radio button: of "Theme", "Text size" or "Motion"."""
        return self.form.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True)

    def choose(self, group: str, name: str) -> None:
        """Choose an option, as a click does; the page shows it in the next frame."""
        self.option(group, name).check()
        attribute = f"data-{group.lower().replace(' ', '-')}"
        expect(self.root).to_have_attribute(attribute, name.lower())


class CommandPalette:
    """The dialog that Ctrl+K opens."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog", name="Command palette")
        self.field = self.dialog.get_by_role("combobox", name="Find a command")
        self.options = self.dialog.get_by_role("option")
        self.marked = self.dialog.get_by_role("option", selected=True)

    def open(self) -> CommandPalette:
        """Press Ctrl+K."""
        self.page.keyboard.press("Control+k")
        expect(self.field).to_be_focused()
        return self

    def run(self, text: str) -> None:
        """Open the palette, type, and press Enter."""
        self.open()
        self.field.fill(text)
        self.page.keyboard.press("Enter")
        expect(self.dialog).to_be_hidden()


class HelpSheet:
    """The dialog that `?` opens."""

    def __init__(self, page: Page) -> None:
        self.dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
        self.close = self.dialog.get_by_role("button", name="Close")
