"""How much a model reads: what the user set, wrote down or was told by the API, in this order."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.conversations import Conversation
from app.core.parameters import Parameters
from app.core.spending import facts_of
from app.core.state import State
from app.core.tab_models import TAB_ID
from app.core.tokens import estimate_message
from app.core.trimming import Count, Room, Trimmed, leave_out, scale_of

CONTEXT_NAMES = ("num_ctx", "n_ctx")
"""The names under which APIs take the size of the context."""

ANSWER_NAMES = ("max_tokens", "num_predict", "maxOutputTokens")
"""The names under which they take the longest answer."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a model would read of a conversation now, and what there is room for."""

    model: str
    trimmed: Trimmed
    room: Room


def room_for(state: State, ref: ModelRef, parameters: Parameters, count: Count = estimate_message) -> Room:
    """What a model has room for in the conversation that is open, asked with these parameters."""
    context = _set(parameters, CONTEXT_NAMES) or _known(state, ref)
    return Room(context, _set(parameters, ANSWER_NAMES), _scale(state.conversation, ref, count))


def _set(parameters: Parameters, names: tuple[str, ...]) -> int | None:
    values = (parameters.get(name) for name in names)
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _known(state: State, ref: ModelRef) -> int | None:
    if ref.connection == TAB_ID:
        engine = state.tab_models.engine
        loaded = engine.loaded.context if engine.loaded and engine.model == ref.model else None
        return loaded or state.settings.engine.context or None
    item = state.connections.get(ref.connection)
    facts = None if item is None else facts_of(item.saved.facts, ref.model)
    if facts is not None and facts.context:
        return facts.context
    local = state.local_api.models if ref.connection == LOCAL_API_ID else None
    models = (local or ()) if item is None else item.models
    return next((model.context for model in models if model.id == ref.model), None)


def _scale(conversation: Conversation, ref: ModelRef, count: Count) -> float:
    """As the last answer of this model tells, which says how long its prompt really was."""
    for answer in reversed(conversation.branch):
        if answer.model == ref and answer.usage is not None and answer.usage.prompt_tokens:
            prompt = conversation.prompt(answer.parent or "")
            return scale_of(leave_out(prompt, answer.left_out), answer.usage.prompt_tokens, count)
    return 1.0
