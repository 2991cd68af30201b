"""Texts as models write them: mixed Markdown of any length, and single blocks of each kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

CHARACTERS_PER_TOKEN = 4

_WORDS = (
    *(
        "the",
        "model",
        "reads",
        "a",
        "file",
        "and",
        "gives",
        "its",
        "answer",
        "in",
        "small",
        "steps",
        "so",
        "that",
    ),
    *(
        "every",
        "part",
        "of",
        "this",
        "page",
        "can",
        "follow",
        "while",
        "memory",
        "stays",
        "low",
        "nothing",
        "is",
    ),
    *("lost", "when", "tab", "goes", "away", "because", "each", "value", "has", "one", "owner"),
)


def _sentence(rng: random.Random) -> str:
    words = [rng.choice(_WORDS) for _ in range(rng.randint(6, 16))]
    at = rng.randrange(len(words))
    words[at] = rng.choice(["**{}**", "*{}*", "`{}`", "[{}](https://example.org/page)", "{}", "{}"]).format(
        words[at]
    )
    return " ".join(words).capitalize() + ". "


def _paragraph(rng: random.Random) -> str:
    return "".join(_sentence(rng) for _ in range(rng.randint(2, 5))).strip()


def _heading(rng: random.Random) -> str:
    return "#" * rng.randint(2, 4) + " " + " ".join(rng.choice(_WORDS) for _ in range(4)).title()


def _list(rng: random.Random) -> str:
    mark = rng.choice(["-", "1."])
    lines = []
    for _ in range(rng.randint(3, 8)):
        lines.append(f"{mark} {_sentence(rng).strip()}")
        if rng.random() < 0.3:
            lines.append(f"{' ' * (len(mark) + 1)}- {_sentence(rng).strip()}")
    return "\n".join(lines)


def _table(rng: random.Random) -> str:
    rows = [
        f"| {rng.choice(_WORDS)} | {rng.randint(1, 999)} | `{rng.choice(_WORDS)}` |"
        for _ in range(rng.randint(3, 9))
    ]
    return "\n".join(["| Name | Count | Code |", "|:--|--:|---|", *rows])


def _code(rng: random.Random) -> str:
    lines = [
        line
        for number in range(rng.randint(2, 6))
        for line in (
            f"def {rng.choice(_WORDS)}_{number}(value: int) -> str:",
            f'    """{_sentence(rng).strip()}"""',
            f"    return str(value + {number})",
            "",
        )
    ]
    return "\n".join(["```python", *lines, "```"])


def _quote(rng: random.Random) -> str:
    return "> " + _paragraph(rng)


def _math(rng: random.Random) -> str:
    start = f"For $a_{rng.randint(1, 9)} + b_i$ we have\n\n"
    return start + f"$$\n\\sum_{{i=1}}^{{{rng.randint(2, 99)}}} x_i^2 = \\frac{{n}}{{2}}\n$$"


def mixed(tokens: int, seed: int = 1) -> str:
    """An answer with blocks of every kind, as long as `tokens` tokens."""
    rng = random.Random(seed)
    kinds = [_paragraph, _paragraph, _paragraph, _heading, _list, _list, _table, _code, _code, _quote, _math]
    return _long_enough(tokens, (rng.choice(kinds)(rng) + "\n\n" for _ in iter(int, 1)))


def _long_enough(tokens: int, pieces: Iterator[str]) -> str:
    text = ""
    while len(text) < tokens * CHARACTERS_PER_TOKEN:
        text += next(pieces)
    return text[: tokens * CHARACTERS_PER_TOKEN]


def _lines(head: str, line: Callable[[random.Random], str]) -> Callable[[int], str]:
    def make(tokens: int) -> str:
        rng = random.Random(1)
        return head + _long_enough(tokens, (line(rng) for _ in iter(int, 1)))

    return make


SINGLE_BLOCKS: dict[str, Callable[[int], str]] = {
    "list": _lines("", lambda rng: f"- {_sentence(rng).strip()}\n"),
    "table": _lines(
        "| A | B | C |\n|---|---|---|\n",
        lambda rng: f"| {rng.choice(_WORDS)} | {_sentence(rng).strip()} | 1 |\n",
    ),
    "code": _lines(
        "```python\n",
        lambda rng: f"value_{rng.randint(1, 99)} = '{rng.choice(_WORDS)}'  # {_sentence(rng).strip()}\n",
    ),
    "paragraph": _lines("", _sentence),
}
"""One block of any length, by its kind."""
