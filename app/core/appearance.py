"""How the page looks and speaks: theme, text size, motion and language, as the user set them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

E = TypeVar("E", bound=StrEnum)


class Theme(StrEnum):
    """Light or dark; by default what the system says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class TextSize(StrEnum):
    """How large everything is written, beside the browser's own zoom. static/css/tokens.css has the factors."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    LARGER = "larger"


class Motion(StrEnum):
    """Whether things move; a system that asks for less motion is heard in any case."""

    SYSTEM = "system"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the user chose. An empty `language` follows the browser.

    The values of the first three are also those of the attributes data-theme, data-text-size and data-motion of the
    root element, which the stylesheets read; static/js/appearance.js sets them before the first paint.
    """

    theme: Theme = Theme.SYSTEM
    text_size: TextSize = TextSize.NORMAL
    motion: Motion = Motion.SYSTEM
    language: str = ""

    def to_record(self) -> dict[str, Any]:
        """The stored form: JSON values only."""
        return {
            "theme": self.theme.value,
            "text_size": self.text_size.value,
            "motion": self.motion.value,
            "language": self.language,
        }

    @classmethod
    def from_record(cls, record: object) -> Self:
        """Read the stored form; whatever is missing or unreadable in it gets its default."""
        if not isinstance(record, dict):
            return cls()
        language = record.get("language")
        return cls(
            theme=_member(Theme, record.get("theme"), Theme.SYSTEM),
            text_size=_member(TextSize, record.get("text_size"), TextSize.NORMAL),
            motion=_member(Motion, record.get("motion"), Motion.SYSTEM),
            language=language if isinstance(language, str) else "",
        )


def choose_language(chosen: str, preferred: Iterable[str], known: Iterable[str]) -> str:
    """The language to speak: the one that was `chosen`, else the first `preferred` one that is `known`, else English.

    `preferred` holds language tags as browsers send them ("de-AT"), of which the first part counts.
    static/js/appearance.js decides in the same way, before Python is there.
    """
    codes = set(known)
    wanted = (chosen, *(tag.partition("-")[0].lower() for tag in preferred))
    return next((code for code in wanted if code in codes), "en")


def _member(kind: type[E], value: object, default: E) -> E:
    return next((member for member in kind if member.value == value), default)
