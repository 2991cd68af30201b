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
    "prose.image.refused": "{host} gave this page no image: it may not allow that, or not be reachable.",
    "prose.image.no_address": "Image",
    "prose.not_loaded.what": "Answers are shown without their formatting.",
    "prose.not_loaded.cause": "A part of this page could not be loaded; the connection may be gone.",
    "prose.not_loaded.fix": "Load the page again. Nothing is lost.",
}
