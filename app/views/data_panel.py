"""What this browser keeps: how much room it takes, and conversations in and out of files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from app.browser import dom
from app.browser.files import BrowserFile, chosen
from app.core import formats
from app.core.exchange.markdown import file_name, to_markdown
from app.core.state import Place, State
from app.core.store import Store
from app.core.text import t, tn
from app.services.carrier import ConnectionCarrier
from app.services.exchange import Exchange
from app.services.library import Library
from app.services.ports import Clock, StorageStatus
from app.views.file_ways import FileWays
from app.views.passphrase_dialog import PassphraseDialog


class DataPanel:
    """The part of the settings about what is kept; it also exports single conversations for their menu."""

    def __init__(
        self,
        store: Store[State],
        exchange: Exchange,
        carrier: ConnectionCarrier,
        library: Library,
        status: StorageStatus,
        files: FileWays,
        clock: Clock,
        start: Callable[[Coroutine[Any, Any, None]], object],
        tell: Callable[[str], None],
    ) -> None:
        """`start` runs a coroutine, `tell` shows news."""
        self._exchange = exchange
        self._carrier = carrier
        self._passphrase = PassphraseDialog(start)
        self._library = library
        self._status = status
        self._files = files
        self._clock = clock
        self._tell = tell
        self._usage = dom.by_id("data-usage")
        self._progress = dom.by_id("data-progress")
        self._persist_button = dom.by_id("data-persist")
        chooser = dom.by_id("import-file")
        dom.on(chooser, "change", lambda _: start(self._import(chosen(chooser))))
        dom.on_action(
            dom.by_id("settings-data"),
            {
                "export-all": lambda _: start(self._export_all()),
                "export-keys": lambda _: start(self._export_with_keys()),
                "persist": lambda _: start(self._persist()),
            },
        )
        self._start = start
        store.subscribe(lambda state: state.place is Place.SETTINGS, self._on_place)
        store.subscribe(
            lambda state: bool(state.connections.items),
            lambda has_any: dom.show(dom.by_id("data-export-keys"), has_any),
        )

    async def export_one(self, conversation_id: str, form: str) -> None:
        """Save one conversation as a file, in the form "json" or "markdown".

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be read.
        """
        conversation = await self._library.open(conversation_id)
        sink = self._files.sink()
        if form == "markdown":
            sink.write(to_markdown(conversation))
            sink.save(file_name(conversation, "md"), "text/markdown")
        else:
            self._exchange.export_one(conversation, sink)
            sink.save(file_name(conversation, "json"))

    def _on_place(self, is_here: bool) -> None:
        if is_here:
            self._start(self._show_usage())

    async def _export_with_keys(self) -> None:
        async def seal(passphrase: str, repeated: str) -> None:
            await self._export_all(await self._carrier.pack(passphrase, repeated))

        await self._passphrase.ask_new(
            t("keeping.export_keys"), t("keeping.seal.text"), t("keeping.seal.action"), seal
        )

    async def _export_all(self, connections: Mapping[str, Any] | None = None) -> None:
        sink = self._files.sink()
        with self._progressing(t("keeping.exporting")):
            await self._exchange.export_all(sink, self._show_progress, connections)
        day = datetime.fromtimestamp(self._clock.now()).astimezone().date().isoformat()
        sink.save(f"berth-{day}.json")

    async def _import(self, files: list[BrowserFile]) -> None:
        for file in files:
            with self._progressing(t("keeping.importing", name=file.name)):
                imported = await self._exchange.import_file(self._files.read(file), self._show_progress)
            self._tell(str(imported))
            if imported.sealed is not None:
                await self._open_sealed(file.name, imported.sealed)
        await self._show_usage()

    async def _open_sealed(self, name: str, sealed: Any) -> None:
        async def unpack(passphrase: str) -> None:
            self._tell(tn("exchange.connections", await self._carrier.unpack(sealed, passphrase)))

        title = t("keeping.open", name=name)
        if not await self._passphrase.ask(title, t("keeping.open.text"), t("keeping.open.action"), unpack):
            self._tell(t("keeping.left_out", name=name))

    async def _persist(self) -> None:
        is_granted = await self._status.persist()
        self._tell(t("keeping.persisted" if is_granted else "keeping.not_persisted"))
        await self._show_usage()

    async def _show_usage(self) -> None:
        usage = await self._status.usage()
        dom.show(self._persist_button, usage is not None and not usage.is_persistent)
        if usage is None:
            dom.set_text(self._usage, t("keeping.usage.unknown"))
            return
        room = t("keeping.usage", used=formats.size(usage.used), quota=formats.size(usage.quota))
        kept = t("keeping.kept" if usage.is_persistent else "keeping.may_go")
        dom.set_text(self._usage, f"{room} {kept}")

    def _show_progress(self, part: float) -> None:
        self._progress.value = part

    def _progressing(self, label: str) -> _Progress:
        return _Progress(self._progress, label)


class _Progress:
    """Shows a progress bar for the length of a block."""

    def __init__(self, bar: dom.Element, label: str) -> None:
        self._bar = bar
        self._label = label

    def __enter__(self) -> None:
        dom.set_attributes(self._bar, aria_label=self._label)
        self._bar.value = 0
        dom.show(self._bar, True)

    def __exit__(self, *_: object) -> None:
        dom.show(self._bar, False)
