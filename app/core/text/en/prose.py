"""English: what stands in an answer beside the model's words."""

TEXTS: dict[str, str] = {
    "prose.code": "Code",
    "prose.copy": "Copy",
    "prose.copy_code": "Copy code",
    "prose.table": "Table",
    "prose.done": "Done",
    "prose.to_do": "To do",
    "prose.image": "Image from {host}",
    "prose.image.described": "Image from {host}: {alt}",
    "prose.image.load": "Load image",
    "prose.image.open": "Open image",
    "prose.image.refused": "{host} does not let other pages show this image.",
    "prose.image.no_address": "Image",
}
