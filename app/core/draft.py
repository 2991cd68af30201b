"""The message that is being written, apart from its text, which the page's own field holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.attachments import Attachment, Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes along with the message. `reading` names the files that are still being read."""

    attachments: tuple[Attachment, ...] = ()
    reading: tuple[str, ...] = ()

    @property
    def tokens(self) -> int:
        """About how many tokens the attachments take."""
        return sum(one.tokens for one in self.attachments)

    @property
    def has_images(self) -> bool:
        """Whether a model has to see to read it."""
        return any(one.kind is Kind.IMAGE for one in self.attachments)

    def began(self, name: str) -> Draft:
        """The draft while a file is being read."""
        return replace(self, reading=(*self.reading, name))

    def ended(self, name: str) -> Draft:
        """The draft when a file was read, or could not be."""
        left = list(self.reading)
        if name in left:
            left.remove(name)
        return replace(self, reading=tuple(left))

    def attached(self, attachment: Attachment) -> Draft:
        """The draft with one more attachment."""
        return replace(self, attachments=(*self.attachments, attachment))

    def without(self, attachment_id: str) -> Draft:
        """The draft without an attachment."""
        return replace(self, attachments=tuple(one for one in self.attachments if one.id != attachment_id))
