"""Owns running a reference server as a program: common options, the ready line, and ending well."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable

from flask import Flask

from tests.servers import faults, wire


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every reference server has."""
    known = "\n".join(f"  {name:20} {text}" for name, text in sorted(faults.DESCRIPTIONS.items()))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"faults:\n{known}"
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="NAME[=VALUE]", help="go wrong on purpose"
    )
    parser.add_argument("--control", action="store_true", help="add /_control, which tests use to set faults")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when standard input does")


def read_faults(parser: argparse.ArgumentParser, options: argparse.Namespace) -> faults.Faults:
    """The faults that were asked for; ends the program with a usage error when one does not exist."""
    try:
        return faults.Faults(faults.parse(options.fault))
    except faults.FaultError as error:
        parser.error(str(error))


def run(app: Flask, options: argparse.Namespace, base_path: str, close: Callable[[], None]) -> None:
    """Print the ready line and serve until a signal (or, if asked for, the end of standard input)."""
    server = wire.make_server(app, options.host, options.port)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def stop_with_stdin() -> None:
        sys.stdin.read()
        stop()

    if options.exit_with_stdin:
        threading.Thread(target=stop_with_stdin, daemon=True).start()
    print(f"ready http://{options.host}:{server.port}{base_path}", flush=True)
    try:
        server.serve_forever(poll_interval=0.05)
    finally:
        close()
    # Requests that are still being answered must not keep the process.
    sys.stdout.flush()
    os._exit(0)
