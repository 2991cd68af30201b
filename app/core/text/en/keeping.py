"""English: what this browser keeps, exports and imports."""

TEXTS: dict[str, str] = {
    "keeping.title": "Your conversations",
    "keeping.export_all": "Export all",
    "keeping.import": "Import",
    "keeping.import_label": "Import conversations",
    "keeping.help": "They are kept in this browser and nowhere else. Import reads exports of Berth, ChatGPT (conversations.json) and Open WebUI. API keys are never in an export.",
    "keeping.persist": "Ask the browser to keep them",
    "keeping.exporting": "Exporting",
    "keeping.importing": "Importing {name}",
    "keeping.persisted": "The browser will not clear what Berth keeps by itself.",
    "keeping.not_persisted": "The browser decides by itself: it may clear what Berth keeps when the disk is full. Export now and then.",
    "keeping.usage": "{used} of up to {quota} are in use.",
    "keeping.usage.unknown": "This browser does not say how much room is in use.",
    "keeping.kept": "The browser keeps it until you delete it.",
    "keeping.may_go": "The browser may clear it when the disk is full.",
}
