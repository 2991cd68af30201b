"""Images on other servers are asked for one by one, when the user says so."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.prose import AnswersPage
from tests.browser.watch import Watch

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class ImageServer(ThreadingHTTPServer):
    """Serves an image at every path: at /open… to every page, at /moved… from another place, else to its own pages."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: ImageServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        self.send_response(302 if self.path.startswith("/moved") else 200)
        if not self.path.startswith("/closed"):
            self.send_header("Access-Control-Allow-Origin", "*")
        if self.path.startswith("/moved"):
            self.send_header("Location", "/open.png")
        self.send_header("Content-Type", "text/html" if self.path.startswith("/open-page") else "image/png")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def images(module_watch: Watch) -> Iterator[ImageServer]:
    with ImageServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        module_watch.allow_host(server.url)
        yield server
        server.shutdown()


def test_an_image_is_not_asked_for_but_offered_with_its_host(
    answers: AnswersPage, answer: Locator, images: ImageServer
) -> None:
    answers.call("show", f"![a dot]({images.url}/open.png)")
    expect(answer.get_by_text(f"Image from 127.0.0.1:{images.server_port}: a dot")).to_be_visible()
    expect(answer.get_by_role("button", name="Load image")).to_be_visible()
    answers.page.wait_for_timeout(300)
    assert images.asked == []


def test_a_linked_image_is_offered_beside_its_link(
    answers: AnswersPage, answer: Locator, images: ImageServer
) -> None:
    answers.call("show", f"[![a dot]({images.url}/open.png)](https://a.example/page)")
    expect(answer.get_by_role("button", name="Load image")).to_be_visible()
    link = answer.get_by_role("link", name="https://a.example/page")
    assert link.get_attribute("href") == "https://a.example/page"
    assert link.get_by_role("button").count() == 0


def test_load_image_loads_that_image_and_no_other(
    answers: AnswersPage, answer: Locator, images: ImageServer
) -> None:
    answers.call("show", f"![one]({images.url}/open1.png) and ![two]({images.url}/open2.png)")
    answer.get_by_role("button", name="Load image").first.click()
    expect(answer.get_by_role("img", name="one")).to_be_visible()
    assert [path for path, _ in images.asked] == ["/open1.png"]
    expect(answer.get_by_role("button", name="Load image")).to_have_count(1)


def test_who_loads_an_image_with_the_keyboard_is_then_on_the_image(
    answers: AnswersPage, answer: Locator, images: ImageServer
) -> None:
    answers.call("show", f"![one]({images.url}/open1.png)")
    answer.get_by_role("button", name="Load image").press("Enter")
    expect(answer.get_by_role("img", name="one")).to_be_focused()


def test_the_server_is_not_told_who_asks(answers: AnswersPage, answer: Locator, images: ImageServer) -> None:
    answers.call("show", f"![a dot]({images.url}/open.png)")
    answer.get_by_role("button", name="Load image").click()
    expect(answer.get_by_role("img", name="a dot")).to_be_visible()
    [(_, headers)] = images.asked
    assert not {"cookie", "referer", "authorization"} & headers.keys()


def test_consent_outlives_further_renderings_and_loads_nothing_else(
    answers: AnswersPage, answer: Locator, images: ImageServer
) -> None:
    text = f"![one]({images.url}/open1.png) then"
    answers.call("begin", text)
    answer.get_by_role("button", name="Load image").click()
    expect(answer.get_by_role("img", name="one")).to_be_visible()
    answers.call("go_on", f" more words and ![two]({images.url}/open2.png) come")
    expect(answer.get_by_role("img", name="one")).to_be_visible()
    assert [path for path, _ in images.asked] == ["/open1.png"]


@pytest.mark.parametrize(
    ("path", "logged"),
    [("/closed.png", "CORS policy"), ("/moved.png", "ERR_FAILED"), ("/open-page", None)],
    ids=["other pages may not read it", "it has moved", "it is no image"],
)
def test_an_image_that_cannot_be_shown_can_be_opened(
    answers: AnswersPage,
    answer: Locator,
    images: ImageServer,
    module_watch: Watch,
    path: str,
    logged: str | None,
) -> None:
    if logged:
        module_watch.expect_error(logged)
        module_watch.expect_error("net::ERR_FAILED")
    answers.call("show", f"![a dot]({images.url}{path})")
    answer.get_by_role("button", name="Load image").click()
    expect(answer.get_by_role("link", name="Open image")).to_have_attribute("href", f"{images.url}{path}")
    assert [asked for asked, _ in images.asked] == [path]
