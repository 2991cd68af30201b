"""German: what stands in an answer beside the model's words."""

TEXTS: dict[str, str] = {
    "prose.code": "Code",
    "prose.copy": "Kopieren",
    "prose.copy_code": "Code kopieren",
    "prose.table": "Tabelle",
    "prose.done": "Erledigt",
    "prose.to_do": "Offen",
    "prose.image": "Bild von {host}",
    "prose.image.described": "Bild von {host}: {alt}",
    "prose.image.load": "Bild laden",
    "prose.image.open": "Bild öffnen",
    "prose.image.refused": "{host} gab dieser Seite kein Bild: Vielleicht erlaubt er es nicht, oder er ist nicht erreichbar.",
    "prose.image.no_address": "Bild",
    "prose.not_loaded.what": "Antworten werden ohne ihre Formatierung gezeigt.",
    "prose.not_loaded.cause": "Ein Teil dieser Seite ließ sich nicht laden; vielleicht ist die Verbindung weg.",
    "prose.not_loaded.fix": "Die Seite neu laden. Nichts geht verloren.",
}
