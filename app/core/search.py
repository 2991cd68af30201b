"""Search: which conversations may hold some words, told from a small signature, and where in a text they are.

The signature of a conversation is a Bloom filter with one bit per gram: three letters in a row, or two in scripts
that write whole words with two (Chinese, Japanese, Korean). A signature never misses, and it lets few through that do
not match: at most 30 % of its bits are set when it is made, so four grams of chance are one in more than a hundred.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SMALLEST, LARGEST = 1 << 9, 1 << 17
"""Bits of a signature. The largest (16 KB) holds what languages have in grams."""

_SIZES = tuple(1 << power for power in range(SMALLEST.bit_length() - 1, LARGEST.bit_length()))

ROOM = 3
"""Bits per gram when a signature is made; the next power of two above it leaves 15 to 28 % of the bits set."""

CROWDED = 0.45
"""The share of set bits at which a signature is made anew, larger."""

LONGEST_WORD = 10_000
"""Letters of one word that are looked at: what is longer without a space is data, not text."""

SNIPPET_BEFORE, SNIPPET_AFTER = 40, 120
"""Letters shown around what was found."""

_WIDE = "\u2e80"
"""From here on (CJK radicals and what follows) two letters are a gram."""


def fold(text: str) -> str:
    """Text in the form in which it is compared: no upper case, single spaces."""
    return " ".join(text.casefold().split())


def grams(folded: str) -> set[str]:
    """The grams of a folded text, none of them across a space."""
    found: set[str] = set()
    for one in set(folded.split(" ")):
        word = one[:LONGEST_WORD]
        found.update([word[at : at + 3] for at in range(len(word) - 2)])
        if word and max(word) >= _WIDE:
            pairs = [word[at : at + 2] for at in range(len(word) - 1)]
            found.update([pair for pair in pairs if min(pair) >= _WIDE])
    return found


@dataclass(frozen=True, slots=True)
class Signature:
    """Which grams a conversation holds. `size` is the number of bits, a power of two."""

    size: int = SMALLEST
    bits: int = 0

    @classmethod
    def of(cls, texts: Iterable[str]) -> Signature:
        """The signature of a whole conversation."""
        found: set[str] = set()
        for text in texts:
            found |= grams(fold(text))
        size = SMALLEST
        while size < ROOM * len(found) and size < LARGEST:
            size *= 2
        return cls(size, _bits(found, size))

    def adding(self, text: str) -> Signature:
        """The signature with another text in it."""
        return Signature(self.size, self.bits | _bits(grams(fold(text)), self.size))

    @property
    def is_crowded(self) -> bool:
        """Whether a larger one would be better."""
        return self.size < LARGEST and self.bits.bit_count() > CROWDED * self.size

    def to_text(self) -> str:
        """The stored form: base64."""
        return base64.b64encode(self.bits.to_bytes(self.size // 8, "little")).decode()

    @classmethod
    def from_text(cls, text: str) -> Signature:
        """Read the stored form. What is unreadable gives a signature that lets everything through."""
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            data = b""
        size = len(data) * 8
        if not SMALLEST <= size <= LARGEST or size & (size - 1):
            return cls(SMALLEST, (1 << SMALLEST) - 1)
        return cls(size, int.from_bytes(data, "little"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the search knows of a conversation without reading it.

    `title` is folded, and part of the signature; `newest` is in seconds since 1970.
    """

    id: str
    newest: float
    title: str
    signature: Signature

    @property
    def row(self) -> Row:
        """The form in which many entries are gone through."""
        return self.signature.size, self.signature.bits, self

    def to_record(self) -> dict[str, str | float]:
        """The stored form."""
        bits = self.signature.to_text()
        return {"id": self.id, "newest": self.newest, "title": self.title, "bits": bits}

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Entry:
        """Read the stored form; what is unreadable lets everything through."""
        newest = record.get("newest")
        return cls(
            str(record.get("id")),
            float(newest) if isinstance(newest, int | float) else 0.0,
            str(record.get("title", "")),
            Signature.from_text(str(record.get("bits", ""))),
        )


Row = tuple[int, int, Entry]
"""Size and bits of a signature, and the entry that they belong to."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text around what was found in it."""

    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Query:
    """What the user looks for: all of `terms`, in the title or the texts of a conversation."""

    terms: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Query:
        """Words apart, “words in quotes” together."""
        parts = re.findall(r'["“”„]([^"“”„]+)["“”„]?|(\S+)', text)
        terms = (fold(phrase or word.strip('"“”„')) for phrase, word in parts)
        return cls(tuple(dict.fromkeys(term for term in terms if term)))

    @property
    def searches_texts(self) -> bool:
        """Whether the texts are searched too: for one or two letters, which are everywhere, only titles are."""
        return any(grams(term) for term in self.terms)

    def may_match(self, entry: Entry) -> bool:
        """Whether a conversation is worth reading."""
        return bool(self.candidates([entry.row]))

    def candidates(self, rows: Iterable[Row]) -> list[Entry]:
        """Those that are worth reading, in their order; a microsecond or two for each."""
        if not self.searches_texts:
            return [entry for _, _, entry in rows if all(term in entry.title for term in self.terms)]
        found = set().union(*map(grams, self.terms))
        masks = {size: _bits(found, size) for size in _SIZES}
        return [entry for size, bits, entry in rows if bits & (mask := masks[size]) == mask]

    def matches(self, title: str, texts: Iterable[str]) -> bool:
        """Whether a conversation with this folded title and these folded texts is what the user looks for."""
        if not self.searches_texts:
            return all(term in title for term in self.terms)
        missing = {term for term in self.terms if term not in title}
        for text in texts:
            if not missing:
                break
            missing = {term for term in missing if term not in text}
        return not missing

    def snippet(self, text: str) -> Snippet | None:
        """The first place of any term in a text as it was written; None when there is none."""
        pattern = "|".join(r"\s+".join(map(re.escape, term.split(" "))) for term in self.terms)
        match = re.search(pattern, text, re.IGNORECASE) if pattern else None
        if match is None:
            return None
        start, end = match.span()
        first, last = max(0, start - SNIPPET_BEFORE), min(len(text), end + SNIPPET_AFTER)
        before, after = _in_line(text[first:start]), _in_line(text[end:last])
        return Snippet(
            f"…{before}" if first else before, match[0], f"{after}…" if last < len(text) else after
        )


def _bits(found: set[str], size: int) -> int:
    data = bytearray(size // 8)
    for gram in found:
        mixed = 0
        for letter in gram:
            mixed = (mixed * 0x01000193 + ord(letter)) & 0xFFFFFFFF
        mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
        place = (mixed ^ mixed >> 13) & (size - 1)
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def _in_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
