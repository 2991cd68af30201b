"""The main navigation: the address's fragment says which place is shown, so that links and Back work."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.page import BrowserPage
from app.core.state import Place, State
from app.core.store import Store
from app.core.text import t


class Navigation:
    """Shows one place at a time."""

    def __init__(
        self, store: Store[State], page: BrowserPage, show_conversation: Callable[[str], None]
    ) -> None:
        """Follow the address from now on; `show_conversation` gets the id in it, or nothing for a new conversation."""
        self._store = store
        self._show_conversation = show_conversation
        self._page = page
        self._links = {link.dataset.place: link for link in dom.query_all("nav a[data-place]")}
        self._places = {place.dataset.place: place for place in dom.query_all("section[data-place]")}
        self._notices = dom.by_id("notices")
        self._title = dom.by_id("place-title")
        self._in_chat = [dom.by_id(id_) for id_ in ("model", "add-rival", "parameters-toggle")]
        page.on_fragment(self._follow)
        self._follow()
        store.subscribe(lambda state: state.place, self._show)
        store.subscribe(lambda state: len(state.local_api.models or ()), self._show_count)
        store.subscribe(_open_conversation, self._lead_back)

    def go(self, place: Place) -> None:
        """Go to a place, as its link does: in the chat to the conversation that is open."""
        self._page.set_fragment(dom.attribute(self._links[place.value], "href"))

    def go_to_conversation(self, conversation_id: str) -> None:
        """Go to the chat, and to this conversation in it; to a new one for an empty id."""
        self._page.set_fragment(_address(conversation_id))

    def name_conversation(self, conversation_id: str) -> None:
        """Let the address name the conversation that is shown already, so that a reload finds it."""
        self._page.replace_fragment(_address(conversation_id))

    def _follow(self) -> None:
        name, _, rest = self._page.fragment().removeprefix("#/").partition("/")
        place = Place(name) if name in {known.value for known in Place} else Place.CHAT
        self._store.dispatch(lambda state: state.at(place))
        if place is Place.CHAT:
            self._show_conversation(rest)

    def _show(self, place: Place) -> None:
        for name, link in self._links.items():
            dom.set_attributes(link, aria_current="page" if name == place else None)
        for name, section in self._places.items():
            dom.show(section, name == place)
        # Notices stay off what the place has at its edge.
        dom.set_attributes(self._notices, data_place=place.value)
        is_chat = place is Place.CHAT
        dom.set_text(self._title, t(f"place.{place}"))
        # Beside the model choice the title is for screen readers only; every place has one.
        dom.set_attributes(self._title, class_="unseen" if is_chat else None)
        for element in self._in_chat:
            dom.show(element, is_chat)

    def _lead_back(self, conversation_id: str) -> None:
        """Let the link "Chat" lead to the conversation that is open, and not to a new one."""
        dom.set_attributes(self._links[Place.CHAT.value], href=_address(conversation_id))

    def _show_count(self, count: int) -> None:
        dom.set_text(dom.by_id("models-count"), str(count) if count else "")


def _open_conversation(state: State) -> str:
    return state.conversation.id if state.conversation.messages else ""


def _address(conversation_id: str) -> str:
    return f"#/{Place.CHAT}/{conversation_id}".removesuffix("/")
