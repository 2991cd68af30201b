"""English: chat."""

TEXTS: dict[str, str] = {}
