"""Owns the text that scripted streams play: mixed Markdown of any length, the same each time.

It has everything that makes rendering hard: headings, nested lists, tables, long Python fences, quotes, math, links,
emphasis, and words beyond ASCII. Its pieces are about as long as the tokens of a real model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Final

_VOCABULARY: Final = (
    "the a model answers question about local files memory speed context window tokens server browser page runs "
    "quickly slowly because therefore however several large small quantised weights attention layer cache prompt "
    "answer reads writes stores keeps loses finds while until naïve façade Größe über 模型 回答 données"
)
_WORDS: Final = _VOCABULARY.split()
_PIECE: Final = re.compile(r"\s?\w{1,5}|\s?[^\w\s]|\s")

Section = Callable[[random.Random], str]


def tokens(count: int, seed: int = 1) -> Iterator[str]:
    """Exactly `count` pieces of text."""
    left = count
    chance = random.Random(seed)
    while True:
        for section in _SECTIONS:
            for piece in _PIECE.findall(section(chance) + "\n\n"):
                if left == 0:
                    return
                left -= 1
                yield piece


def _sentence(chance: random.Random) -> str:
    words = chance.choices(_WORDS, k=chance.randint(8, 18))
    words[3] = f"**{words[3]}**"
    words[5] = f"`{words[5]}()`"
    return " ".join(words).capitalize() + "."


def _heading(chance: random.Random) -> str:
    return "#" * chance.randint(2, 4) + " " + " ".join(chance.choices(_WORDS, k=4)).title()


def _paragraph(chance: random.Random) -> str:
    link = f"[{chance.choice(_WORDS)}](https://example.com/{chance.randint(1, 999)})"
    return " ".join([*(_sentence(chance) for _ in range(4)), f"See {link}."])


def _list(chance: random.Random) -> str:
    lines = []
    for number in range(1, 5):
        lines.append(f"{number}. {_sentence(chance)}")
        lines += [f"   - {_sentence(chance)}" for _ in range(2)]
        lines.append(f"     - [ ] {_sentence(chance)}")
    return "\n".join(lines)


def _table(chance: random.Random) -> str:
    rows = [
        f"| {chance.choice(_WORDS)} | {chance.random():.3f} | **{chance.choice(_WORDS)}** |" for _ in range(8)
    ]
    return "\n".join(["| name | share | note |", "|---|---:|:--|", *rows])


def _code(chance: random.Random) -> str:
    names = [f"{chance.choice(_WORDS[:20])}_{number}" for number in range(6)]
    functions = [
        f'def {name}(items: list[int], limit: int = {chance.randint(2, 99)}) -> int:\n    """{_sentence(chance)}"""\n'
        "    total = 0\n    for index, item in enumerate(items):\n"
        f"        if item > limit:  # {chance.choice(_WORDS)}\n"
        f"            total += item * index\n    return total\n"
        for name in names
    ]
    return "```python\n" + "\n\n".join(functions) + "```"


def _quote(chance: random.Random) -> str:
    return "\n".join(f"> {_sentence(chance)}" for _ in range(3))


def _math(chance: random.Random) -> str:
    power = chance.randint(2, 9)
    return (
        f"For $x^{{{power}}} + y_{{{power}}}$ it holds that\n\n"
        f"$$\\sum_{{i=0}}^{{{power}}} \\frac{{x_i^2}}{{{power}}} \\le \\sqrt{{{power}}}$$"
    )


_SECTIONS: Final[tuple[Section, ...]] = (
    _heading,
    _paragraph,
    _list,
    _code,
    _paragraph,
    _table,
    _quote,
    _math,
    _paragraph,
)
