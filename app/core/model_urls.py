"""Addresses of model files that people paste, and checksums."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from app.core.filenames import EXTENSION, Shard
from app.core.problems import InvalidInput, Problem


def model_urls(typed: str) -> tuple[str, ...]:
    """The URL of a model, or those of all its shards.

    Raises:
        InvalidInput: it is no http(s) URL of a GGUF file.
    """
    url = typed.strip()
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.password is None
    except ValueError:
        raise InvalidInput(Problem.of("keep.url", typed=url)) from None
    if not is_web or parts.username:
        raise InvalidInput(Problem.of("keep.url", typed=url))
    name = file_name(url)
    if not name.lower().endswith(EXTENSION):
        raise InvalidInput(Problem.of("keep.url_no_gguf", typed=url))
    shard = Shard.parse(name)
    last = parts.path.rpartition("/")[2]
    if shard is None:
        return (url,)
    return tuple(url.replace(last, last.replace(name, other)) for other in shard.siblings())


def file_name(url: str) -> str:
    """The name of the file that a URL leads to."""
    return unquote(urlsplit(url).path.rpartition("/")[2])


def read_checksum(typed: str) -> str:
    """A SHA-256 in hex, as people copy it: with a prefix, in capitals, with spaces around; "" for none.

    Raises:
        InvalidInput: it is something else.
    """
    text = typed.strip().lower().removeprefix("sha256:").strip()
    if text and not (len(text) == 64 and all(digit in "0123456789abcdef" for digit in text)):
        raise InvalidInput(Problem.of("keep.checksum", typed=typed.strip()))
    return text
