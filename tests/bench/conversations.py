"""How quick ten thousand conversations are: `python3 -m tests.bench.conversations [count]`.

Fills the database of a fresh profile with conversations of eleven messages, starts the browser again, and measures in
the page's interpreter: the list, opening, loading the search, searching, and the memory that all of it takes.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from app.core.conversation_records import heading_record, message_record
from app.core.conversations import Heading, Message
from app.core.messages import Role
from app.core.search import Entry, Signature, fold
from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.in_page import InPage

MESSAGES = 11
WORDS = 85
"""Words in a message, about 500 letters."""

NOW = 1_800_000_000.0
RARE = "zeugmatic"
"""A word in exactly one conversation."""

COMMIT = """async ([base, writes]) => {
  const { open, commit } = await import(`${base}static/js/database.mjs`);
  globalThis.seeding ??= (await open("berth", () => {})).database;
  await commit(globalThis.seeding, writes, false);
}"""

WATCH_TASKS = """() => {
  globalThis.longTasks = new PerformanceObserver(() => {});
  longTasks.observe({ type: "longtask" });
}"""

MEASURE = """
import asyncio, js, random, time
from app.browser.clock import BrowserClock
from app.browser.locks import BrowserLocks
from app.browser.records import BrowserRecords
from app.browser.tabs import BrowserTabs
from app.core.listing import Listing
from app.services.answers import AnswerHooks, Answers
from app.services.archive import Archive
from app.services.library import Library
from app.services.search import Search
from app.services.tasks import Tasks

class Cell:
    def __init__(self):
        self.value, self.changed = Listing(), asyncio.Event()
    def update(self, change):
        self.value = change(self.value)
        self.changed.set()

async def timed(work):
    start = time.perf_counter()
    result = await work
    return round((time.perf_counter() - start) * 1000, 1), result

def longest_task():
    entries = list(js.longTasks.takeRecords())
    return round(max((entry.duration for entry in entries), default=0))

clock, tasks, cell = BrowserClock(), Tasks(lambda problem: print(problem, problem.details)), Cell()
database = BrowserRecords()
archive = Archive(database, BrowserTabs("bench"), tasks, lambda problem: print(problem))
hooks = AnswerHooks(lambda *_: None, print, print, print)
answers = Answers(archive, database, None, BrowserLocks(), clock, tasks, hooks)
library = Library(cell, archive, answers, clock, lambda: "x")
search = Search(cell, archive, database, clock, tasks)
report = {}
opened, _ = await timed(database.open())
listed, _ = await timed(library.more())
report["list: open the database"], report["list: first page"] = opened, listed
ids = await database.keys("conversations", "")
times = sorted([(await timed(library.open(random.choice(ids))))[0] for _ in range(30)])
report["open: median"], report["open: longest"] = times[15], times[-1]
longest_task()
report["search: load the index"], _ = await timed(search.load())
report["search: longest task of 50 ms or more"] = longest_task()

async def look_for(name, text):
    start = time.perf_counter()
    search.start(text)
    first = None
    while not cell.value.found.is_over:
        cell.changed.clear()
        await cell.changed.wait()
        if first is None and cell.value.found.hits:
            first = time.perf_counter()
    end = time.perf_counter()
    hits = len(cell.value.found.hits)
    report[f"search {name}: first hits"] = None if first is None else round((first - start) * 1000, 1)
    report[f"search {name}: over, {hits} hits"] = round((end - start) * 1000, 1)

for name, text in QUERIES.items():
    await look_for(name, text)
report["searches: longest task of 50 ms or more"] = longest_task()
report
"""


def words() -> list[str]:
    """A vocabulary of 20,000 words that are made of syllables."""
    generator = random.Random(1)
    onsets = [
        "",
        *"bcdfghjklmnprstvwz",
        "br",
        "ch",
        "cl",
        "dr",
        "fl",
        "gr",
        "pl",
        "sh",
        "st",
        "str",
        "th",
        "tr",
    ]
    nuclei, codas = (
        ["a", "e", "i", "o", "u", "ai", "ea", "ou"],
        ["", "", "n", "r", "s", "t", "l", "nd", "st", "ck"],
    )
    made: dict[str, None] = {}
    while len(made) < 20_000:
        syllables = generator.choice([1, 2, 2, 3, 3, 4])
        made[
            "".join(generator.choice(part) for _ in range(syllables) for part in (onsets, nuclei, codas))
        ] = None
    return sorted(made, key=len)


def talks(count: int) -> Iterator[tuple[Heading, list[Message]]]:
    """Conversations with words as frequent as in a language (Zipf)."""
    generator = random.Random(2)
    vocabulary = words()
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    for number in range(count):
        messages: list[Message] = []
        for place in range(MESSAGES):
            text = " ".join(generator.choices(vocabulary, cum_weights=weights, k=WORDS))
            if number == count // 2 and place == 0:
                text += f" {RARE}"
            parent = messages[-1].id if messages else None
            role = Role.ASSISTANT if place % 2 else Role.USER
            created = NOW - number * 3600 + place
            messages.append(Message(f"m{number:06d}-{place:02d}", parent, role, text, created))
        title = " ".join(messages[0].text.split()[:6])
        yield (
            Heading(f"c{number:06d}", messages[0].created, messages[-1].id, title, messages[-1].created),
            messages,
        )


def seed(page: InPage, count: int) -> float:
    """Fill the database; the letters of all texts in millions."""
    letters = 0
    batch: list[dict[str, object]] = []
    for number, (heading, messages) in enumerate(talks(count), start=1):
        letters += sum(len(message.text) for message in messages)
        entry = Entry(
            heading.id,
            heading.updated,
            fold(heading.title),
            Signature.of([heading.title, *(one.text for one in messages)]),
        )
        batch.append({"store": "conversations", "put": heading_record(heading)})
        batch.append({"store": "search", "put": dict(entry.to_record())})
        batch.extend({"store": "messages", "put": message_record(heading.id, one)} for one in messages)
        if number % 200 == 0 or number == count:
            page.page.evaluate(COMMIT, [page.url, json.dumps(batch)])
            batch.clear()
    return letters / 1e6


def queries(count: int) -> dict[str, str]:
    """What is looked for."""
    title = next(talks(1))[0].title
    vocabulary = words()
    return {
        "for a frequent word": vocabulary[150],
        "for a seldom word": vocabulary[12_000],
        "for a word that one has": RARE,
        "for a word that none has": "xylographer",
        "for a part of a word": RARE[2:7],
        "for a phrase": f'"{" ".join(title.split()[1:4])}"',
        "for two letters in titles": "st",
    }


def heap(context: BrowserContext, page: InPage) -> dict[str, float]:
    """Megabytes that the page takes."""
    session = context.new_cdp_session(page.page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    wasm = page.page.evaluate("python._module.HEAPU8.length")
    return {
        "heap: JavaScript": round(used["usedSize"] / 1e6, 1),
        "heap: Python (WebAssembly memory)": round(wasm / 1e6, 1),
    }


def launch(playwright: Playwright, profile: str) -> BrowserContext:
    """The browser with that profile."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=executable(), args=ARGUMENTS
    )


def main(count: int) -> None:
    """Fill, start again, measure, print."""
    prepare()
    with (
        PageServer(0, Site(AppBundle(prepare))) as server,
        tempfile.TemporaryDirectory() as profile,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with launch(playwright, profile) as context:
            begun = time.perf_counter()
            letters = seed(InPage(context.new_page(), server.url).open(), count)
            print(
                f"{count} conversations, {letters:.0f} million letters: {time.perf_counter() - begun:.0f} s to fill"
            )
        with launch(playwright, profile) as context:
            page = InPage(context.new_page(), server.url).open()
            page.page.evaluate(WATCH_TASKS)
            before = heap(context, page)
            report = page.run(f"QUERIES = {queries(count)!r}\n{MEASURE}")
            for name, value in {**report, **heap(context, page)}.items():
                unit = "MB" if name.startswith("heap") else "ms"
                was = f" ({before[name]} before)" if name in before else ""
                print(f"{name:45} {value} {unit}{was}")
        server.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
