"""Prompts and presets: the library in the settings, the slash menu, and the presets on top of the parameters."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class SlashMenu:
    """What "/" in the message field opens."""

    def __init__(self, page: Page) -> None:
        self.box = page.get_by_role("listbox", name="Prompts")
        self.options = self.box.get_by_role("option")
        self.marked = self.box.get_by_role("option", selected=True)


class PromptLibrary:
    """The panel "Prompts" of the settings, and the dialogs about prompts."""

    def __init__(self, page: Page) -> None:
        self.region = page.get_by_role("region", name="Prompts")
        self.new = self.region.get_by_role("button", name="New prompt")
        self.search = self.region.get_by_role("searchbox", name="Search prompts")
        self.rows = self.region.get_by_role("listitem")
        self.dialog = page.get_by_role("dialog", name="prompt")
        self.name = self.dialog.get_by_role("textbox", name="Name")
        self.text = self.dialog.get_by_role("textbox", name="Text")
        self.save = self.dialog.get_by_role("button", name="Save")

    def write(self, name: str, text: str) -> None:
        """Fill in the dialog that is open, and save."""
        self.name.fill(name)
        self.text.fill(text)
        self.save.click()
        expect(self.dialog).to_be_hidden()

    def press(self, action: str, name: str) -> None:
        """Press "Edit" or "Delete" of a prompt."""
        self.region.get_by_role("button", name=f"{action} {name}").click()


class Presets:
    """The presets on top of the parameters."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.choice = page.get_by_role("combobox", name="Preset")
        self.chosen = self.choice.locator("option:checked")
        self.dialog = page.get_by_role("dialog", name="preset")

    def do(self, action: str) -> None:
        """Choose something from the menu."""
        self.page.get_by_role("button", name="Preset actions").click()
        self.menu_item(action).click()

    def menu_item(self, action: str) -> Locator:
        """An item of the menu, which is open."""
        return self.page.get_by_role("menuitem", name=action, exact=True)

    def name_it(self, name: str) -> None:
        """Answer the dialog that asks for a name."""
        self.dialog.get_by_role("textbox", name="Name").fill(name)
        self.page.keyboard.press("Enter")
        expect(self.dialog).to_be_hidden()
