"""What people need who do not see the page as it was drawn: checked by axe-core, and by measuring."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from dev.paths import NODE_MODULES

AXE = (NODE_MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = ("Chat", "Models", "Connections", "Settings")

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


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now: the rule and the elements, one line a rule."""
    page.evaluate(f"() => {{ {AXE} }}")
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate("async o => (await axe.run(o)).violations", options)
    return [f"{each['id']}: {[node['html'][:200] for node in each['nodes']]}" for each in found]


def sticking_out(page: Page) -> list[str]:
    """The elements that reach beyond the window, and what scrolls sideways that should not."""
    return [*page.evaluate(WIDER), *page.evaluate(SIDEWAYS)]
