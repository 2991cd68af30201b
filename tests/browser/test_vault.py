"""Where keys are kept: what each way stores, locking and unlocking, and that a key's text is nowhere it must not be."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.hosted_apis import ANSWER, KEY, NAME, QUESTION, Hosted
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess

PASSPHRASE = "correct horse battery staple"
OTHER_PASSPHRASE = "seven green lighthouses sing"

STORED = """async () => {
  const all = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((ok, no) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => ok(request.result);
      request.onerror = () => no(request.error);
    });
    for (const store of database.objectStoreNames) {
      const records = await new Promise((ok) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => ok(request.result);
      });
      all.push({ name, store, records });
    }
    database.close();
  }
  return JSON.stringify([all, { ...localStorage }, { ...sessionStorage }]);
}"""


IN_PYTHON = """
import gc
def texts():
    for thing in gc.get_objects():
        for text in gc.get_referents(thing):
            if isinstance(text, str) and {reversed!r} in text[::-1]:
                yield f"{{type(thing)}} {{str(thing)[:200]}} {{text}}"
gc.collect()
next(texts(), "")
"""
"""The first text in Python's memory that holds a secret, which stands here backwards so as not to be found itself."""


def stored(page: Page) -> str:
    """Everything that the page has stored, as JSON."""
    return str(page.evaluate(STORED))


def secrets(page: Page) -> list[dict[str, Any]]:
    """The records of the vault."""
    databases = json.loads(stored(page))[0]
    return [record for each in databases if each["store"] == "secrets" for record in each["records"]]


def forms_of(secret: str) -> set[str]:
    """The texts in which a secret may hide."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, secret[::-1], encoded, secret.encode().hex()}


def with_passphrase(hosted: Hosted) -> Hosted:
    hosted.add_connected()
    hosted.berth.connections.vault.use_passphrase(PASSPHRASE)
    expect(hosted.berth.connections.vault.state).to_have_text("Unlocked")
    return hosted


def places_with(berth: BerthPage, watch: Watch, secret: str) -> list[str]:
    """The places in and around the page where a secret stands, in any of its forms."""
    page = berth.page
    places = {
        "storage": stored(page),
        "document": page.content(),
        "values": page.evaluate(
            "() => JSON.stringify([...document.querySelectorAll('input, textarea')].map(i => i.value))"
        ),
        "console": "\n".join(watch.console),
        "addresses": "\n".join(watch.requests),
        "globals": page.evaluate("() => Object.keys(globalThis).map(k => `${k}=${globalThis[k]}`).join()"),
        "history": page.evaluate("() => JSON.stringify([history.state, location.href, document.cookie])"),
        "Python": str(berth.run_python(IN_PYTHON.format(reversed=secret[::-1]))),
    }
    return [place for place, text in places.items() if any(form in text for form in forms_of(secret))]


def test_with_a_passphrase_a_saved_key_is_nowhere_while_locked(hosted: Hosted, watch: Watch) -> None:
    with_passphrase(hosted).choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    hosted.berth.connections.vault.lock.click()
    expect(hosted.berth.connections.vault.state).to_have_text("Locked")
    assert places_with(hosted.berth, watch, KEY) == []
    hosted.berth.reload()
    expect(hosted.berth.connections.vault.state).to_have_text("Locked")
    assert places_with(hosted.berth, watch, KEY) == []
    assert {"storage", "document", "Python"} <= set(places_with(hosted.berth, watch, NAME))
    record = next(one for one in secrets(hosted.berth.page) if one["id"] == "vault")
    assert (record["mode"], record["rounds"] >= 600_000) == ("passphrase", True)


def test_the_key_goes_to_its_own_host_only_and_into_no_record(hosted: Hosted) -> None:
    seen: list[str] = []
    hosted.berth.page.on(
        "request", lambda request: seen.append(f"{request.url} {request.headers} {request.post_data}")
    )
    hosted.add_connected().choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    with_key = [line for line in seen if KEY in line]
    assert with_key
    assert all(line.startswith(hosted.server.base_url) for line in with_key)
    text = stored(hosted.berth.page)
    assert not any(form in text for form in forms_of(KEY))
    assert len(secrets(hosted.berth.page)) == 2


def test_in_this_tab_only_nothing_is_stored_and_a_reload_forgets(hosted: Hosted) -> None:
    hosted.berth.go("Connections")
    hosted.berth.connections.vault.way("This tab only").check()
    hosted.add_connected().choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    assert [record["id"] for record in secrets(hosted.berth.page)] == ["vault"]
    hosted.berth.reload()
    answer = hosted.ask("What is the capital of Japan?")
    expect(answer.get_by_role("alert")).to_contain_text(f"The key of {NAME} is not here any more.")
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Its key has to be entered again")
    expect(hosted.berth.connections.vault.way("This tab only")).to_be_checked()


def test_a_question_waits_for_the_passphrase(hosted: Hosted) -> None:
    with_passphrase(hosted)
    hosted.berth.reload()
    answer = hosted.choose().ask()
    vault = hosted.berth.connections.vault
    expect(vault.dialog).to_be_visible()
    assert hosted.keys_seen() == []
    vault.answer("not the passphrase")
    expect(vault.dialog).to_contain_text("This is not the passphrase.")
    vault.answer(PASSPHRASE)
    expect(vault.dialog).to_be_hidden()
    expect(answer).to_contain_text(ANSWER)
    assert hosted.keys_seen() == [f"Bearer {KEY}"]


def test_a_question_that_is_not_unlocked_stays_and_can_be_sent_again(hosted: Hosted) -> None:
    with_passphrase(hosted)
    hosted.berth.reload()
    answer = hosted.choose().ask()
    vault = hosted.berth.connections.vault
    vault.dialog.get_by_role("button", name="Cancel").click()
    expect(answer.get_by_role("alert")).to_contain_text("The keys are locked.")
    expect(hosted.berth.chat.questions.last).to_have_text(QUESTION)
    hosted.berth.chat.try_again(answer)
    vault.answer(PASSPHRASE)
    expect(hosted.berth.chat.log.get_by_role("article").last).to_contain_text(ANSWER)


def test_lock_now_locks_every_tab(hosted: Hosted, page_url: str) -> None:
    with_passphrase(hosted)
    other = BerthPage(hosted.berth.page.context.new_page(), page_url).open("#/connections")
    expect(other.connections.vault.state).to_have_text("Locked")
    other.connections.vault.unlock.click()
    other.connections.vault.answer(PASSPHRASE)
    expect(other.connections.vault.state).to_have_text("Unlocked")
    hosted.berth.connections.vault.lock.click()
    expect(hosted.berth.connections.vault.state).to_have_text("Locked")
    expect(other.connections.vault.state).to_have_text("Locked")


def test_a_changed_passphrase_opens_and_the_old_one_does_not(hosted: Hosted) -> None:
    with_passphrase(hosted)
    vault = hosted.berth.connections.vault
    vault.region.locator("summary").click()
    for label, text in (
        ("Passphrase until now", PASSPHRASE),
        ("New passphrase", OTHER_PASSPHRASE),
        ("New passphrase again", OTHER_PASSPHRASE),
    ):
        vault.region.get_by_role("textbox", name=label, exact=True).fill(text)
    sealed = [record for record in secrets(hosted.berth.page) if record["id"] != "vault"]
    vault.region.get_by_role("button", name="Change the passphrase").click()
    expect(hosted.berth.news.filter(has_text="The passphrase was changed.")).to_be_visible()
    assert [record for record in secrets(hosted.berth.page) if record["id"] != "vault"] == sealed
    vault.lock.click()
    vault.unlock.click()
    vault.answer(PASSPHRASE)
    expect(vault.dialog).to_contain_text("This is not the passphrase.")
    vault.answer(OTHER_PASSPHRASE)
    expect(vault.state).to_have_text("Unlocked")
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)


def test_a_forgotten_passphrase_takes_the_keys_with_it_and_says_so(hosted: Hosted) -> None:
    with_passphrase(hosted)
    hosted.berth.connections.vault.lock.click()
    hosted.berth.connections.vault.forgot.click()
    dialog = hosted.berth.page.get_by_role("dialog", name="Delete all keys?")
    expect(dialog).to_contain_text("Without the passphrase nobody can read them.")
    dialog.get_by_role("button", name="Delete all keys").click()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Its key has to be entered again")
    assert [record["id"] for record in secrets(hosted.berth.page)] == ["vault"]
    hosted.berth.connections.press("Edit", NAME)
    hosted.berth.connections.form.key.fill(KEY)
    hosted.berth.connections.form.finish()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Connected")


def test_each_way_says_what_it_does_not_protect_from(hosted: Hosted) -> None:
    hosted.berth.go("Connections")
    for label, lacks in (
        ("This tab only", "after each reload"),
        ("This device", "what unlocks the keys lies beside them"),
        ("This device, with a passphrase", "the keys are gone then"),
    ):
        described = hosted.berth.connections.vault.way(label).get_attribute("aria-describedby")
        expect(hosted.berth.page.locator(f"#{described}")).to_contain_text(lacks)


def files_with(folder: Path, secret: str) -> list[str]:
    """The files below a folder that hold a secret, in any of its forms."""
    forms = {form.encode(encoding) for form in forms_of(secret) for encoding in ("utf-8", "utf-16-le")}
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if any(form in path.read_bytes() for form in forms)]


def test_with_a_passphrase_the_key_is_in_no_file_of_the_browser(
    chromium: Browser, hosted_process: ServerProcess, page_url: str, tmp_path: Path
) -> None:
    """The key is given after the passphrase was chosen, used, and then looked for in the whole closed profile."""
    context = chromium.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=executable(), args=ARGUMENTS, locale="en-US"
    )
    page = context.new_page()
    page.route("http://127.0.0.1:5000/**", lambda route: route.abort())
    berth = BerthPage(page, page_url).open("#/connections")
    berth.connections.vault.use_passphrase(PASSPHRASE)
    expect(berth.connections.vault.state).to_have_text("Unlocked")
    hosted_process.set_faults({})
    hosted = Hosted(berth, hosted_process).add_connected().choose()
    expect(hosted.ask(f"{QUESTION} A word to find: lighthousekeeper")).to_be_visible()
    expect(berth.chat.stop).to_be_hidden()
    berth.reload()
    expect(berth.chat.questions.last).to_contain_text("lighthousekeeper")
    context.close()
    assert files_with(tmp_path, "lighthousekeeper") != []
    assert files_with(tmp_path, KEY) == []
    assert files_with(tmp_path, PASSPHRASE) == []
