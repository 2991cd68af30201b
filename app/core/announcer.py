"""A streamed answer as a screen reader should say it: whole sentences, without the marks of Markdown.

Text goes in as it arrives; sentences come out as soon as they are complete, each once. The work for each piece depends
on the piece alone, not on how long the answer is already.
"""

from __future__ import annotations

import re

LONGEST = 400
"""Characters after which a sentence that does not end is said in parts, at a space: about half a minute of speech."""

LONGEST_END = 12
"""Characters in which the end of a sentence shows: an abbreviation, or a full stop with quotes and brackets."""

_END = re.compile(
    r"""[.!?…]+["'“”’»)\]*_]*(?=\s)|[。\uFF01\uFF1F]+[」』\uFF09]*(?=[^。\uFF01\uFF1F」』\uFF09])"""
)
_NO_END = re.compile(
    r"(?:^|[\s(„“\"])(?:\d{1,3}|[A-Za-zÄÖÜ]|[a-z]\.[a-zA-Z]|Dr|Prof|Mr|Mrs|Ms|St|Nr|vs|cf|ca|approx|etc|bzw|usw|vgl|Abb|Fig)\.$"
)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_MAY_BE_FENCE = re.compile(r"\s*(?:`{3}|~{3}|`{0,2}$|~{1,2}$)")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$|[\s|:+=-]+$")
_LINE_MARK = re.compile(r"\s*(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?)+")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_EMPHASIS = re.compile(r"\*\*|__|~~|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_CELL_BORDER = re.compile(r"\s*\|\s*")


class Announcer:
    """Turns one answer into sentences. Use a new one for each answer."""

    def __init__(self, code: str) -> None:
        """`code` is said once in place of each block of code, which nobody wants to hear letter by letter."""
        self._code = code
        self._fence = ""
        self._text = ""
        self._checked = 0
        self._is_line_start = True

    def feed(self, text: str) -> list[str]:
        """Take the next piece of the answer; gives the sentences that are complete with it."""
        # In short pieces: what the patterns cost grows faster than the text that they look at.
        pieces = (text[start : start + LONGEST] for start in range(0, len(text), LONGEST))
        return [sentence for piece in pieces for sentence in self._feed(piece)]

    def _feed(self, text: str) -> list[str]:
        said: list[str] = []
        *lines, rest = text.split("\n")
        for line in lines:
            said += self._end_line(self._text + line)
        if self._fence:
            # Only a short line can end a block of code: of a long one its beginning is enough.
            self._text = (self._text + rest)[:LONGEST]
            return said
        self._text += rest
        if not (self._is_line_start and _MAY_BE_FENCE.match(self._text)):
            said += self._sentences()
        return said

    def finish(self) -> list[str]:
        """The answer is complete, or broke off: gives what is left."""
        return self._end_line(self._text)

    def _end_line(self, line: str) -> list[str]:
        """What the line says: a line break ends a sentence as well, since headings and items have no full stop."""
        fence = _FENCE.match(line) if self._is_line_start else None
        said: list[str] = []
        if self._fence:
            if fence and fence[1].startswith(self._fence) and not line[fence.end() :].strip():
                self._fence = ""
        elif fence:
            self._fence = fence[1]
            said = [self._code]
        elif not _RULE.match(line):
            self._text = line
            said = self._sentences()
            last = _spoken(self._text)
            said += [last] if last else []
        self._text, self._checked, self._is_line_start = "", 0, True
        return said

    def _sentences(self) -> list[str]:
        """Cut complete sentences off the front of the text; what was looked at before is not looked at again."""
        said: list[str] = []
        start = 0
        for end in _END.finditer(self._text, self._checked):
            if not _NO_END.search(self._text, max(start, end.end() - LONGEST_END), end.end()):
                said.append(_spoken(self._text[start : end.end()]))
                start = end.end()
        while len(self._text) - start > LONGEST:
            space = self._text.rfind(" ", start, start + LONGEST)
            cut = space if space > start else start + LONGEST
            said.append(_spoken(self._text[start:cut]))
            start = cut
        self._text = self._text[start:]
        self._is_line_start = self._is_line_start and start == 0
        # The end of a sentence shows only with the space after it: its marks are looked at again.
        self._checked = max(0, len(self._text) - LONGEST_END)
        return [sentence for sentence in said if sentence]


def _spoken(text: str) -> str:
    """The words of a piece of Markdown."""
    text = _LINE_MARK.sub("", text, count=1) if _LINE_MARK.match(text) else text
    if text.lstrip().startswith("|"):
        text = _CELL_BORDER.sub(", ", text.strip().strip("|").strip())
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    words = " ".join(_EMPHASIS.sub("", text).split())
    return words if any(character.isalnum() for character in words) else ""
