"""English: files."""

TEXTS: dict[str, str] = {}
