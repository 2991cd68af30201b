"""English: shell."""

TEXTS: dict[str, str] = {}
