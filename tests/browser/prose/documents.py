"""Random documents: Markdown as models write it, as they break it off, and with everything mixed up."""

from __future__ import annotations

import random

_INLINE = (
    "word",
    "two words",
    "**bold**",
    "*em*",
    "_em_",
    "~~del~~",
    "`code`",
    "`` a`b ``",
    "[link](https://a.example/x)",
    "[ref]",
    "[text][ref]",
    "![image](https://img.example/a.png)",
    "<https://b.example>",
    "www.c.example",
    "$a_i$",
    "$x$ and $y_1$",
    "$5 and $10",
    "\\(a*b\\)",
    "\\[x\\]",
    "$$e = m$$",
    "<b>raw</b>",
    "<br>",
    "&amp; &copy; <",
    "\\*",
    "*",
    "**",
    "_",
    "`",
    "``",
    "$",
    "$$",
    "[",
    "](",
    "![",
    "😀",
    "é",
    "\u202e",
    "  \nbreak",
    "\\\nbreak",
    "\n",
    "\nlazy",
    "|",
    "#",
    "~",
)

_BLOCKS = (
    "# Heading",
    "## Heading ##",
    "Setext\n===",
    "Setext\n---",
    "---",
    "***",
    "- one\n- two\n- three",
    "- one\n\n- two",
    "1. one\n2. two",
    "3) three\n4) four",
    "- [ ] to do\n- [x] done",
    "- a\n  - b\n    - c\n  - d",
    "* a\n\n  para in item\n* b",
    "- ```js\n  let x\n  ```\n- b",
    "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | $x$ |",
    "| a |\n|---|",
    "a | b\n-|-\n1 | 2",
    "```python\ndef f():\n    return '```'\n```",
    "```\nplain\n\n\nmore\n```",
    "~~~html\n<b>\n~~~",
    "````\n```\n````",
    "```js\nopen",
    "    indented\n    code",
    "> quote\nlazy\n> more",
    "> - list\n> - in quote\n\n> other",
    ">> nested\n> quote",
    "$$\na + b\n- c\n$$",
    "\\[\nx = 1\n\\]",
    "$$\nnever closed",
    "text\n$$\nx\n$$\nmore",
    "<details>\n<summary>s</summary>\n\ninside\n\n</details>",
    "<div>\n*raw*\n</div>",
    "<!-- comment\n\nstill -->",
    "<script>alert(1)</script>",
    "[ref]: https://r.example 'title'",
    "[other]: <https://o.example>",
    "[^1]: note",
    "para\n# heading\npara",
    "para\n- list\npara",
    "para\n1. list\n2. list",
    "para\n```\ncode\n```\npara",
    "para\n| a | b |\n|---|---|\n| 1 | 2 |\npara",
    "\t- tab list\n\t- b",
    "-\n  empty item",
    "- a\n\n\n- b",
)

_GAPS = ("\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\r\n\r\n", "\n \n", "")


def _line(rng: random.Random) -> str:
    return " ".join(rng.choice(_INLINE) for _ in range(rng.randint(1, 8)))


def _block(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.45:
        return _line(rng)
    block = rng.choice(_BLOCKS)
    if kind < 0.6:  # with words of all kinds in the place of its own
        block = "".join(_line(rng) if part == "a" else part for part in block.partition("a"))
    if kind < 0.7:
        margin = rng.choice(("  ", "> ", "    ", "- "))
        block = "\n".join(margin + line for line in block.split("\n"))
    return block


def document(seed: int) -> str:
    """The document of that number; some are broken off anywhere, some have letters exchanged."""
    rng = random.Random(seed)
    text = "".join(_block(rng) + rng.choice(_GAPS) for _ in range(rng.randint(1, 10)))
    if rng.random() < 0.2:
        text = text[: rng.randint(0, len(text))]
    if rng.random() < 0.2:
        letters = list(text)
        for _ in range(rng.randint(1, 6)):
            if letters:
                letters[rng.randrange(len(letters))] = rng.choice("\n`*_#>-|$[]() \t\\<~1.")
        text = "".join(letters)
    return text
