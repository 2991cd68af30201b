"""A database that is full: nothing stored is lost, the answer stays on the page, and it is said what to delete."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.hosted_apis import ANSWER, KEY, MODEL, NAME, QUESTION
from tests.browser.pages import BerthPage
from tests.servers.process import ServerProcess

QUOTA = 8_000_000


def fill(page: Page) -> None:
    """Take all the room that the page may have: with noise, which nothing can make smaller."""
    page.evaluate(
        """async () => {
          const database = await new Promise((ok, no) => {
            const request = indexedDB.open("filler");
            request.onupgradeneeded = () => request.result.createObjectStore("noise", { autoIncrement: true });
            request.onsuccess = () => ok(request.result);
            request.onerror = () => no(request.error);
          });
          const put = (size) => new Promise((ok) => {
            const noise = new Uint8Array(size);
            for (let at = 0; at < size; at += 65536) crypto.getRandomValues(noise.subarray(at, at + 65536));
            const transaction = database.transaction("noise", "readwrite");
            transaction.objectStore("noise").add(noise);
            transaction.oncomplete = () => ok(true);
            transaction.onabort = () => ok(false);
          });
          for (let size = 1 << 19; size >= 64; size >>= 1) while (await put(size));
          database.close();
        }"""
    )


def make_room(page: Page) -> None:
    page.evaluate("() => new Promise((ok) => { indexedDB.deleteDatabase('filler').onsuccess = () => ok(); })")


def test_a_full_database_loses_nothing_and_the_answer_is_stored_when_there_is_room_again(
    chromium: Browser, page_url: str, hosted_process: ServerProcess, tmp_path: Path
) -> None:
    """In a profile on the disk, and limited before its first write: only so the limit of Chromium's tools holds."""
    with chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=executable(), args=ARGUMENTS, locale="en-US"
    ) as context:
        page = context.new_page()
        origin = page_url.rstrip("/")
        tools = context.new_cdp_session(page)
        tools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": QUOTA})
        berth = BerthPage(page, page_url).open("#/connections")
        berth.connections.add(NAME, hosted_process.base_url, KEY)
        expect(berth.connections.row(NAME)).to_contain_text("Connected, 5 models")
        berth.go("Chat")
        berth.chat.model.select_option(label=MODEL)
        berth.chat.ask(QUESTION)
        answer = berth.chat.log.get_by_role("article").last
        expect(answer).to_contain_text("tokens")
        fill(page)
        berth.chat.ask("What is the capital of Japan?")
        expect(answer).to_contain_text("Tokyo")
        expect(
            berth.problems.filter(has_text="make room: delete models or old conversations")
        ).to_be_visible()
        make_room(page)
        expect(berth.news.filter(has_text="The answer is stored now.")).to_be_visible(timeout=60_000)
        berth.reload()
        expect(berth.chat.log).to_contain_text(ANSWER)
        expect(answer).to_contain_text("Tokyo")
