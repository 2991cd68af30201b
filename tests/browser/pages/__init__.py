"""Page objects: the page in the words of the people who use it, found by roles and accessible names."""

from tests.browser.pages.chat import ChatPlace
from tests.browser.pages.connections import ConnectionsPlace
from tests.browser.pages.conversations import ConversationList, DataPanel
from tests.browser.pages.models import ModelsPlace, UploadRow
from tests.browser.pages.page import START_MS, BerthPage
from tests.browser.pages.prompts import Presets, PromptLibrary, SlashMenu
from tests.browser.pages.settings import SettingsPlace

__all__ = [
    "START_MS",
    "BerthPage",
    "ChatPlace",
    "ConnectionsPlace",
    "ConversationList",
    "DataPanel",
    "ModelsPlace",
    "Presets",
    "PromptLibrary",
    "SettingsPlace",
    "SlashMenu",
    "UploadRow",
]
