"""Browser profiles for tests: each is watched, and has nothing in it but what is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize

from tests.browser.watch import REPORT_VIOLATIONS, Watch

WINDOW: ViewportSize = {"width": 1280, "height": 800}


def make_context(
    chromium: Browser, stored: StorageState | None = None, locale: str = "en-US"
) -> BrowserContext:
    """A new profile, which who makes it closes; what breaks the policy is logged in it."""
    context = chromium.new_context(viewport=WINDOW, locale=locale, storage_state=stored)
    context.add_init_script(REPORT_VIOLATIONS)
    return context


@contextmanager
def new_context(
    chromium: Browser, watch: Watch, stored: StorageState | None = None, locale: str = "en-US"
) -> Iterator[BrowserContext]:
    """A watched profile with nothing cached, and nothing in it but what is `stored`."""
    context = make_context(chromium, stored, locale)
    watch.observe(context)
    yield context
    context.close()
