"""The queue of uploads: what each file is doing, how far it is, and why it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.problems import Problem


class Phase(StrEnum):
    """What an upload is doing. The last four are ends."""

    CHECKING = "checking"
    WAITING = "waiting"
    SENDING = "sending"
    STORING = "storing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


ENDS = frozenset({Phase.DONE, Phase.FAILED, Phase.CANCELLED, Phase.REFUSED})


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way to the local API.

    `file_name` is the name on disk, `name` the one under which the server will list it. `rate` is in bytes a
    second and `seconds_left` in seconds, both None while unknown. `stalled` means that no byte has moved for a
    while, `is_hopeless` that the file itself is what is wrong.
    """

    id: str
    file_name: str
    name: str
    size: int
    phase: Phase = Phase.CHECKING
    sent: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    stalled: bool = False
    problem: Problem | None = None
    is_hopeless: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen without the user."""
        return self.phase in ENDS

    @property
    def can_retry(self) -> bool:
        """Whether trying again makes sense: not for a file that will never be accepted as it is."""
        return self.phase in {Phase.FAILED, Phase.CANCELLED, Phase.REFUSED} and not self.is_hopeless


@dataclass(frozen=True, slots=True)
class Uploads:
    """All uploads since the page was opened, oldest first."""

    items: tuple[Upload, ...] = ()

    def get(self, upload_id: str) -> Upload | None:
        """The upload of that id, or None when it was cleared."""
        return next((item for item in self.items if item.id == upload_id), None)

    def added(self, upload: Upload) -> Uploads:
        """The queue with one more."""
        return Uploads((*self.items, upload))

    def changed(self, upload_id: str, change: Callable[[Upload], Upload]) -> Uploads:
        """The queue with one upload replaced by `change(upload)`."""
        return Uploads(tuple(change(item) if item.id == upload_id else item for item in self.items))

    def cleared(self) -> Uploads:
        """The queue without the uploads that have ended."""
        return Uploads(tuple(item for item in self.items if not item.has_ended))

    @property
    def next_waiting(self) -> Upload | None:
        """The first upload that may be sent."""
        return next((item for item in self.items if item.phase is Phase.WAITING), None)

    def is_expected(self, name: str) -> bool:
        """Whether a file of that name has passed its checks and is on its way, or waits for its turn."""
        under_way = {Phase.WAITING, Phase.SENDING, Phase.STORING}
        return any(item.name == name and item.phase in under_way for item in self.items)


def ended(upload: Upload, phase: Phase, problem: Problem | None = None) -> Upload:
    """`upload` after its end."""
    return replace(upload, phase=phase, problem=problem, rate=None, seconds_left=None, stalled=False)


def restarted(upload: Upload) -> Upload:
    """`upload` back at the beginning, for another try."""
    return Upload(upload.id, upload.file_name, upload.name, upload.size)
