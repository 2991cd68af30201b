"""Reads a large JSON file piece by piece: the elements of its arrays, one at a time, never all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"[-+.0-9eE]*")
_decoder = json.JSONDecoder()

CERTAIN = 16
"""Letters between an error and the end of what was read that make it an error, and not only a value cut in two."""


class Malformed(ValueError):
    """The text is not JSON, or ends too early."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an array in the outermost object, or of the outermost array (`key` is ""), or a plain member."""

    key: str
    value: Any
    is_in_array: bool


class _State(Enum):
    START = 0
    KEY = 1
    MEMBER = 2
    ITEM = 3
    AFTER_ITEM = 4
    AFTER_MEMBER = 5
    END = 6


class _Incomplete(Exception):
    """More text is needed."""


class Scanner:
    """Takes text and gives elements. It keeps no more than the element that is not whole yet."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._text = ""
        self._at = 0
        self._state = _State.START
        self._key = ""
        self._is_object = False
        self._is_last = False

    def feed(self, text: str) -> Iterator[Element]:
        """Take more text; the elements that are whole now.

        Raises:
            Malformed: this is no JSON.
        """
        self._text = self._text[self._at :] + text
        self._at = 0
        while self._state is not _State.END:
            before = self._at
            try:
                element = self._step()
            except _Incomplete:
                self._at = before
                return
            if element is not None:
                yield element

    def close(self) -> Iterator[Element]:
        """There is no more text; the elements that were waiting for that.

        Raises:
            Malformed: the JSON ends too early, or something follows it.
        """
        self._is_last = True
        while self._state is not _State.END:
            try:
                element = self._step()
            except _Incomplete:
                raise Malformed("ends too early") from None
            if element is not None:
                yield element
        self._skip_space()
        if self._at < len(self._text):
            raise Malformed("something follows the end")

    def _step(self) -> Element | None:
        """One token further; an element when one is whole."""
        match self._state:
            case _State.START:
                self._is_object = self._take("{[") == "{"
                self._state = _State.KEY if self._is_object else _State.ITEM
            case _State.KEY:
                self._begin_member()
            case _State.MEMBER:
                return self._member()
            case _State.ITEM:
                return self._item()
            case _State.AFTER_ITEM:
                if self._take(",]") == ",":
                    self._state = _State.ITEM
                else:
                    self._end_array()
            case _:
                self._state = _State.KEY if self._take(",}") == "," else _State.END
        return None

    def _begin_member(self) -> None:
        if self._peek() == "}":
            self._take("}")
            self._state = _State.END
            return
        key = self._value()
        if not isinstance(key, str):
            raise Malformed("a key that is no text")
        self._take(":")
        self._key = key
        self._state = _State.MEMBER

    def _member(self) -> Element | None:
        if self._peek() == "[":
            self._take("[")
            self._state = _State.ITEM
            return None
        value = self._value()
        self._state = _State.AFTER_MEMBER
        return Element(self._key, value, is_in_array=False)

    def _item(self) -> Element | None:
        if self._peek() == "]":
            self._take("]")
            self._end_array()
            return None
        value = self._value()
        self._state = _State.AFTER_ITEM
        return Element(self._key, value, is_in_array=True)

    def _end_array(self) -> None:
        self._state = _State.AFTER_MEMBER if self._is_object else _State.END

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _peek(self) -> str:
        self._skip_space()
        if self._at == len(self._text):
            raise _Incomplete
        return self._text[self._at]

    def _take(self, allowed: str) -> str:
        letter = self._peek()
        if letter not in allowed:
            raise Malformed(f"{letter!r} in place of one of {allowed!r}")
        self._at += 1
        return letter

    def _value(self) -> Any:
        self._peek()
        try:
            value, end = _decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            is_cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - CERTAIN
            if is_cut and not self._is_last:
                raise _Incomplete from None
            raise Malformed(error.msg) from None
        except RecursionError:
            raise Malformed("too deep") from None
        if isinstance(value, int | float) and not self._is_last and _NUMBER.fullmatch(self._text, end):
            raise _Incomplete  # it may go on
        self._at = end
        return value
