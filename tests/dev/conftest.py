"""A small checkout of its own for tests that damage things, and the commands as people start them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from dev import prepare as preparation
from dev.app_bundle import AppBundle
from dev.paths import ROOT
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def prepared() -> None:
    """The real static/vendor, made once by the real preparation."""
    prepare()


@pytest.fixture(scope="session")
def server() -> Iterator[PageServer]:
    """The development server of this checkout."""
    with PageServer(0, Site(AppBundle(preparation.prepare))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def connection(server: PageServer) -> Iterator[HTTPConnection]:
    """One HTTP/1.1 connection to the server, kept alive between requests."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()


@pytest.fixture
def serve_dev() -> Command:
    """Runs `python3 serve_dev.py` to its end."""

    def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "serve_dev.py", "--no-open", *arguments],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
