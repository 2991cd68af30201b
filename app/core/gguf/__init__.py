"""GGUF, the file format of llama.cpp: checking a file before it is sent, and reading its header.

Only the first bytes of a file ever come here. `check_prefix` looks at 24 of them. For the inspector,
`reader.read_header` takes `FIRST_READ` bytes and raises `NeedMore` with the number that it wants when the
header is longer, and `summary.summarize` draws from a header what people want to know. Those two rooms are
imported by name where they are used, so that starting the page does not pay for them.
"""

from app.core.gguf.prefix import PREFIX_SIZE, check_prefix

__all__ = ["PREFIX_SIZE", "check_prefix"]
