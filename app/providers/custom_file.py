"""The file in which a custom provider is passed on: its dialect, with the name and address of the API, and no key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from app.core.connections import read_base_url
from app.core.problems import InvalidInput, Problem
from app.providers.custom_dialect import CustomDialect, unfit

FORMAT: Final = "berth_custom_provider"
"""The member that says what the file is; its value is the version of the form."""

VERSION: Final = 1

LENGTH: Final = 262_144
"""Characters that a file may have: four times the longest body."""

_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class CustomFile:
    """What a file holds. `name` and `base_url` may be empty: whoever imports it types them."""

    dialect: CustomDialect
    name: str = ""
    base_url: str = ""

    @property
    def file_name(self) -> str:
        """What the file is called: the name in letters that every disk takes."""
        kept = "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())
        return f"{'-'.join(filter(None, kept.split('-')))[:60] or 'custom'}.berth-provider.json"

    def to_json(self) -> str:
        """The text of the file."""
        about = {FORMAT: VERSION, "name": self.name, "base_url": self.base_url}
        return json.dumps({**about, **self.dialect.to_record()}, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> CustomFile:
        """Read the text of a file.

        Raises:
            InvalidInput: it is no such file, one of a later version, or a part of it is not what it has to be.
        """
        try:
            record = json.loads(text) if len(text) <= LENGTH else None
        except (ValueError, RecursionError):
            record = None
        version = record.pop(FORMAT, None) if isinstance(record, dict) else None
        if record is None or isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise unfit(FORMAT)
        if version > VERSION:
            raise InvalidInput(Problem.of("custom.version", version=version))
        name, address = record.pop("name", ""), record.pop("base_url", "")
        return cls(CustomDialect.from_record(record), _name(name), _address(address))


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _NAME_LENGTH:
        raise unfit("name")
    return " ".join(value.split())


def _address(value: Any) -> str:
    if not isinstance(value, str):
        raise unfit("base_url")
    return read_base_url(value) if value.strip() else ""
