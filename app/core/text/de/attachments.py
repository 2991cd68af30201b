"""German: attachments."""

TEXTS: dict[str, str] = {
    "attachment.attach": "Dateien anhängen",
    "attachment.remove": "{name} entfernen",
    "attachment.list": "Anhänge",
    "attachment.reading": "{name} wird gelesen …",
    "attachment.tokens": "etwa {count} Token",
    "attachment.too_large.what": "{name} wurde nicht angehängt.",
    "attachment.too_large.cause": "Die Datei hat {size}; mit einer Nachricht gehen bis zu {limit}.",
    "attachment.too_large.fix": "Nur den Teil anhängen, auf den es ankommt.",
    "attachment.no_pdf_text.what": "{name} wurde nicht angehängt.",
    "attachment.no_pdf_text.cause": "Es enthält keinen Text: Die Seiten sind Bilder, wie sie ein Scanner macht.",
    "attachment.no_pdf_text.fix": "Zuerst eine Texterkennung anwenden, oder die Seiten als Bilder an ein Modell hängen, das sehen kann.",
    "attachment.unreadable.what": "{name} wurde nicht angehängt.",
    "attachment.unreadable.cause": "Der Browser kann die Datei nicht lesen: Sie ist beschädigt, geschützt oder in einem unbekannten Format.",
    "attachment.unreadable.fix": "Im eigenen Programm öffnen und neu speichern, als PDF, PNG oder reinen Text.",
    "attachment.no_images.what": "Das wurde nicht gesendet.",
    "attachment.no_images.cause": "{provider} nimmt keine Bilder an.",
    "attachment.no_images.fix": "Das Bild entfernen oder ein Modell einer anderen Verbindung wählen, das sehen kann.",
    "attachment.not_text.what": "{name} wurde nicht angehängt.",
    "attachment.not_text.cause": "Den Bytes nach ist es weder Text noch Bild noch PDF.",
    "attachment.not_text.fix": "Als reinen Text, CSV, PDF, PNG oder JPEG speichern und das anhängen.",
}
