"""Markdown in the page: the one door through which HTML comes in, and answers that are shown while they are written.

`Renderer` parses and sanitises. `app.browser.render.prose` shows a message, whole or while it grows, and
`app.browser.render.furnishing` adds what the page itself puts into a message.
"""

from app.browser.render.markdown import Renderer

__all__ = ["Renderer"]
