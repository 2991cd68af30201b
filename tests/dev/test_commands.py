"""What the commands say when something is in the way: never a traceback, always a way on."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from dev import local_api, venv
from dev.commands import require, run
from dev.paths import ROOT
from dev.problem import Problem
from dev.python_parts import pip_command
from tests.dev.conftest import Command


def assert_explained(text: str, *parts: str) -> None:
    assert "Traceback" not in text
    assert "What to do:" in text
    for part in parts:
        assert part in text


def test_a_taken_port_is_explained(serve_dev: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = serve_dev("--port", str(port))
    assert result.returncode == 1
    assert_explained(result.stderr, f"Port {port} is taken.", f"--port {port + 1}")


def test_an_impossible_port_is_explained(serve_dev: Command) -> None:
    result = serve_dev("--port", "70000")
    assert result.returncode == 1
    assert_explained(result.stderr, "Port 70000 cannot be used", "--port 8000")


def test_a_wrong_option_is_explained(serve_dev: Command) -> None:
    result = serve_dev("--prot", "1")
    assert result.returncode == 2
    assert "unrecognized arguments" in result.stderr


def test_ctrl_c_ends_it_in_order() -> None:
    command = [sys.executable, "-u", "serve_dev.py", "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = next(line for line in process.stdout if line.startswith("Berth: "))
        with urllib.request.urlopen(line.split()[1]) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert "Stopped." in process.stdout.read()
        assert process.stderr.read() == ""


def test_a_missing_program_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Problem) as caught:
        require("npm")
    assert_explained(str(caught.value), "npm was not found.", "Install Node.js 20 or newer")


def test_a_missing_pip_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.python_parts._has_pip", lambda _python: False)
    with pytest.raises(Problem) as caught:
        pip_command()
    assert_explained(str(caught.value), "pip was not found.", "apt install python3-pip")


def failing(text: str) -> str:
    script = f"print({text!r}); raise SystemExit(3)"
    with pytest.raises(Problem) as caught:
        run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            what="Fetching",
            fix="Read the message.",
            needs_network=True,
        )
    return str(caught.value)


def test_a_failing_command_shows_the_end_of_its_output() -> None:
    text = failing("first\nlast words")
    assert_explained(text, "Fetching failed (exit code 3).", "  | last words", "Read the message.")


@pytest.mark.parametrize("sign", ["getaddrinfo ENOTFOUND host", "Failed to establish a new connection"])
def test_a_missing_network_is_named_as_the_cause(sign: str) -> None:
    assert_explained(failing(sign), "could not be reached", "what is already prepared is kept")


def test_a_network_that_is_down_stops_npm_with_an_explanation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(Problem) as caught:
        run(
            [require("npm"), "ci"],
            cwd=tmp_path,
            what="Installing",
            fix="Read the message.",
            needs_network=True,
        )
    assert_explained(str(caught.value), "Installing failed", "could not be reached")


def test_an_empty_models_folder_gets_a_model_that_answers(tmp_path: Path) -> None:
    local_api.fill(tmp_path / "models")
    assert [path.name for path in (tmp_path / "models").iterdir()] == [local_api.DEMO_MODEL.name]


def test_a_models_folder_with_models_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    local_api.fill(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.gguf"]


def test_a_models_folder_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(Problem) as caught:
        local_api.fill(tmp_path / "models")
    assert_explained(str(caught.value), "cannot be used", "--models DIR")


@pytest.fixture
def this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter that runs the tests has everything that .venv would have."""
    monkeypatch.setattr(venv, "ensure", lambda _report: Path(sys.executable))


@pytest.mark.usefixtures("this_environment")
def test_the_local_api_runs_beside_the_page_and_ends_with_it(tmp_path: Path) -> None:
    with local_api.running(tmp_path, print, port=0) as url, urllib.request.urlopen(f"{url}/health") as reply:
        assert reply.status == 200
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{url}/health")


@pytest.mark.usefixtures("this_environment")
def test_a_local_api_that_cannot_start_is_explained(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Problem) as caught, local_api.running(tmp_path, print, port=port):
            pass
    assert_explained(str(caught.value), "The local API did not start.", f"Port {port} is taken")
