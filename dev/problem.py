"""What the commands say when something goes wrong: never a traceback, always a way on."""

from __future__ import annotations


class Problem(Exception):
    """A failure that a person can act on.

    Attributes:
        what: What happened, one sentence.
        cause: The likely cause; may be empty when `what` already tells it.
        fix: What to do about it.
        exit_code: The exit code of the command that ends with this problem.
    """

    def __init__(self, what: str, *, cause: str = "", fix: str, exit_code: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.cause = cause
        self.fix = fix
        self.exit_code = exit_code

    def __str__(self) -> str:
        lines = [f"Problem: {self.what}"]
        if self.cause:
            lines.append(f"Likely cause: {self.cause}")
        lines.append(f"What to do: {self.fix}")
        return "\n".join(lines)
