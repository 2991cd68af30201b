"""The command line of `serve_dev.py`."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.problem import Problem
from dev.server import PageServer


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="serve_dev.py", description="Serve Berth on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="port of the page (default 8000; 0 takes a free one)")
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    return parser.parse_args()


def main() -> int:
    """Run the command and return its exit code."""
    options = arguments()
    try:
        prepare()
        server = PageServer(options.port, AppBundle(prepare))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(f"Berth is at {server.url}  (Ctrl+C stops it)", flush=True)
    if not options.no_open:
        webbrowser.open(server.url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()
    return 0
