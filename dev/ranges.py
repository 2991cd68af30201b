"""Range requests (RFC 9110, section 14): one range of bytes, as browsers and download tools ask for."""

from __future__ import annotations

import re


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte that a Range header asks for, or None when the whole file is to be sent.

    Raises:
        ValueError: The range lies outside the file (status 416).
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not match or match[0] == "bytes=-":
        return None
    if match[1]:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
    else:
        first, last = max(size - int(match[2]), 0), size - 1
    if first > last:
        raise ValueError(header)
    return first, last
