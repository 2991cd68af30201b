"""The English catalogue, by region. A problem has the keys `<key>.what`, `<key>.cause` and `<key>.fix`."""

from app.core.text.en.api import TEXTS as API
from app.core.text.en.appearance import TEXTS as APPEARANCE
from app.core.text.en.attachments import TEXTS as ATTACHMENTS
from app.core.text.en.chat import TEXTS as CHAT
from app.core.text.en.commands import TEXTS as COMMANDS
from app.core.text.en.connections import TEXTS as CONNECTIONS
from app.core.text.en.custom import TEXTS as CUSTOM
from app.core.text.en.files import TEXTS as FILES
from app.core.text.en.health import TEXTS as HEALTH
from app.core.text.en.inspector import TEXTS as INSPECTOR
from app.core.text.en.keeping import TEXTS as KEEPING
from app.core.text.en.library import TEXTS as LIBRARY
from app.core.text.en.models import TEXTS as MODELS
from app.core.text.en.openai import TEXTS as OPENAI
from app.core.text.en.presets import TEXTS as PRESETS
from app.core.text.en.prose import TEXTS as PROSE
from app.core.text.en.providers import TEXTS as PROVIDERS
from app.core.text.en.remote import TEXTS as REMOTE
from app.core.text.en.settings import TEXTS as SETTINGS
from app.core.text.en.shell import TEXTS as SHELL
from app.core.text.en.shelves import TEXTS as SHELVES
from app.core.text.en.streams import TEXTS as STREAMS
from app.core.text.en.tab import TEXTS as TAB

TEXTS: dict[str, str] = {
    **SHELL,
    **APPEARANCE,
    **COMMANDS,
    **CHAT,
    **ATTACHMENTS,
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
    **CONNECTIONS,
    **CUSTOM,
    **REMOTE,
    **STREAMS,
    **PROSE,
    **SETTINGS,
    **TAB,
}
