"""The command line of `serve_dev.py`."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from dev import local_api
from dev.app_bundle import AppBundle
from dev.paths import MODELS
from dev.prepare import prepare, show
from dev.problem import Problem
from dev.server import PageServer
from dev.site import Site

INTERRUPTED = 130
"""The exit code of a command that Ctrl+C ended before it had started to serve."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="serve_dev.py",
        description="Prepare the browser dependencies once, then serve Berth on this machine.",
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="port of the page; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--local-api", action="store_true", help=f"also run a small Local LLM API on port {local_api.PORT}"
    )
    parser.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="DIR",
        help="its folder of GGUF files (default: models)",
    )
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    return parser.parse_args(arguments)


def serve(options: argparse.Namespace) -> None:
    """Prepare, start what was asked for, and serve until Ctrl+C.

    Raises:
        Problem: Something could not be prepared or started.
    """
    prepare()
    with ExitStack() as stack:
        server = stack.enter_context(PageServer(options.port, Site(AppBundle(lambda: prepare(_silently)))))
        if options.local_api:
            show(f"Local API: {stack.enter_context(local_api.running(options.models, show))}")
        show(f"Berth: {server.url}  (Ctrl+C stops it)")
        if not options.no_open:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            show("\nStopped.")


def _silently(_line: str) -> None:
    """Report nothing: the page is being served meanwhile."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        serve(parse(arguments))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("\nStopped; what was prepared is kept.", file=sys.stderr)
        return INTERRUPTED
    return 0
