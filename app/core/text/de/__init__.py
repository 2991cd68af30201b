"""The German catalogue, by region, file by file as the English one.

It speaks without „du“ and „Sie“, as the menus of operating systems do: „Datei wählen“, „Server neu starten“.
"""

from app.core.text.de.api import TEXTS as API
from app.core.text.de.appearance import TEXTS as APPEARANCE
from app.core.text.de.attachments import TEXTS as ATTACHMENTS
from app.core.text.de.chat import TEXTS as CHAT
from app.core.text.de.commands import TEXTS as COMMANDS
from app.core.text.de.connections import TEXTS as CONNECTIONS
from app.core.text.de.custom import TEXTS as CUSTOM
from app.core.text.de.files import TEXTS as FILES
from app.core.text.de.health import TEXTS as HEALTH
from app.core.text.de.inspector import TEXTS as INSPECTOR
from app.core.text.de.keeping import TEXTS as KEEPING
from app.core.text.de.library import TEXTS as LIBRARY
from app.core.text.de.models import TEXTS as MODELS
from app.core.text.de.openai import TEXTS as OPENAI
from app.core.text.de.presets import TEXTS as PRESETS
from app.core.text.de.prose import TEXTS as PROSE
from app.core.text.de.providers import TEXTS as PROVIDERS
from app.core.text.de.remote import TEXTS as REMOTE
from app.core.text.de.settings import TEXTS as SETTINGS
from app.core.text.de.shell import TEXTS as SHELL
from app.core.text.de.shelves import TEXTS as SHELVES
from app.core.text.de.streams import TEXTS as STREAMS
from app.core.text.de.tab import TEXTS as TAB

TEXTS: dict[str, str] = {
    **SHELL,
    **APPEARANCE,
    **COMMANDS,
    **CHAT,
    **ATTACHMENTS,
    **CONNECTIONS,
    **CUSTOM,
    **HEALTH,
    **LIBRARY,
    **MODELS,
    **INSPECTOR,
    **KEEPING,
    **SHELVES,
    **FILES,
    **API,
    **OPENAI,
    **PROVIDERS,
    **PRESETS,
    **REMOTE,
    **STREAMS,
    **PROSE,
    **SETTINGS,
    **TAB,
}
