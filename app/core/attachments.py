"""Attachments: files that go along with a message, as text that any model reads or as images for models that see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from app.core.problems import InvalidFile, Problem
from app.core.tokens import IMAGE_TOKENS, estimate

TEXT_LIMIT = 4 * 2**20
"""Bytes of a text file that can be attached: about a million tokens, more than models read."""

FILE_LIMIT = 64 * 2**20
"""Bytes of a PDF or an image: enough for a book of scans, not for a video by another name."""

IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp"})
PDF_TYPE = "application/pdf"

_LANGUAGES = {
    "cjs": "javascript",
    "htm": "html",
    "js": "javascript",
    "jsx": "javascript",
    "markdown": "markdown",
    "md": "markdown",
    "mjs": "javascript",
    "py": "python",
    "pyi": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "ts": "typescript",
    "tsx": "typescript",
    "txt": "",
    "yml": "yaml",
}
"""Names that models know a language by, where the extension is not the name already."""


class Kind(StrEnum):
    """What of a file a model gets."""

    TEXT = "text"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file. `text` is its text, `data_url` its picture; `size` is the file's, in bytes."""

    id: str
    name: str
    kind: Kind
    size: int
    text: str = ""
    data_url: str = ""

    @property
    def tokens(self) -> int:
        """About how many tokens it takes."""
        return IMAGE_TOKENS if self.kind is Kind.IMAGE else estimate(self.text)

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind.value,
            "size": self.size,
            "text": self.text,
            "data_url": self.data_url,
        }

    @classmethod
    def from_record(cls, record: Any) -> Attachment | None:
        """Read the stored form; None when it is none. Only data URLs of images are taken, from whatever source."""
        if not isinstance(record, dict) or record.get("kind") not in {kind.value for kind in Kind}:
            return None
        texts = {key: record.get(key) for key in ("id", "name", "text", "data_url")}
        size = record.get("size")
        if not all(isinstance(value, str) for value in texts.values()) or not isinstance(size, int):
            return None
        if texts["data_url"] and not is_image_url(str(texts["data_url"])):
            return None
        fields = {key: str(value) for key, value in texts.items()}
        return cls(kind=Kind(record["kind"]), size=size, **fields)


def is_image_url(url: str) -> bool:
    """Whether `url` is a data URL of an image type that can be attached."""
    return re.fullmatch(r"data:(image/[a-z]+);base64,[A-Za-z0-9+/=]*", url) is not None and (
        url.partition(";")[0].removeprefix("data:") in IMAGE_TYPES
    )


def decode(name: str, data: bytes) -> str:
    """The text of a text or code file.

    Raises:
        InvalidFile: it is no text: it holds zero bytes, or is in no encoding that can be told.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InvalidFile(Problem.of("attachment.not_text", name=name))
    return text.replace("\r\n", "\n")


def with_texts(text: str, attachments: Iterable[Attachment]) -> str:
    """What a model reads for a message with text attachments: each file named and fenced, then the message."""
    parts = [_fenced(one) for one in attachments if one.kind is Kind.TEXT]
    return "\n\n".join([*parts, text] if text else parts)


def _fenced(attachment: Attachment) -> str:
    runs = re.findall(r"`{3,}", attachment.text)
    fence = "`" * max(3, 1 + max(map(len, runs), default=0))
    extension = PurePosixPath(attachment.name).suffix.removeprefix(".").casefold()
    language = _LANGUAGES.get(extension, extension)
    return f"{attachment.name}:\n{fence}{language}\n{attachment.text.rstrip()}\n{fence}"
