"""Reading any file of conversations that Berth knows, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.core.conversation_records import InvalidRecord
from app.core.conversations import Conversation
from app.core.exchange import berth, chatgpt, open_webui
from app.core.exchange.scanner import Element, Malformed, Scanner
from app.core.presets import Preset
from app.core.problems import InvalidFile, Problem
from app.core.prompts import Prompt, tidy_name

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""Ids that are taken over. Others might clash with the forms that keys have in the database."""


class Importer:
    """Takes the text of a file and gives its conversations; None stands for one that cannot be read.

    `prompts`, `presets` and `sealed` are what else was in it.

    Whether the whole file is valid is known when `close` has been exhausted, and not before.
    """

    def __init__(self, name: str) -> None:
        """`name` is the file's, for messages."""
        self._name = name
        self._scanner = Scanner()
        self._digest = berth.Digest()
        self._members: dict[str, Any] = {}
        self._count = 0
        self.prompts: list[Prompt] = []
        self.presets: list[Preset] = []

    @property
    def sealed(self) -> Any | None:
        """The sealed connections as they stand in the file; None when there are none."""
        return self._members.get(berth.CONNECTIONS)

    def feed(self, text: str) -> Iterator[Conversation | None]:
        """Take more text; the conversations that are whole now.

        Raises:
            InvalidFile: it is no JSON, or of a newer version.
        """
        try:
            for element in self._scanner.feed(text):
                yield from self._read(element)
        except Malformed as error:
            raise InvalidFile(Problem.of("exchange.not_json", name=self._name, details=str(error))) from None

    def close(self) -> Iterator[Conversation | None]:
        """There is no more text; the conversations that were waiting for that.

        Raises:
            InvalidFile: it ends too early, does not fit its checksum, or holds nothing that Berth knows.
        """
        try:
            for element in self._scanner.close():
                yield from self._read(element)
        except Malformed as error:
            raise InvalidFile(Problem.of("exchange.not_json", name=self._name, details=str(error))) from None
        if not self._count:
            yield from self._known(self._members)
        if not self._count and self._members.get("format") != berth.FORMAT:
            raise InvalidFile(Problem.of("exchange.unknown", name=self._name))
        expected = self._members.get("sha256")
        if self._members.get("format") == berth.FORMAT and expected not in (None, self._digest.text):
            raise InvalidFile(Problem.of("exchange.damaged", name=self._name))

    def _read(self, element: Element) -> Iterator[Conversation | None]:
        if not element.is_in_array:
            self._members[element.key] = element.value
            self._check_version()
        elif element.key != berth.UNREADABLE:
            if element.key in berth.CHECKED:
                self._digest.add(element.value)
            if not self._take_shelved(element):
                yield from self._known(element.value)

    def _take_shelved(self, element: Element) -> bool:
        """Keep a prompt or a preset; whether it was meant to be one."""
        if element.key == berth.PROMPTS:
            prompt = Prompt.from_record(element.value)
            name = "" if prompt is None else tidy_name(prompt.name)
            if prompt is not None and name:
                self.prompts.append(replace(prompt, name=name))
        elif element.key == berth.PRESETS:
            preset = Preset.from_record(element.value)
            if preset is not None:
                self.presets.append(preset)
        return element.key in {berth.PROMPTS, berth.PRESETS}

    def _check_version(self) -> None:
        version = self._members.get("version")
        if (
            self._members.get("format") == berth.FORMAT
            and isinstance(version, int)
            and version > berth.VERSION
        ):
            problem = Problem.of("exchange.newer", name=self._name, version=version, known=berth.VERSION)
            raise InvalidFile(problem)

    def _known(self, value: Any) -> Iterator[Conversation | None]:
        """The conversation that a value is, None when it is a broken one; nothing when it is something else."""
        kind = next((kind for kind in (chatgpt, open_webui, berth) if _is_element(kind, value)), None)
        if kind is None:
            return
        self._count += 1
        try:
            yield kind.from_element(value)
        except InvalidRecord:
            yield None


def settle(
    conversation: Conversation, taken: Callable[[str], bool], new_id: Callable[[], str]
) -> Conversation:
    """The conversation under ids that are fit and free: its own where they are, new ones otherwise.

    `taken` tells of the conversation's and of each message's id whether it is in use.
    """
    key = conversation.id
    own = conversation if _ID.fullmatch(key) and not taken(key) else replace(conversation, id=new_id())
    ids = {old: old if _ID.fullmatch(old) and not taken(old) else new_id() for old in own.messages}
    messages = {
        ids[old]: replace(one, id=ids[old], parent=None if one.parent is None else ids[one.parent])
        for old, one in own.messages.items()
    }
    return replace(own, head=None if own.head is None else ids[own.head], messages=messages)


def is_same(one: Conversation, other: Conversation) -> bool:
    """Whether two conversations differ in nothing that an export holds."""
    return berth.to_element(one) == berth.to_element(other)


def _is_element(kind: Any, value: Any) -> bool:
    return isinstance(value, Mapping) and bool(kind.is_element(value))
