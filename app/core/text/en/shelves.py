"""English: the prompt library, presets, and what is kept under names."""

TEXTS: dict[str, str] = {
    "shelf.no_name.what": "This needs a name.",
    "shelf.no_name.cause": "It is found by its name.",
    "shelf.no_name.fix": "Type a short one.",
    "shelf.name_taken.what": "There is “{name}” already.",
    "shelf.name_taken.cause": "Each name is given once.",
    "shelf.name_taken.fix": "Choose another name.",
}
