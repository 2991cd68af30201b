"""Reading single values of a header's metadata by the type that is wanted."""

from __future__ import annotations

from app.core.gguf.header import ArrayValue, Header


class Facts:
    """The metadata of a header. A value of another type than the one asked for counts as none."""

    def __init__(self, header: Header) -> None:
        """Look into `header`; `architecture` is empty when it names none."""
        self._metadata = header.metadata
        self.architecture = self.text("general.architecture")

    def text(self, key: str) -> str:
        """A text; empty when there is none."""
        value = self._metadata.get(key)
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool | None:
        """Yes or no; None when the header does not say."""
        value = self._metadata.get(key)
        return value if isinstance(value, bool) else None

    def number(self, key: str) -> int | None:
        """A whole number that is not negative; of an array, which has one for each layer, the largest."""
        return max(self.numbers(key), default=None)

    def numbers(self, key: str) -> tuple[int, ...]:
        """The whole numbers of an array, those that the header keeps; one for a single number."""
        value = self._metadata.get(key)
        elements = value.preview if isinstance(value, ArrayValue) else (value,)
        whole = (_whole(element) for element in elements)
        return tuple(number for number in whole if number is not None)

    def number_of_model(self, key: str) -> int | None:
        """A number that stands under the name of the architecture."""
        return self.number(f"{self.architecture}.{key}")

    def numbers_of_model(self, key: str) -> tuple[int, ...]:
        """Numbers that stand under the name of the architecture."""
        return self.numbers(f"{self.architecture}.{key}")

    def length(self, key: str) -> int | None:
        """The length of an array."""
        value = self._metadata.get(key)
        return value.count if isinstance(value, ArrayValue) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
