"""What goes along with a message: files that are picked, pasted and dropped, their size before they are sent."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.dropping import drop
from tests.browser.hosted_apis import Hosted
from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

SCRIPTED = "markdown-8000-at-2000"
"""A model that reads nothing and answers anything."""

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

PASTE = """(field, [name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def pdf(text: str) -> bytes:
    """A PDF of one page with one line of text."""
    content = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return file + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(file)


def test_files_are_picked_pasted_and_dropped_measured_and_sent(hosted: Hosted, tmp_path: Path) -> None:
    hosted.add_connected().choose(SCRIPTED)
    page, chat = hosted.berth.page, hosted.berth.chat
    files = {
        "notes.md": b"# Notes\n\n" + b"The harbour is deep. " * 100,
        "berths.csv": b"berth,length\nA,120\nB,80\n",
        "letter.pdf": pdf("A letter about lighthouses"),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    attachments = page.get_by_role("list", name="Attachments")
    page.get_by_label("Attach files").set_input_files([tmp_path / "notes.md", tmp_path / "letter.pdf"])
    drop(page, chat.log, [tmp_path / "berths.csv"])
    hosted.berth.message.evaluate(PASTE, ["shot.png", "image/png", base64.b64encode(PIXEL).decode()])
    expect(attachments.get_by_role("listitem")).to_have_count(4)
    for name in (*files, "shot.png"):
        expect(attachments.get_by_role("listitem").filter(has_text=name)).to_contain_text("tokens")
    expect(page.locator("footer").get_by_text(re.compile(r"^\S+ tokens$"))).to_be_visible()
    page.get_by_role("button", name="Remove berths.csv").click()
    drop(page, chat.log, [tmp_path / "berths.csv"])
    expect(attachments.get_by_role("listitem")).to_have_count(4)

    chat.ask("What do these say?")
    expect(chat.questions.get_by_role("listitem")).to_have_count(4)
    expect(attachments).to_be_hidden()
    expect(chat.answers(SCRIPTED).last.get_by_role("heading").first).to_be_visible()
    chat.stop.click()
    (request,) = hosted.server.requests("/chat/completions", "POST")
    sent = json.loads(request["body"])["messages"][-1]["content"]
    said = "".join(part.get("text", "") for part in sent)
    for words in ("The harbour is deep.", "A,120", "A letter about lighthouses", "What do these say?"):
        assert words in said
    (image,) = [part["image_url"]["url"] for part in sent if part["type"] == "image_url"]
    assert image.startswith("data:image/png;base64,")


def test_what_cannot_go_along_is_explained_and_nothing_is_lost(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("scan.pdf was not attached.")
    watch.expect_error("data.bin was not attached.")
    api.add_model()
    page = docked.open_connected().page
    (tmp_path / "scan.pdf").write_bytes(pdf(""))
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "shot.png").write_bytes(PIXEL)
    chooser = page.get_by_label("Attach files")
    chooser.set_input_files([tmp_path / name for name in ("scan.pdf", "data.bin", "shot.png")])
    expect(docked.problems.filter(has_text="There is no text in it")).to_be_visible()
    expect(docked.problems.filter(has_text="neither text nor an image")).to_be_visible()
    docked.chat.ask("What is on it?")
    expect(docked.chat.problem).to_contain_text("takes no images")
    expect(docked.message).to_have_value("What is on it?")
    page.get_by_role("button", name="Remove shot.png").click()
    docked.message.fill("What is the capital of France?")
    docked.chat.send.click()
    expect(docked.chat.log).to_contain_text("Paris")
