"""The prompt library: texts with names and variables, that the slash menu of the composer offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][\w -]{0,40}?)\s*\}\}")
"""`{{name}}`, the form that other consoles use too: braces alone are too common in code."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of the library. `name` is what follows the slash: no spaces in it. `rev` counts its changes."""

    id: str
    name: str
    text: str
    rev: int = 0

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in the order of their first appearance."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.text)))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its variables replaced; one without a value stays as it stands."""
        return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], self.text)

    @property
    def first_line(self) -> str:
        """The line by which it is recognised in a list."""
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "")

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {"id": self.id, "name": self.name, "text": self.text, "rev": self.rev}

    @classmethod
    def from_record(cls, record: Any) -> Prompt | None:
        """Read the stored form; None when it is none."""
        if not isinstance(record, dict):
            return None
        prompt_id, name, text, rev = (record.get(key) for key in ("id", "name", "text", "rev"))
        if not all(isinstance(value, str) and value for value in (prompt_id, name, text)):
            return None
        return cls(str(prompt_id), str(name), str(text), rev if isinstance(rev, int) else 0)


def tidy_name(text: str) -> str:
    """A name that can follow a slash: lower case, with hyphens for spaces."""
    return re.sub(r"[\s/]+", "-", text.strip()).strip("-").casefold()


def slash_query(text: str) -> str | None:
    """What is being typed after a slash at the start of a message; None when the message is no slash command."""
    found = re.fullmatch(r"/(\S*)", text)
    return None if found is None else found[1].casefold()


def matching(prompts: Iterable[Prompt], query: str) -> tuple[Prompt, ...]:
    """The prompts whose names contain `query`; those that begin with it come first, then by name."""
    found = [prompt for prompt in prompts if query in prompt.name.casefold()]
    return tuple(
        sorted(found, key=lambda prompt: (not prompt.name.casefold().startswith(query), prompt.name))
    )


def searched(prompts: Iterable[Prompt], query: str) -> tuple[Prompt, ...]:
    """The prompts with all the words of `query` in their names or texts, in their order."""
    words = query.casefold().split()
    return tuple(
        prompt
        for prompt in prompts
        if all(word in f"/{prompt.name} {prompt.text}".casefold() for word in words)
    )
