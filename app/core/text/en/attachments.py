"""English: attachments."""

TEXTS: dict[str, str] = {
    "attachment.attach": "Attach files",
    "attachment.remove": "Remove {name}",
    "attachment.list": "Attachments",
    "attachment.reading": "Reading {name} …",
    "attachment.tokens": "about {count} tokens",
    "attachment.too_large.what": "{name} was not attached.",
    "attachment.too_large.cause": "It has {size}; up to {limit} can go along with a message.",
    "attachment.too_large.fix": "Attach the part of it that matters.",
    "attachment.no_pdf_text.what": "{name} was not attached.",
    "attachment.no_pdf_text.cause": "There is no text in it: its pages are pictures, as scanners make them.",
    "attachment.no_pdf_text.fix": "Run it through text recognition first, or attach its pages as images for a model that sees.",
    "attachment.unreadable.what": "{name} was not attached.",
    "attachment.unreadable.cause": "The browser cannot read it: the file is damaged, protected, or in a form that it does not know.",
    "attachment.unreadable.fix": "Open it in its own program and save it anew, as PDF, PNG or plain text.",
    "attachment.no_images.what": "This was not sent.",
    "attachment.no_images.cause": "{provider} takes no images.",
    "attachment.no_images.fix": "Remove the image, or choose a model of another connection that sees.",
    "attachment.not_text.what": "{name} was not attached.",
    "attachment.not_text.cause": "It is neither text nor an image nor a PDF, as far as its bytes tell.",
    "attachment.not_text.fix": "Save it as plain text, CSV, PDF, PNG or JPEG, and attach that.",
}
