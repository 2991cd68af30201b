"""The reference server behaves like each implementation of the Local LLM API that is known."""

from __future__ import annotations

import re

import pytest

from tests.servers.client import ORIGIN, ask, form, upload
from tests.servers.conftest import Start
from tests.servers.process import ServerProcess
from tests.servers.test_local_llm_api import FRANCE, NAME, PARIS

STEM = NAME.removesuffix(".gguf")


def test_g1_lists_names_without_extension_and_sizes_as_numbers(g1: ServerProcess) -> None:
    listing = ask(g1, "GET", "/models").json
    [item] = listing["models"]
    assert set(listing) == {"models", "count", "last_updated"}
    assert set(item) == {"filename", "name", "size", "size_mb", "modified_date", "upload_date"}
    assert (item["filename"], item["name"], item["size"], item["size_mb"]) == (NAME, STEM, 1095424, 1.04)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+", item["modified_date"]), "no zone"


def test_g1_answers_with_an_object(g1: ServerProcess) -> None:
    answer = ask(g1, "POST", "/generate", FRANCE | {"model_name": STEM}).json
    assert answer == {
        "success": True,
        "response": {"question": FRANCE["question"], "text": PARIS},
        "model_used": STEM,
        "question": FRANCE["question"],
    }


def test_g1_gives_the_bare_reason_of_a_failure(g1: ServerProcess) -> None:
    reply = ask(g1, "POST", "/generate", FRANCE | {"template": "{other}"})
    assert reply.status == 500
    assert reply.json == {
        "success": False,
        "error": "Missing some input keys: {'other'}",
        "model_used": NAME,
        "question": FRANCE["question"],
    }


def test_g1_reports_an_unloadable_file_as_a_validation_error(g1: ServerProcess) -> None:
    upload(g1, "notreally.gguf", b"NOPE")
    reply = ask(g1, "POST", "/generate", FRANCE | {"model_name": "notreally.gguf"})
    assert reply.status == 500
    assert reply.json["error"].startswith(
        "1 validation error for LlamaCpp\n  Value error, Could not load Llama model"
    )


def test_g1_has_a_context_of_512_tokens(g1: ServerProcess) -> None:
    reply = ask(g1, "POST", "/generate", FRANCE | {"question": "word " * 400, "n_ctx": 4096})
    assert reply.status == 500
    assert re.fullmatch(r"Requested tokens \(\d+\) exceed context window of 512", reply.json["error"])


def test_g1_stores_upper_case_extensions_under_another_name(g1: ServerProcess) -> None:
    for _ in range(2):
        reply = upload(g1, "UPPER.GGUF", b"GGUF")
        assert (reply.status, reply.json["filename"]) == (200, "UPPER.GGUF")
        assert reply.json["model_info"]["name"] == "UPPER.GGUF"
    assert "UPPER.GGUF.gguf" in [item["filename"] for item in ask(g1, "GET", "/models").json["models"]]
    assert ask(g1, "DELETE", "/models/UPPER.GGUF").json["filename"] == "UPPER.GGUF.gguf"


def test_g1_loads_another_copy_for_other_parameters(g1: ServerProcess) -> None:
    for temperature in (0.1, 0.2, 0.1):
        ask(g1, "POST", "/generate", FRANCE | {"temperature": temperature})
    entries = ask(g1, "GET", "/cache/status").json["cached_models"]
    assert len(entries) == len(set(entries)) == len(g1.loaded()) == 2
    assert all(re.fullmatch(rf"{re.escape(NAME)}_-?\d+", entry) for entry in entries)


def test_g1_keeps_a_deleted_model_in_the_cache(g1: ServerProcess) -> None:
    ask(g1, "POST", "/generate", FRANCE)
    ask(g1, "DELETE", f"/models/{NAME}")
    assert ask(g1, "GET", "/cache/status").json["count"] == 1


def test_g1_takes_uploads_at_a_second_path(g1: ServerProcess) -> None:
    assert upload(g1, "second.gguf", b"GGUF", "/upload").json["filename"] == "second.gguf"


@pytest.mark.parametrize(("content_type", "status"), [("application/json", 400), ("text/plain", 415)])
def test_g1_answers_a_body_that_is_no_json_with_a_page(
    g1: ServerProcess, content_type: str, status: int
) -> None:
    reply = ask(g1, "POST", "/generate", b"{broken", {"Content-Type": content_type})
    assert reply.status == status
    assert "<h1>" in reply.html


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/generate", {}),
        ("POST", "/generate", {"question": "hi", "model_name": "nope"}),
        ("POST", "/generate", FRANCE | {"template": "{other}"}),
        ("POST", "/models", None),
        ("DELETE", "/models/nope", None),
        ("GET", "/generate", None),
        ("GET", "/nowhere", None),
    ],
)
def test_g1_as_shipped_hides_every_error_in_an_unreadable_500(
    g1_shipped: ServerProcess, method: str, path: str, body: object
) -> None:
    reply = ask(g1_shipped, method, path, body)
    assert reply.status == 500
    assert len(reply.html) == 265
    assert reply.allowed_origin is None


def test_g1_as_shipped_hides_a_refused_upload(g1_shipped: ServerProcess) -> None:
    body, headers = form(NAME, b"GGUF")
    reply = ask(g1_shipped, "POST", "/models", body, headers)
    assert (reply.status, reply.allowed_origin) == (500, None)


def test_g1_as_shipped_works_when_nothing_goes_wrong(g1_shipped: ServerProcess) -> None:
    reply = ask(g1_shipped, "POST", "/generate", FRANCE)
    assert (reply.json["response"]["text"], reply.allowed_origin) == (PARIS, ORIGIN)
    preflight = ask(g1_shipped, "OPTIONS", "/generate", headers={"Access-Control-Request-Method": "POST"})
    assert (preflight.status, preflight.allowed_origin) == (200, ORIGIN)


def test_g2_adds_its_own_figures_to_the_answer(g2: ServerProcess) -> None:
    answer = ask(g2, "POST", "/generate", FRANCE | {"model_name": STEM}).json
    assert answer["response"] == PARIS
    assert answer["model_path"] == f"./models/{NAME}"
    assert answer["total_tokens"] > answer["token_count"] > 0
    assert answer["efficiency_score"] > 0
    assert answer["pool_stats"] == {"loaded": 1, "limit": 4}
    assert (answer["frontend_requested"], answer["exact_model_match"]) == (STEM, False)


def test_g2_lets_the_length_be_set(g2: ServerProcess) -> None:
    assert ask(g2, "POST", "/generate", FRANCE | {"max_tokens": 3}).json["token_count"] == 3
    reply = ask(g2, "POST", "/generate", FRANCE | {"question": "word " * 300, "n_ctx": 256})
    assert reply.json["error"].endswith("exceed context window of 256")
    assert reply.json["processing_time"] > 0


def test_g2_says_which_file_it_looked_for(g2: ServerProcess) -> None:
    reply = ask(g2, "POST", "/generate", {"question": "hi", "model_name": "x"})
    assert reply.status == 404
    assert reply.json == {
        "error": "Requested model 'x' not found",
        "requested_model": "x",
        "expected_file": "x.gguf",
    }


def test_g2_tells_cached_paths(g2: ServerProcess) -> None:
    ask(g2, "POST", "/generate", FRANCE)
    assert ask(g2, "GET", "/cache/status").json["cached_models"] == [f"./models/{NAME}"]


def test_g2_gives_up_when_its_time_is_over(start: Start) -> None:
    server = start("--variant", "g2", "--request-timeout", "0.2")
    with server.faulty(generate_delay=30):
        reply = ask(server, "POST", "/generate", FRANCE)
    assert (reply.status, reply.json) == (408, {"success": False, "error": "Request timeout"})
