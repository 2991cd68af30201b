"""Composition root: builds adapters, services and views, and ties them together."""

from js import document, performance

document.documentElement.dataset.state = "ready"
performance.mark("app-ready")
