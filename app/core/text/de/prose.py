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
    "prose.image.refused": "{host} lässt andere Seiten dieses Bild nicht zeigen.",
    "prose.image.no_address": "Bild",
}
