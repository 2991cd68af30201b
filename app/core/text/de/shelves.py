"""German: the prompt library, presets, and what is kept under names."""

TEXTS: dict[str, str] = {
    "shelf.no_name.what": "Hier fehlt ein Name.",
    "shelf.no_name.cause": "Nur unter seinem Namen wird es gefunden.",
    "shelf.no_name.fix": "Einen kurzen eingeben.",
    "shelf.name_taken.what": "„{name}“ gibt es schon.",
    "shelf.name_taken.cause": "Jeder Name wird nur einmal vergeben.",
    "shelf.name_taken.fix": "Einen anderen wählen.",
}
