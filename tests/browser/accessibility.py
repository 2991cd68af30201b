"""What people need who do not see the page as it was drawn: checked by axe-core, and by measuring."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, ViewportSize

from dev.paths import NODE_MODULES

AXE = (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
PLACES = ("Chat", "Models", "Connections", "Settings")

WINDOWS: dict[str, ViewportSize] = {
    "desk": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}

WIDER = """() => {
  const out = (e) => {
    const { left, right, width } = e.getBoundingClientRect();
    return width && (left < -1 || right > innerWidth + 1) && e.checkVisibility({ visibilityProperty: true });
  };
  const isClipped = (e) => {
    for (let p = e.parentElement; p; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== "visible" && p !== document.body) return true;
    return getComputedStyle(e).clipPath !== "none";
  };
  const found = [...document.body.querySelectorAll("*")].filter((e) => out(e) && !isClipped(e));
  return found.map((e) => e.outerHTML.slice(0, 160));
}"""

SIDEWAYS = """() => [...document.querySelectorAll("*")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .filter((e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX) || e === document.documentElement)
  .filter((e) => !e.matches("pre, table, code, .sides"))
  .map((e) => e.outerHTML.slice(0, 160))"""


def flaws(page: Page) -> list[str]:
    """What is wrong with what is shown, on a desk and on a phone, in light and in dark.

    A theme changes the colours and nothing else: in the dark one only they are checked. The page is left in the window
    of a desk, and dark.
    """
    found = []
    for window, size in reversed(WINDOWS.items()):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found += [f"{window}, light: {each}" for each in violations(page)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"{window}, dark: {each}" for each in faint(page)]
        found += [f"{window}: {each}" for each in sticking_out(page)]
        if page.evaluate("document.documentElement.scrollHeight > innerHeight"):
            found.append(f"{window}: the frame itself scrolls, not only what is in it")
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now: the rule and the elements, one line a rule."""
    return _ask_axe(page, {"type": "tag", "values": TAGS})


def faint(page: Page) -> list[str]:
    """What axe-core finds of it in the colours."""
    return _ask_axe(page, {"type": "rule", "values": COLOUR_RULES})


def _ask_axe(page: Page, rules: dict[str, Any]) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(f"() => {{ {AXE} }}")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate("async o => (await axe.run(o)).violations", options)
    return [f"{each['id']}: {[node['html'][:200] for node in each['nodes']]}" for each in found]


def sticking_out(page: Page) -> list[str]:
    """The elements that reach beyond the window, and what scrolls sideways that should not."""
    return [*page.evaluate(WIDER), *page.evaluate(SIDEWAYS)]
