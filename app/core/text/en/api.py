"""English: api."""

TEXTS: dict[str, str] = {}
