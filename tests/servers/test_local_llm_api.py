"""The reference server keeps the documented contract of the Local LLM API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers.client import ORIGIN, ask, form, open_upload, upload
from tests.servers.conftest import MODEL, Start
from tests.servers.process import ServerProcess

NAME = "tinker-1m-q8_0.gguf"
FRANCE = {"question": "What is the capital of France?", "model_name": NAME}
PARIS = "The capital of France is Paris."
CHATML = "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
MIB = 2**20


def test_health_says_healthy(doc: ServerProcess) -> None:
    reply = ask(doc, "GET", "/health")
    assert reply.status == 200
    assert reply.json == {"status": "healthy", "service": "Local LLM API", "version": "1.0.0"}


def test_a_model_is_listed_with_name_path_size_and_time(doc: ServerProcess) -> None:
    listing = ask(doc, "GET", "/models").json
    assert listing["count"] == 1
    [item] = listing["models"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item.pop("modified"))
    assert item == {"name": NAME, "path": f"./models/{NAME}", "size": "1.0 MB"}


def test_sync_finds_what_was_copied_into_the_folder(doc: ServerProcess, doc_folder: Path) -> None:
    (doc_folder / "added.gguf").write_bytes(b"GGUF")
    reply = ask(doc, "POST", "/models/sync").json
    assert reply["message"] == "Models list synchronized successfully"
    assert [item["name"] for item in reply["data"]["models"]] == ["added.gguf", NAME]
    assert reply["data"]["count"] == 2


def test_an_upload_is_stored_byte_for_byte(doc: ServerProcess, doc_folder: Path) -> None:
    content = b"GGUF" + bytes(300_000) + b"\r\n--not the boundary\r\n" + MODEL.read_bytes() + bytes(200_000)
    reply = upload(doc, "model.gguf", content)
    assert reply.status == 200
    assert reply.json["message"] == "File uploaded successfully"
    assert reply.json["filename"] == reply.json["model_info"]["name"] == "model.gguf"
    assert (doc_folder / "model.gguf").read_bytes() == content
    assert not list(doc_folder.glob("*.part"))


@pytest.mark.parametrize(
    ("filename", "field", "status", "error"),
    [
        ("model.gguf", "upload", 400, "No file part in the request"),
        (None, "file", 400, "No file part in the request"),
        ("", "file", 400, "No file selected"),
        ("model.bin", "file", 400, "Invalid file type. Only gguf files are allowed"),
        (NAME, "file", 409, "File already exists"),
    ],
)
def test_an_upload_is_refused_after_its_whole_body(
    doc: ServerProcess, doc_folder: Path, filename: str | None, field: str, status: int, error: str
) -> None:
    body, headers = form(filename, bytes(MIB), field)
    reply = ask(doc, "POST", "/models", body, headers)
    assert (reply.status, reply.json) == (status, {"error": error})
    assert doc.requests("/models", "POST")[-1]["bytes_received"] == len(body)
    assert [path.name for path in doc_folder.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_no_form_has_no_file_part(doc: ServerProcess, content_type: str) -> None:
    reply = ask(doc, "POST", "/models", b"GGUF", {"Content-Type": content_type})
    assert (reply.status, reply.json) == (400, {"error": "No file part in the request"})


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("my model (1).gguf", "my_model_1.gguf"),
        ("folder/inner.gguf", "folder_inner.gguf"),
        ("UPPER.GGUF", "UPPER.gguf"),
        ("模型.gguf", "gguf.gguf"),
    ],
)
def test_a_file_name_is_made_safe(doc: ServerProcess, doc_folder: Path, sent: str, stored: str) -> None:
    assert upload(doc, sent, b"GGUF").json["filename"] == stored
    assert (doc_folder / stored).exists()


def test_a_cancelled_upload_leaves_nothing_behind(doc: ServerProcess, doc_folder: Path) -> None:
    with open_upload(doc, "half.gguf", 10 * MIB) as connection:
        connection.sendall(bytes(MIB))
        doc.wait_for_request("/models", "POST", bytes_received=MIB)
        assert list(doc_folder.glob("*.part")), "it is written to the folder as it arrives"
    doc.wait_until(lambda: [path.name for path in doc_folder.iterdir()] == [NAME])


def test_a_file_over_the_limit_gets_a_readable_413_page(start: Start) -> None:
    server = start("--max-content-length", "1000")
    reply = upload(server, "big.gguf", bytes(2000))
    assert reply.status == 413
    assert "Request Entity Too Large" in reply.html
    assert reply.allowed_origin == ORIGIN


@pytest.mark.parametrize("name", [NAME, NAME.removesuffix(".gguf")])
def test_a_model_is_deleted_with_or_without_extension(
    doc: ServerProcess, doc_folder: Path, name: str
) -> None:
    reply = ask(doc, "DELETE", f"/models/{name}")
    assert reply.json == {"message": "Model deleted successfully", "filename": NAME, "remaining_models": 0}
    assert not list(doc_folder.iterdir())


@pytest.mark.parametrize("name", ["nope", "nope.gguf", "..", "%2e%2e"])
def test_deleting_an_unknown_model_is_a_404(doc: ServerProcess, name: str) -> None:
    reply = ask(doc, "DELETE", f"/models/{name}")
    assert (reply.status, reply.json) == (404, {"error": "Model not found"})


def test_a_question_gets_the_real_answer_of_the_model(doc: ServerProcess) -> None:
    reply = ask(doc, "POST", "/generate", FRANCE)
    assert reply.status == 200
    answer = reply.json
    assert 0 < answer.pop("processing_time") < 20
    assert 5 <= answer.pop("token_count") <= 12
    assert answer == {"success": True, "response": PARIS, "model_used": NAME}


def test_a_model_may_be_named_without_extension(doc: ServerProcess) -> None:
    answer = ask(doc, "POST", "/generate", FRANCE | {"model_name": NAME.removesuffix(".gguf")}).json
    assert (answer["response"], answer["model_used"]) == (PARIS, NAME.removesuffix(".gguf"))


@pytest.mark.parametrize("temperature", [0, 0.6, 1.2])
def test_the_same_question_gets_the_same_answer(doc: ServerProcess, temperature: float) -> None:
    answers = {
        ask(doc, "POST", "/generate", FRANCE | {"temperature": temperature}).json["response"]
        for _ in range(3)
    }
    assert answers == {PARIS}


def test_temperature_reaches_the_model(doc: ServerProcess) -> None:
    unsure = {"question": "Why?", "model_name": NAME, "template": "{question}"}
    cold, hot = (ask(doc, "POST", "/generate", unsure | {"temperature": t}).json["response"] for t in (0, 50))
    assert cold != hot


def test_a_template_is_the_whole_prompt(doc: ServerProcess) -> None:
    assert ask(doc, "POST", "/generate", FRANCE | {"template": CHATML}).json["response"] == PARIS


def test_a_template_without_placeholder_ignores_the_question(doc: ServerProcess) -> None:
    template = CHATML.replace("{question}", "What is the capital of Italy?")
    answer = ask(doc, "POST", "/generate", FRANCE | {"template": template}).json
    assert answer["response"] == "The capital of Italy is Rome."


def test_an_empty_template_is_an_empty_prompt(doc: ServerProcess) -> None:
    answer = ask(doc, "POST", "/generate", FRANCE | {"template": ""}).json
    assert answer["success"]
    assert answer["response"] != PARIS


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"template": "{question} {other}"}, "Missing some input keys: {'other'}"),
        ({"template": "{question"}, "expected '}' before end of string"),
        ({"template": "{question.__class__.nothing}"}, "type object 'str' has no attribute 'nothing'"),
        ({"n_batch": "many"}, "n_batch must be an integer, not 'many'"),
        ({"temperature": "hot"}, "temperature must be a number, not 'hot'"),
        ({"question": "word " * 2000}, "Requested tokens (4012) exceed context window of 1024"),
    ],
)
def test_a_failed_generation_says_why(doc: ServerProcess, fields: dict[str, object], error: str) -> None:
    reply = ask(doc, "POST", "/generate", FRANCE | fields)
    assert reply.status == 500
    assert reply.json == {"success": False, "error": f"Failed to generate response: {error}"}


def test_a_file_that_is_no_model_fails_only_when_it_is_used(doc: ServerProcess) -> None:
    assert upload(doc, "notreally.gguf", b"NOPE").status == 200
    reply = ask(doc, "POST", "/generate", FRANCE | {"model_name": "notreally"})
    error = "Failed to generate response: Failed to load model from file: ./models/notreally.gguf"
    assert (reply.status, reply.json) == (500, {"success": False, "error": error})
    assert ask(doc, "GET", "/cache/status").json["count"] == 0


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (None, 400, "Request body is required"),
        ({}, 400, "Request body is required"),
        (b"{broken", 400, "Request body is required"),
        (b"[1]", 400, "Request body is required"),
        ({"model_name": NAME}, 400, "Question is required"),
        ({"question": "", "model_name": NAME}, 400, "Question is required"),
        ({"question": "hi"}, 400, "Model name is required"),
        ({"question": "hi", "model_name": "nope"}, 404, "Model not found"),
        ({"question": "hi", "model_name": f"../models/{NAME}"}, 404, "Model not found"),
    ],
)
def test_an_incomplete_generate_request_is_refused(
    doc: ServerProcess, body: object, status: int, error: str
) -> None:
    reply = ask(doc, "POST", "/generate", body, {"Content-Type": "application/json"})
    assert (reply.status, reply.json) == (status, {"error": error})


@pytest.mark.parametrize(
    "parameters", [{"n_gpu_layers": 0}, {"n_batch": 1}, {"n_batch": 64, "n_gpu_layers": -1}]
)
def test_any_number_of_layers_and_any_batch_size_works(
    doc: ServerProcess, parameters: dict[str, int]
) -> None:
    assert ask(doc, "POST", "/generate", FRANCE | parameters).json["response"] == PARIS


def test_the_cache_tells_which_models_are_loaded_and_frees_them(doc: ServerProcess) -> None:
    assert ask(doc, "GET", "/cache/status").json == {"cached_models": [], "count": 0}
    ask(doc, "POST", "/generate", FRANCE)
    ask(doc, "POST", "/generate", FRANCE | {"n_batch": 64})
    assert ask(doc, "GET", "/cache/status").json == {"cached_models": [NAME], "count": 1}
    [model] = doc.loaded()
    assert model.answers()
    assert ask(doc, "POST", "/cache/clear").json == {"message": "Cache cleared successfully"}
    assert ask(doc, "GET", "/cache/status").json == {"cached_models": [], "count": 0}
    assert not model.answers(), "its process has ended, so its memory is free"


def test_the_least_recently_used_model_is_given_up(doc: ServerProcess, doc_folder: Path) -> None:
    names = [f"copy-{number}.gguf" for number in range(5)]
    loaded = []
    for name in names:
        (doc_folder / name).write_bytes(MODEL.read_bytes())
        assert ask(doc, "POST", "/generate", FRANCE | {"model_name": name}).json["response"] == PARIS
        loaded.append(doc.loaded()[-1])
    assert ask(doc, "GET", "/cache/status").json == {"cached_models": names[1:], "count": 4}
    assert [model.answers() for model in loaded] == [False, True, True, True, True]


def test_a_deleted_model_leaves_the_cache(doc: ServerProcess) -> None:
    ask(doc, "POST", "/generate", FRANCE)
    ask(doc, "DELETE", f"/models/{NAME}")
    assert ask(doc, "GET", "/cache/status").json["count"] == 0


def test_a_crashed_model_is_loaded_again(doc: ServerProcess) -> None:
    ask(doc, "POST", "/generate", FRANCE)
    [model] = doc.loaded()
    model.kill()
    doc.wait_until(lambda: not model.answers())
    assert ask(doc, "POST", "/generate", FRANCE).json["response"] == PARIS


def test_an_answer_echoes_the_origin_of_the_page(doc: ServerProcess) -> None:
    for path in ("/health", "/nowhere"):
        reply = ask(doc, "GET", path)
        assert (reply.allowed_origin, reply.headers["vary"]) == (ORIGIN, "Origin")


def test_a_preflight_gets_back_what_it_asked_for(doc: ServerProcess) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    reply = ask(doc, "OPTIONS", "/generate", headers=asked)
    assert (reply.status, reply.body, reply.allowed_origin) == (200, b"", ORIGIN)
    assert reply.headers["access-control-allow-headers"] == "content-type"
    assert reply.headers["access-control-allow-methods"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
    assert "access-control-max-age" not in reply.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/generate", 405, "Method Not Allowed"),
        ("GET", "/nowhere", 404, "Not Found"),
        ("DELETE", "/models/a%2Fb", 404, "Not Found"),
    ],
)
def test_a_wrong_path_or_method_gets_the_frameworks_page(
    doc: ServerProcess, method: str, path: str, status: int, title: str
) -> None:
    reply = ask(doc, method, path)
    assert reply.status == status
    assert f"<h1>{title}</h1>" in reply.html
    assert reply.allowed_origin == ORIGIN


def test_the_prefix_can_be_changed(start: Start) -> None:
    server = start("--prefix", "/llm/")
    assert server.base_url.endswith("/llm")
    assert ask(server, "GET", "/health").status == 200


def test_the_context_length_can_be_changed(start: Start) -> None:
    server = start("--n-ctx", "256")
    reply = ask(server, "POST", "/generate", FRANCE | {"question": "word " * 300})
    assert reply.json["error"].endswith("exceed context window of 256")
