"""The development server, over real connections."""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPResponse

import pytest

from dev.paths import ROOT, VENDOR
from dev.server import FOR_EVER, REVALIDATE

WASM = "/static/vendor/pyodide/pyodide.asm.wasm"


def get(connection: HTTPConnection, target: str, method: str = "GET", **headers: str) -> HTTPResponse:
    connection.request(
        method, target, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    return connection.getresponse()


def versioned(connection: HTTPConnection, name: str) -> str:
    """The address under which index.html names a file of static/."""
    html = get(connection, "/").read().decode()
    found = re.search(rf'"\./(static@[0-9a-f]{{16}}/{re.escape(name)})"', html)
    assert found, f"index.html does not name {name}"
    return "/" + found[1]


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/pyscript.toml", "application/toml"),
        ("/app/start.py", "text/x-python; charset=utf-8"),
        ("/static/js/boot.mjs", "text/javascript; charset=utf-8"),
        (WASM, "application/wasm"),
        ("/static/vendor/app/app.zip", "application/zip"),
        ("/static/vendor/icons/icons.svg", "image/svg+xml"),
    ],
)
def test_media_types(connection: HTTPConnection, target: str, media_type: str) -> None:
    reply = get(connection, target, "HEAD")
    reply.read()
    assert (reply.status, reply.headers["Content-Type"]) == (200, media_type)


@pytest.mark.parametrize(
    "target",
    [
        "/.git/config",
        "/.npmrc",
        "/.venv/pyvenv.cfg",
        "/static/../.git/config",
        "/static/%2e%2e/.git/config",
        "/static/..%2f.npmrc",
        "/static/..\\.npmrc",
        "/static/js/%00boot.mjs",
        "/static",
        "/static/",
        "/app/",
        "/dev/cli.py",
        "/node_modules/idb/package.json",
        "/package.json",
        "/pyproject.toml",
        "/serve_dev.py",
        "/tests/conftest.py",
        "//etc/passwd",
        "/static/js/none.mjs",
    ],
)
def test_only_the_page_is_served(connection: HTTPConnection, target: str) -> None:
    reply = get(connection, target)
    assert (reply.status, reply.read()) == (404, b"There is nothing here.\n")


@pytest.mark.parametrize("target", ["/", WASM, "/nothing"])
def test_every_reply_has_the_security_headers(connection: HTTPConnection, target: str) -> None:
    reply = get(connection, target, "HEAD")
    reply.read()
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Embedder-Policy"] in {"require-corp", "credentialless"}
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in reply.headers["Permissions-Policy"]
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


def test_a_connection_serves_many_requests(connection: HTTPConnection) -> None:
    get(connection, "/").read()
    first = connection.sock
    get(connection, WASM, Range="bytes=0-99").read()
    get(connection, "/nothing").read()
    assert connection.sock is first


def test_head_sends_no_body(connection: HTTPConnection) -> None:
    reply = get(connection, WASM, "HEAD")
    assert reply.read() == b""
    assert int(reply.headers["Content-Length"]) == (VENDOR / "pyodide" / "pyodide.asm.wasm").stat().st_size


def test_what_did_not_change_is_not_sent_again(connection: HTTPConnection) -> None:
    first = get(connection, "/static/js/boot.mjs")
    first.read()
    again = get(connection, "/static/js/boot.mjs", If_None_Match=first.headers["ETag"])
    assert (again.status, again.read()) == (304, b"")
    assert first.headers["Cache-Control"] == REVALIDATE


def test_a_versioned_address_may_be_kept_for_ever(connection: HTTPConnection) -> None:
    reply = get(connection, versioned(connection, "js/boot.mjs"))
    assert reply.read() == (ROOT / "static" / "js" / "boot.mjs").read_bytes()
    assert reply.headers["Cache-Control"] == FOR_EVER


def test_an_unknown_version_is_served_but_not_kept(connection: HTTPConnection) -> None:
    reply = get(connection, "/static@0123456789abcdef/js/boot.mjs")
    reply.read()
    assert (reply.status, reply.headers["Cache-Control"]) == (200, REVALIDATE)


def test_the_configuration_has_the_version_of_the_page(connection: HTTPConnection) -> None:
    version = versioned(connection, "js/boot.mjs").split("/")[1]
    html = get(connection, "/").read().decode()
    config = re.search(r'config="\./(pyscript\.toml\?version=[0-9a-f]{16})"', html)
    assert config
    assert f'"./{version}/js/pyodide-shim.mjs"' in get(connection, "/" + config[1]).read().decode()


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "length"),
    [
        ("bytes=0-3", 206, "bytes 0-3/{size}", 4),
        ("bytes=10-", 206, "bytes 10-{last}/{size}", -10),
        ("bytes=-5", 206, "bytes {tail}-{last}/{size}", 5),
        ("bytes=0-999999999999", 206, "bytes 0-{last}/{size}", 0),
        ("bytes=999999999999-", 416, "bytes */{size}", None),
        ("lines=1-2", 200, None, 0),
        ("bytes=0-1,4-5", 200, None, 0),
    ],
)
def test_ranges(
    connection: HTTPConnection, asked: str, status: int, content_range: str | None, length: int | None
) -> None:
    data = (VENDOR / "pyodide" / "pyodide.mjs").read_bytes()
    size = len(data)
    reply = get(connection, "/static/vendor/pyodide/pyodide.mjs", Range=asked)
    body = reply.read()
    assert reply.status == status
    expected = content_range and content_range.format(size=size, last=size - 1, tail=size - 5)
    assert reply.headers["Content-Range"] == expected
    if length is not None:
        assert len(body) == (length if length > 0 else size + length)
        assert body in data
