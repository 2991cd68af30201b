"""What the user does in the chat, from wherever on the page: asking, going from conversation to conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.connections import ModelRef
from app.core.messages import PromptMessage, Role
from app.core.notices import Undo
from app.core.parameters import read_all
from app.core.problems import InvalidInput, Problem
from app.core.rooms import Measure, room_for
from app.core.state import State
from app.core.text import t
from app.core.tokens import estimate_message
from app.core.trimming import ANY, fit
from app.providers.base import Capability, Provider
from app.services.archive import HeadingChange
from app.services.chat import Asked
from app.services.house import House
from app.views.composer import Composer
from app.views.navigation import Navigation
from app.views.parameters_panel import ParametersPanel


class Conversing:
    """Ties the chat's services to the views that a message passes through."""

    def __init__(self, house: House) -> None:
        """Act on the services of `house`; `furnish` has to follow before the user can do anything."""
        self._house = house
        self._store = house.store
        self._start = house.tasks.start

    def furnish(self, navigation: Navigation, composer: Composer, parameters: ParametersPanel) -> None:
        """Use these views, which themselves call this."""
        self._navigation = navigation
        self._composer = composer
        self._parameters = parameters

    def choose(self, model: ModelRef) -> None:
        """Choose the model that answers from now on."""
        self._house.settings.update(lambda settings: settings.with_model(model))

    def provider(self, state: State) -> Provider:
        """The provider of the chosen model; that of the local API while there is none."""
        return self._provider(state.settings.model)

    def _provider(self, model: ModelRef | None) -> Provider:
        try:
            return self._house.local if model is None else self._house.gateway.find(model)[1]
        except InvalidInput:
            return self._house.local

    def measure(self, state: State, typed: str) -> tuple[Measure, ...]:
        """What each of the models that will answer would read, if `typed` were sent now; the chosen one first."""
        conversation, message = state.conversation, PromptMessage(Role.USER, typed)
        said = conversation.prompt(conversation.head) if conversation.head else ()
        models = [state.settings.model, *state.settings.rivals]
        return tuple(self._measured(state, model, said, message) for model in models)

    def _measured(
        self, state: State, model: ModelRef | None, said: Sequence[PromptMessage], typed: PromptMessage
    ) -> Measure:
        provider = self._provider(model)
        try:
            parameters = read_all(provider.parameters, state.conversation.typed.get(provider.id, {}))
        except InvalidInput:
            parameters = {}
        known = self._house.chat.counter.count
        room = ANY if model is None else room_for(state, model, parameters, known)
        before = said if provider.reads_history else ()
        read = (*before, typed) if typed.text or state.draft.attachments else before
        # What is being typed is another text with every letter: not worth remembering.
        trimmed = fit(
            read,
            room,
            lambda one: estimate_message(one) if one is typed else known(one),
            state.draft.tokens,
        )
        return Measure("" if model is None else model.model, trimmed, room)

    def send(self, text: str, model: ModelRef) -> None:
        """Say `text`, with what is attached, to the model and to those that answer beside it.

        Raises:
            InvalidInput: a parameter cannot be read, or a model takes no images or is gone; nothing was sent.
        """
        asked, draft = self._all_asked(model), self._store.state.draft
        providers = [self._house.gateway.find(one.model)[1] for one in asked]
        blind = next((one for one in providers if Capability.SEE not in one.capabilities), None)
        if draft.has_images and blind is not None:
            raise InvalidInput(Problem.of("attachment.no_images", provider=blind.label))
        self._house.chat.ask(text, asked, draft.attachments)
        self._house.attaching.clear()
        conversation_id = self._store.state.conversation.id
        self._navigation.name_conversation(conversation_id)
        self._remember(conversation_id)

    def regenerate(self, message_id: str) -> None:
        """Ask for an alternative to an answer: of the chosen model, or, side by side, of the same one."""
        self._try(
            lambda: self._house.chat.regenerate(message_id, self._asked(self._model_of(message_id))),
        )

    def resume(self, message_id: str) -> None:
        """Ask for the rest of an answer."""
        self._try(lambda: self._house.chat.resume(message_id, self._asked(self._model_of(message_id))))

    def edit(self, message_id: str, text: str) -> None:
        """Say something else in place of an earlier message."""
        chosen = self._house.settings.value.model
        self._try(lambda: self._house.chat.edit(message_id, text, self._all_asked(chosen)))

    def keep_system(self, text: str) -> None:
        """Give the conversation another system prompt."""
        self._house.chat.change(lambda heading: heading.with_system(text))

    def keep_parameter(self, provider: str, name: str, text: str) -> None:
        """Keep a parameter with the conversation, and as what the next one begins with."""
        self._house.chat.change(lambda heading: heading.with_parameter(provider, name, text))
        self._house.settings.update(lambda settings: settings.with_parameter(provider, name, text))

    def begin(self) -> None:
        """Begin a new conversation."""
        self._navigation.go_to_conversation("")
        self.show("")
        self._composer.focus()

    def show_chat(self) -> None:
        """Go to the conversation that is open, with the cursor in the message field."""
        self._navigation.go_to_conversation(self._open_id())
        self._composer.focus()

    def show(self, conversation_id: str) -> None:
        """Show the conversation that the address names; a new one when it names none."""
        self._remember(conversation_id)
        conversation = self._store.state.conversation
        if conversation_id == conversation.id:
            return
        if conversation_id:
            self._start(self._open(conversation_id))
        elif conversation.messages:
            settings = self._house.settings.value
            self._house.chat.begin(settings.model, settings.typed)

    async def change(self, conversation_id: str, change: HeadingChange) -> None:
        """Change what belongs to a conversation as a whole.

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be written.
        """
        await self._house.library.change(conversation_id, change)

    async def duplicate(self, conversation_id: str) -> None:
        """Open a copy of a conversation.

        Raises:
            InvalidInput, StorageError: as `change`.
        """
        copy = await self._house.library.duplicate(conversation_id)
        self._navigation.go_to_conversation(copy.id)

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation, with a way back.

        Raises:
            StorageError: the database cannot be written; nothing was deleted.
        """
        deleted = await self._house.library.delete(conversation_id)
        if deleted is not None:
            text = t("library.deleted", title=deleted.title or t("library.untitled"))
            undo = Undo(t("library.undo"), lambda: self._start(self._house.library.undo(deleted)))
            self._house.notifier.tell(text, undo)

    def _open_id(self) -> str:
        conversation = self._store.state.conversation
        return conversation.id if conversation.messages else ""

    def set_rivals(self, rivals: tuple[ModelRef, ...]) -> None:
        """Choose the models that answer beside the chosen one."""
        self._house.settings.update(lambda settings: settings.with_rivals(rivals))

    def _model_of(self, answer_id: str) -> ModelRef | None:
        conversation = self._store.state.conversation
        beside = conversation.messages[answer_id].model if answer_id in conversation.sides else None
        return beside or self._house.settings.value.model

    def _all_asked(self, model: ModelRef | None) -> list[Asked]:
        return [self._asked(one) for one in (model, *self._house.settings.value.rivals)]

    def _asked(self, model: ModelRef | None) -> Asked:
        """The model that is to answer, with the parameters of the conversation."""
        if model is None:
            raise InvalidInput(Problem.of("chat.no_choice"))
        provider = self._house.gateway.find(model)[1]
        typed = self._store.state.conversation.typed.get(provider.id, {})
        try:
            parameters = read_all(provider.parameters, typed)
        except InvalidInput:
            self._parameters.show_invalid()
            raise
        count = self._house.chat.counter.count
        room = room_for(self._store.state, model, parameters, count) if provider.reads_history else ANY
        return Asked(model, parameters, room)

    def _try(self, ask: Callable[[], None]) -> None:
        try:
            ask()
        except InvalidInput as error:
            self._house.warn(error.problem)

    def _remember(self, conversation_id: str) -> None:
        self._house.settings.update(lambda settings: settings.with_conversation(conversation_id))

    async def _open(self, conversation_id: str) -> None:
        try:
            await self._house.chat.open(conversation_id)
        except InvalidInput:
            self._remember("")
            raise
        model = self._store.state.conversation.model
        if model is not None:
            self.choose(model)
