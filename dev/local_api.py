"""A Local LLM API for people who have none yet: the tests' reference server, with a small model."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from dev import venv
from dev.paths import ROOT
from dev.problem import Problem

PORT = 5000
DEMO_MODEL = ROOT / "static" / "models" / "tinker-1m-q8_0.gguf"
START_SECONDS = 60


def fill(models: Path) -> None:
    """Put the demo model into a models folder that holds none.

    Raises:
        Problem: The folder cannot be written.
    """
    try:
        models.mkdir(parents=True, exist_ok=True)
        if not any(models.glob("*.gguf")):
            shutil.copyfile(DEMO_MODEL, models / DEMO_MODEL.name)
    except OSError as error:
        raise Problem(
            f"The models folder {models} cannot be used: {error.strerror}.",
            cause="It is not a folder, or belongs to another user.",
            fix="Choose another one with --models DIR.",
        ) from None


@contextmanager
def running(models: Path, report: Callable[[str], None], port: int = PORT) -> Iterator[str]:
    """Run the server beside the page.

    Args:
        models: The folder of GGUF files; the demo model is put into an empty one.
        report: Takes one line of progress.
        port: Where it listens; 0 takes a free port.

    Yields:
        The base address of the API.

    Raises:
        Problem: It could not be prepared or did not start.
    """
    fill(models)
    python = venv.ensure(report)
    command: list[str | Path] = [python, "-m", "tests.servers.local_llm_api", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--models", models.resolve(), "--exit-with-stdin"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl+C reaches only the command, which then ends this one in order
    ) as process:
        try:
            yield _address(process, port)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str], port: int) -> str:
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    if process.stdout is None or process.stderr is None:
        raise TypeError("the server's output must be piped")
    line = process.stdout.readline()
    timer.cancel()
    if line.startswith("ready "):
        # A full pipe would stop the server.
        threading.Thread(target=_drain, args=(process.stderr,), daemon=True).start()
        return line.removeprefix("ready ").strip()
    process.kill()
    lines = "\n".join(f"  | {line}" for line in process.stderr.read().strip().splitlines()[-6:])
    raise Problem(
        f"The local API did not start.\n{lines}",
        cause=f"Port {port} is taken, perhaps by a local API that runs already (on macOS by AirPlay).",
        fix="If an API runs there, leave out --local-api; else stop what uses the port. If the lines above say"
        " that a package is missing, delete .venv and run the command again.",
    )


def _drain(stream: IO[str]) -> None:
    with suppress(ValueError):  # it is closed when the server has ended
        for _line in stream:
            pass
