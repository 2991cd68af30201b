"""What a file is that is not GGUF, judged by its first bytes or its extension, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.text import t

CONVERT = "python convert_hf_to_gguf.py path/to/model-folder --outfile model.gguf --outtype q8_0"
CONVERT_OLD = "python convert_llama_ggml_to_gguf.py --input old-model.bin --output model.gguf"
CONVERT_ADAPTER = "python convert_lora_to_gguf.py path/to/adapter-folder --outfile adapter.gguf"
JOIN = "cat model.gguf.part1of2 model.gguf.part2of2 > model.gguf"
FETCH_LFS = "git lfs install && git lfs pull"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A kind of file. `advice` is the key of a way out, `snippet` the command that goes with it."""

    kind: str
    advice: str
    snippet: str = ""

    @property
    def description(self) -> str:
        """What it is, as the end of a sentence: “a ZIP archive”."""
        return t(f"file.kind.{self.kind}")

    @property
    def way_out(self) -> str:
        """What to do about it, in whole sentences."""
        return t(f"file.advice.{self.advice}")


_ARCHIVE = Lookalike("archive", "unpack")
_SAFETENSORS = Lookalike("safetensors", "convert", CONVERT)
_PYTORCH = Lookalike("pytorch", "convert", CONVERT)
_OLD_GGML = Lookalike("old_ggml", "convert_old", CONVERT_OLD)
_UNFINISHED = Lookalike("unfinished", "finish")
_PART = Lookalike("part", "join", JOIN)
_TEXT = Lookalike("text", "download")
_UNKNOWN = Lookalike("unknown", "find")

_MAGICS = (
    (b"PK\x03\x04", Lookalike("zip", "unpack")),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"\xfd7zXZ\x00", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\x80\x02", _PYTORCH),
    (b"\x89HDF", Lookalike("keras", "convert", CONVERT)),
    # The old formats wrote their names as one little-endian number, so they stand backwards.
    (b"lmgg", _OLD_GGML),
    (b"fmgg", _OLD_GGML),
    (b"tjgg", _OLD_GGML),
    (b"algg", Lookalike("old_adapter", "convert", CONVERT_ADAPTER)),
    (b"version https://git-lfs", Lookalike("lfs", "pull", FETCH_LFS)),
)

_EXTENSIONS = {
    "safetensors": _SAFETENSORS,
    "bin": _PYTORCH,
    "pt": _PYTORCH,
    "pth": _PYTORCH,
    "ckpt": _PYTORCH,
    "h5": Lookalike("keras", "convert", CONVERT),
    "onnx": Lookalike("onnx", "find"),
    "ggml": _OLD_GGML,
    **dict.fromkeys(("zip", "gz", "tgz", "tar", "7z", "rar", "xz", "zst", "bz2"), _ARCHIVE),
    **dict.fromkeys(("part", "partial", "crdownload", "download", "aria2", "incomplete", "tmp"), _UNFINISHED),
}

_SPLIT = re.compile(r"\.gguf[.-](?:part.?\d*(?:of\d+)?|split.?\w{1,3}|\d{2,3}|a[a-z])$", re.IGNORECASE)
_PAGE = re.compile(rb"\s*<(?:!doctype|html|head|\?xml|!--)", re.IGNORECASE)
_PRINTABLE = re.compile(rb"[\t\n\r -~]+")


def by_content(head: bytes) -> Lookalike:
    """What the first bytes of a file look like; the kind `unknown` when like nothing in particular."""
    for magic, lookalike in _MAGICS:
        if head.startswith(magic):
            return lookalike
    if head[8:10] == b'{"':
        return _SAFETENSORS
    if _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return Lookalike("page", "download")
    if _PRINTABLE.fullmatch(head):
        return _TEXT
    if head and not any(head):
        return Lookalike("zeros", "again")
    return _UNKNOWN


def by_name(name: str, head: bytes) -> Lookalike:
    """What a file is whose name does not end in `.gguf`: by its extension, or else by its first bytes."""
    if _SPLIT.search(name):
        return _PART
    named = _EXTENSIONS.get(name.rpartition(".")[2].lower(), _UNKNOWN)
    seen = by_content(head)
    if named is _UNKNOWN or (named is _PYTORCH and seen.advice == "convert_old"):
        return seen
    return named
