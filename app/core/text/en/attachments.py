"""English: attachments."""

TEXTS: dict[str, str] = {
    "attachment.not_text.what": "{name} was not attached.",
    "attachment.not_text.cause": "It is neither text nor an image nor a PDF, as far as its bytes tell.",
    "attachment.not_text.fix": "Save it as plain text, CSV, PDF, PNG or JPEG, and attach that.",
}
