"""German: what this browser keeps, exports and imports."""

TEXTS: dict[str, str] = {
    "keeping.title": "Gespeicherte Unterhaltungen",
    "keeping.export_all": "Alle exportieren",
    "keeping.import": "Importieren",
    "keeping.import_label": "Unterhaltungen importieren",
    "keeping.help": "Sie liegen in diesem Browser und nirgendwo sonst. Importieren liest Exporte von Berth, ChatGPT (conversations.json) und Open WebUI. API-Schlüssel stehen nie in einem Export.",
    "keeping.persist": "Browser um Aufbewahrung bitten",
    "keeping.exporting": "Wird exportiert",
    "keeping.importing": "{name} wird importiert",
    "keeping.persisted": "Der Browser löscht nichts mehr von selbst, was Berth aufbewahrt.",
    "keeping.not_persisted": "Der Browser entscheidet selbst: Bei vollem Datenträger kann er löschen, was Berth aufbewahrt. Ab und zu exportieren.",
    "keeping.usage": "{used} von bis zu {quota} sind belegt.",
    "keeping.usage.unknown": "Dieser Browser sagt nicht, wie viel Platz belegt ist.",
    "keeping.kept": "Der Browser bewahrt alles auf, bis es gelöscht wird.",
    "keeping.may_go": "Bei vollem Datenträger kann der Browser es löschen.",
}
