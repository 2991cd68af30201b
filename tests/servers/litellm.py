"""Owns LiteLLM's proxy as a second implementation of OpenAI's dialect, with the real llama-server behind it.

The package from PyPI brings a hundred others, so it has an environment of its own in .build, made once: `litellm.txt`
pins the part of them that the proxy really loads.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dev.commands import run
from dev.locking import exclusive
from dev.paths import BUILD, ROOT
from tests.servers import llama
from tests.servers.backend import MODEL

KEY: Final = "sk-berth-litellm-4c1d"
"""The key that the proxy takes."""

NAME: Final = "tinker"
"""The model that it offers."""

_PINS: Final = Path(__file__).with_name("litellm.txt")
_FOLDER: Final = BUILD / "litellm"
_STAMP: Final = BUILD / "stamps" / "litellm.txt"
_START_SECONDS: Final = 180.0
_STOP_SECONDS: Final = 15.0


def _ensure() -> Path:
    """The proxy's program, installed when it is missing or other pins were used; a Problem when that fails."""
    folder = "Scripts" if os.name == "nt" else "bin"
    program, python = _FOLDER / folder / "litellm", _FOLDER / folder / "python"
    wanted = hashlib.sha256(f"{sys.version} {_PINS.read_text('utf-8')}".encode()).hexdigest()
    with exclusive(BUILD / "litellm.lock", lambda: None):
        if program.exists() and _STAMP.exists() and _STAMP.read_text("utf-8") == wanted:
            return program
        run(
            [sys.executable, "-m", "venv", "--clear", _FOLDER],
            cwd=ROOT,
            what="Making the environment of LiteLLM's proxy",
            fix="Read the message above; the folder .build must be writable.",
        )
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]
        run(
            [python, "-m", "pip", "install", *options, _PINS],
            cwd=ROOT,
            what="Installing LiteLLM's proxy (pip)",
            needs_network=True,
            fix="Read pip's message above; the pins are in tests/servers/litellm.txt.",
        )
        _STAMP.parent.mkdir(parents=True, exist_ok=True)
        _STAMP.write_text(wanted, "utf-8")
    return program


@contextmanager
def running() -> Iterator[str]:
    """A proxy before a llama-server; gives its base URL."""
    program = _ensure()
    server = llama.LlamaServer(llama.LlamaSpec(str(MODEL)))
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "config.yaml")
            path.write_text(json.dumps(_config(f"{server.url}/v1")), "utf-8")  # JSON is YAML
            with _started(program, path) as url:
                yield f"{url}/v1"
    finally:
        server.close()


def _config(api_base: str) -> dict[str, object]:
    behind = {"model": f"openai/{MODEL.name}", "api_base": api_base, "api_key": "none"}
    return {
        "model_list": [{"model_name": NAME, "litellm_params": behind}],
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "general_settings": {"master_key": KEY},
    }


@contextmanager
def _started(program: Path, config: Path) -> Iterator[str]:
    port = _free_port()
    environment = {
        **os.environ,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it asks the network for prices
        "LITELLM_MODE": "PRODUCTION",  # no .env file
        "NO_PROXY": "*",
    }
    log = config.with_name("log.txt")
    with log.open("w") as out:
        process = subprocess.Popen(
            [program, "--config", config, "--host", "127.0.0.1", "--port", str(port)],
            cwd=config.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health/liveliness", process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with opener.open(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"LiteLLM's proxy did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
