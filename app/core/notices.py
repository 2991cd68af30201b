"""Messages to the user that belong to no place of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Undo:
    """A way back from what a notice tells: the button's label, and what it does."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """News, or a problem when `problem` is set. News goes away by itself, a problem waits for the user."""

    id: int
    text: str
    problem: Problem | None = None
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices on the page, oldest first; `count` numbers them."""

    items: tuple[Notice, ...] = ()
    count: int = 0

    def told(self, text: str, undo: Undo | None = None) -> Notices:
        """The notices with news added."""
        return self._added(Notice(self.count, text, undo=undo))

    def warned(self, problem: Problem) -> Notices:
        """The notices with a problem added; the same problem is not shown twice."""
        if any(item.problem == problem for item in self.items):
            return self
        return self._added(Notice(self.count, problem.what, problem))

    def dismissed(self, notice_id: int) -> Notices:
        """The notices without that one."""
        return Notices(tuple(item for item in self.items if item.id != notice_id), self.count)

    def _added(self, notice: Notice) -> Notices:
        return Notices((*self.items, notice), self.count + 1)
