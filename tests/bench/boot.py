"""How fast the page starts: `python3 tests/bench/boot.py [--visits N]`.

Prints, for a first visit (a new profile) and a second one (the browser started again with the same profile), the
median and the least of N visits: milliseconds from navigation to first paint, to a composer that takes typing, to
Python and to the app; then the number of requests and the bytes that came over the network. The page comes from the
development server in another process; no local API answers.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from dev import venv  # noqa: E402 - after the path is set
from dev.paths import VENV  # noqa: E402
from dev.prepare import prepare, show  # noqa: E402

MEASURE = """() => {
  const marks = [...performance.getEntriesByType("paint"), ...performance.getEntriesByType("mark")];
  const own = performance.getEntriesByType("resource").filter((e) => e.name.startsWith(location.origin));
  const all = [...performance.getEntriesByType("navigation"), ...own];
  return {
    ...Object.fromEntries(marks.map((e) => [e.name, e.startTime])),
    requests: all.filter((e) => e.transferSize > 0).length,
    bytes: all.reduce((sum, e) => sum + e.transferSize, 0),
  };
}"""

ROWS = {
    "first paint, ms": "first-contentful-paint",
    "composer usable, ms": "shell-painted",
    "python ready, ms": "python-ready",
    "app ready, ms": "app-ready",
    "requests": "requests",
    "bytes": "bytes",
}


@contextmanager
def serving() -> Iterator[str]:
    """Run serve_dev.py on a free port and yield the page's address."""
    command = [sys.executable, "-u", "serve_dev.py", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield next(line.split()[1] for line in process.stdout or () if line.startswith("Berth: "))
        finally:
            process.terminate()


def visit(url: str, profile: str) -> dict[str, float]:
    """Start a browser with a profile, load the page once, and return what was measured."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser.chromium import ARGUMENTS, executable

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable(), args=ARGUMENTS
        )
        page = context.pages[0]
        page.goto("about:blank")
        page.wait_for_timeout(500)  # let the browser's own start pass
        page.goto(url, wait_until="commit")
        expect(page.locator("html")).to_have_attribute("data-state", "ready", timeout=120_000)
        page.wait_for_timeout(1500)  # code caches and the HTTP cache are written a little later
        measured = page.evaluate(MEASURE)
        context.close()
    return dict(measured)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how fast the page starts.")
    parser.add_argument("--visits", type=int, default=5, help="visits of each kind (default: %(default)s)")
    visits = parser.parse_args().visits
    first, second = [], []
    with serving() as url:
        for _ in range(visits):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                first.append(visit(url, profile))
                second.append(visit(url, profile))
    print(f"{'':22}{'first visit':>24}{'second visit':>24}")
    print(f"{'':22}{'median':>12}{'least':>12}{'median':>12}{'least':>12}")
    for title, name in ROWS.items():
        cells = [f(run[name] for run in runs) for runs in (first, second) for f in (statistics.median, min)]
        print(f"{title:22}" + "".join(f"{cell:12,.0f}" for cell in cells))


if __name__ == "__main__":
    if Path(sys.prefix) != VENV:
        python = venv.ensure(show)
        prepare()
        sys.exit(subprocess.run([python, *sys.argv], check=False).returncode)
    main()
