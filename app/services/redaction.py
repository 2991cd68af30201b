"""The one place where keys are taken out of what is shown, kept or logged: some servers quote the one they refuse."""

from __future__ import annotations

from app.core.problems import Problem
from app.providers import extract

SHORTEST_KEY = 6
"""Characters from which on a key is looked for in texts: a shorter one is no secret, but may be a part of any word."""


def redact_problem(problem: Problem, key: str = "") -> Problem:
    """The problem without `key`, and without anything that looks like one."""
    known = key if len(key) >= SHORTEST_KEY else ""
    parts = (problem.what, problem.cause, problem.fix, problem.snippet, problem.details)
    return Problem(*(extract.redact(part, known) for part in parts))
