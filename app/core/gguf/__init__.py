"""GGUF, the file format of llama.cpp: checking a file before it is sent, and reading its header.

Only the first bytes of a file ever come here. `check_prefix` looks at 24 of them. `read_header` takes
`FIRST_READ` bytes and raises `NeedMore` with the number that it wants when the header is longer; `summarize`
draws from a header what people want to know.
"""

from app.core.gguf.cursor import FIRST_READ, NeedMore
from app.core.gguf.header import ArrayValue, Header, LongText, TensorInfo, Value
from app.core.gguf.layout import PREFIX_SIZE
from app.core.gguf.prefix import check_prefix
from app.core.gguf.reader import read_header
from app.core.gguf.summary import Quantisation, Split, Summary, summarize

__all__ = [
    "FIRST_READ",
    "PREFIX_SIZE",
    "ArrayValue",
    "Header",
    "LongText",
    "NeedMore",
    "Quantisation",
    "Split",
    "Summary",
    "TensorInfo",
    "Value",
    "check_prefix",
    "read_header",
    "summarize",
]
