"""Every fault that a reference server can be told to have is real on the wire."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path

import pytest

from tests.servers import faults
from tests.servers.client import ORIGIN, Reply, ask, form, open_upload, upload
from tests.servers.conftest import MODEL, Start
from tests.servers.process import ServerProcess
from tests.servers.test_local_llm_api import FRANCE, MIB, NAME, PARIS

OTHER = "http://elsewhere:1234"
BROKEN = (ConnectionError, http.client.HTTPException)


def preflight(server: ServerProcess, path: str) -> Reply:
    return ask(server, "OPTIONS", path, headers={"Access-Control-Request-Method": "POST"})


def test_no_cors_takes_the_headers_from_answers_and_preflights(doc: ServerProcess) -> None:
    with doc.faulty(no_cors=True):
        replies = [ask(doc, "GET", "/health"), preflight(doc, "/models"), ask(doc, "GET", "/nowhere")]
    assert [reply.allowed_origin for reply in replies] == [None, None, None]
    assert ask(doc, "GET", "/health").allowed_origin == ORIGIN


def test_no_cors_may_concern_one_endpoint(doc: ServerProcess) -> None:
    with doc.faulty(no_cors="cache_status"):
        assert ask(doc, "GET", "/cache/status").allowed_origin is None
        assert ask(doc, "GET", "/health").allowed_origin == ORIGIN


def test_cors_may_be_for_another_origin_only(doc: ServerProcess) -> None:
    with doc.faulty(cors_origin=OTHER):
        assert ask(doc, "GET", "/health").allowed_origin == OTHER
        assert preflight(doc, "/generate").allowed_origin == OTHER


def test_cors_may_be_missing_on_preflights_only(doc: ServerProcess) -> None:
    with doc.faulty(no_cors_on_options=True):
        assert preflight(doc, "/models").allowed_origin is None
        assert ask(doc, "GET", "/models").allowed_origin == ORIGIN


def test_refuse_resets_the_connection(doc: ServerProcess) -> None:
    with doc.faulty(refuse=True), pytest.raises(ConnectionResetError):
        ask(doc, "GET", "/health")
    with doc.faulty(refuse="models"):
        assert ask(doc, "GET", "/health").status == 200
        with pytest.raises(ConnectionResetError):
            ask(doc, "GET", "/models")


def test_too_large_reads_the_body_and_shows_a_413_page(doc: ServerProcess) -> None:
    with doc.faulty(too_large=1000):
        reply = upload(doc, "big.gguf", bytes(MIB))
    assert (reply.status, reply.allowed_origin) == (413, ORIGIN)
    assert "Request Entity Too Large" in reply.html
    assert doc.requests("/models", "POST")[-1]["bytes_received"] > MIB


def test_too_large_early_answers_without_reading(doc: ServerProcess) -> None:
    with doc.faulty(too_large_early=1000), open_upload(doc, "big.gguf", 10 * MIB) as connection:
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert doc.requests("/models", "POST")[-1]["bytes_received"] == 0


def test_a_full_disk_is_a_500_and_leaves_no_file(doc: ServerProcess, doc_folder: Path) -> None:
    with doc.faulty(disk_full=100_000):
        reply = upload(doc, "big.gguf", bytes(MIB))
    assert reply.status == 500
    assert reply.json == {"error": "Failed to save file: [Errno 28] No space left on device"}
    assert [path.name for path in doc_folder.iterdir()] == [NAME]


def test_a_failed_upload_may_leave_a_part_of_the_file(doc: ServerProcess, doc_folder: Path) -> None:
    doc.set_faults({"upload-stop": 500_000, "keep-partial": True})
    with pytest.raises(BROKEN):
        upload(doc, "big.gguf", b"x" * (5 * MIB))
    doc.wait_until((doc_folder / "big.gguf").exists)
    assert 0 < (doc_folder / "big.gguf").stat().st_size <= 500_000


def test_an_upload_may_be_reset_midway(doc: ServerProcess, doc_folder: Path) -> None:
    with doc.faulty(upload_stop=500_000), pytest.raises(BROKEN):
        upload(doc, "big.gguf", bytes(20 * MIB))
    assert doc.requests("/models", "POST")[-1]["bytes_received"] == 500_000
    doc.wait_until(lambda: [path.name for path in doc_folder.iterdir()] == [NAME])


def test_the_answer_to_a_stored_upload_may_be_lost(doc: ServerProcess, doc_folder: Path) -> None:
    with doc.faulty(drop_answer=True), pytest.raises(BROKEN):
        upload(doc, "stored.gguf", b"GGUF")
    assert (doc_folder / "stored.gguf").read_bytes() == b"GGUF"


def test_a_stalled_upload_goes_on_when_the_fault_is_lifted(doc: ServerProcess) -> None:
    replies: list[Reply] = []
    doc.set_faults({"upload-stall": 100_000})
    sending = threading.Thread(target=lambda: replies.append(upload(doc, "slow.gguf", bytes(MIB))))
    sending.start()
    doc.wait_for_request("/models", "POST", bytes_received=100_000)
    time.sleep(0.2)
    assert doc.requests("/models", "POST")[-1]["bytes_received"] == 100_000
    doc.set_faults({})
    sending.join(10)
    assert [reply.status for reply in replies] == [200]


def test_an_upload_is_read_at_the_rate_that_is_set(doc: ServerProcess) -> None:
    started = time.monotonic()
    with doc.faulty(upload_rate=2 * MIB):
        assert upload(doc, "slow.gguf", bytes(MIB)).status == 200
    assert time.monotonic() - started > 0.4


def test_storing_may_take_a_while_after_the_last_byte(doc: ServerProcess) -> None:
    started = time.monotonic()
    with doc.faulty(store_delay=0.3):
        assert upload(doc, "slow.gguf", b"GGUF").status == 200
    assert time.monotonic() - started > 0.3


def test_an_answer_may_stop_in_the_middle(doc: ServerProcess) -> None:
    with doc.faulty(generate_stop=True), pytest.raises(BROKEN):
        ask(doc, "POST", "/generate", FRANCE)


def test_generate_may_never_answer_while_health_does(doc: ServerProcess) -> None:
    doc.set_faults({"generate-stall": True})
    with pytest.raises(TimeoutError):
        ask(doc, "POST", "/generate", FRANCE, seconds=0.3)
    assert ask(doc, "GET", "/health").status == 200


def test_generate_may_take_its_time(doc: ServerProcess) -> None:
    with doc.faulty(generate_delay=0.3):
        answer = ask(doc, "POST", "/generate", FRANCE).json
    assert answer["response"] == PARIS
    assert answer["processing_time"] > 0.3


def test_errors_may_be_html(doc: ServerProcess) -> None:
    with doc.faulty(html_error=True):
        reply = ask(doc, "POST", "/generate", {})
    assert (reply.status, reply.allowed_origin) == (400, ORIGIN)
    assert "<h1>Bad Request</h1>" in reply.html


def test_everything_may_be_redirected(doc: ServerProcess) -> None:
    with doc.faulty(redirect="http://127.0.0.1:9/login"):
        reply = ask(doc, "GET", "/health")
    assert (reply.status, reply.headers["location"]) == (302, "http://127.0.0.1:9/login")


def test_an_endpoint_may_have_any_status(doc: ServerProcess) -> None:
    with doc.faulty(status="generate:503"):
        assert ask(doc, "POST", "/generate", FRANCE).status == 503
        assert ask(doc, "GET", "/health").status == 200


@pytest.mark.parametrize("kind", faults.GARBAGE_KINDS)
def test_garbage_is_a_200_that_is_no_answer(doc: ServerProcess, kind: str) -> None:
    with doc.faulty(garbage=f"models:{kind}"):
        reply = ask(doc, "GET", "/models")
    assert reply.status == 200
    if kind == "shape":
        assert "models" not in reply.json
        return
    with pytest.raises(ValueError, match=r".*"):
        json.loads(reply.body)


def test_garbage_may_be_huge(doc: ServerProcess) -> None:
    with doc.faulty(garbage="huge"):
        assert len(ask(doc, "GET", "/health").body) == 32 * MIB


def test_requests_are_recorded_with_origin_body_and_status(doc: ServerProcess) -> None:
    ask(doc, "POST", "/generate", {"question": "hi"})
    [seen] = doc.requests()
    assert (seen["method"], seen["path"], seen["origin"]) == ("POST", "/api/v1/generate", ORIGIN)
    assert (json.loads(seen["body"]), seen["status"]) == ({"question": "hi"}, 400)


def test_a_running_upload_shows_how_much_has_arrived(doc: ServerProcess) -> None:
    with open_upload(doc, "half.gguf", MIB) as connection:
        connection.sendall(bytes(MIB // 2))
        seen = doc.wait_for_request("/models", "POST", bytes_received=MIB // 2 - 70_000)
    assert seen["status"] is None


@pytest.mark.parametrize(
    "argument", ["no-such-fault", "upload-stop", "upload-stop=soon", "status=teapot", "garbage=x"]
)
def test_a_misspelt_fault_is_an_error(argument: str) -> None:
    with pytest.raises(faults.FaultError):
        faults.parse([argument])


def test_a_fault_can_be_set_at_the_start(start: Start) -> None:
    server = start("--fault", "status=health:500", "--fault", "no-cors")
    reply = ask(server, "GET", "/health")
    assert (reply.status, reply.allowed_origin) == (500, None)


def test_a_server_can_be_killed_and_comes_back_on_its_port(start: Start) -> None:
    server = start()
    ask(server, "POST", "/generate", FRANCE)
    url, [model] = server.base_url, server.loaded()
    server.kill()
    with pytest.raises(ConnectionRefusedError):
        ask(server, "GET", "/health")
    server.wait_until(lambda: not model.answers())
    server.start()
    assert server.base_url == url
    assert ask(server, "GET", "/health").status == 200


def test_a_restart_removes_what_a_killed_upload_left(doc: ServerProcess, doc_folder: Path) -> None:
    with open_upload(doc, "half.gguf", 10 * MIB) as connection:
        connection.sendall(bytes(MIB))
        doc.wait_for_request("/models", "POST", bytes_received=MIB)
        doc.kill()
    assert list(doc_folder.glob("*.part"))
    doc.start()
    assert [path.name for path in doc_folder.iterdir()] == [NAME]


def test_a_form_whose_boundary_never_comes_does_not_fill_the_memory(doc: ServerProcess) -> None:
    _, headers = form("x.gguf", b"")
    reply = ask(doc, "POST", "/models", MODEL.read_bytes() * 8, headers)
    assert reply.status in (400, 413)
