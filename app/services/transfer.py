"""One transfer: a file on the wire, with its rate, the time left, and the notice when nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.core.http import FileRequest, HttpReply
from app.core.store import Cell
from app.core.transfer import Meter
from app.core.uploads import Phase, Upload, Uploads
from app.services.ports import Clock, LocalFile, Uploader
from app.services.tasks import Tasks

TICK = 1.0
"""Seconds between two looks at a transfer: a stalled one raises no event."""


class Transfer:
    """Sends files and writes down how far they are."""

    def __init__(self, cell: Cell[Uploads], uploader: Uploader, clock: Clock, tasks: Tasks) -> None:
        """Send through `uploader`, and keep the uploads of `cell` up to date."""
        self._cell = cell
        self._uploader = uploader
        self._clock = clock
        self._tasks = tasks

    async def run(self, upload: Upload, request: FileRequest, file: LocalFile) -> HttpReply:
        """Send `file` and wait until the server has stored it.

        Raises:
            HttpFailure: as `Uploader.upload`.
        """
        meter = Meter(upload.size, self._clock.monotonic())
        self._change(upload.id, lambda item: replace(item, phase=Phase.SENDING))
        watching = self._tasks.start(self._watch(upload.id, meter))

        def on_progress(sent: int, is_storing: bool) -> None:
            meter.moved(self._clock.monotonic(), min(sent, upload.size))
            self._show(upload.id, meter, Phase.STORING if is_storing else Phase.SENDING)

        try:
            return await self._uploader.upload(request, file, on_progress)
        finally:
            watching.cancel()

    async def _watch(self, upload_id: str, meter: Meter) -> None:
        while True:
            await self._clock.sleep(TICK)
            upload = self._cell.value.get(upload_id)
            if upload is None or upload.phase is not Phase.SENDING:
                return
            self._show(upload_id, meter, Phase.SENDING)

    def _show(self, upload_id: str, meter: Meter, phase: Phase) -> None:
        now = self._clock.monotonic()
        self._change(
            upload_id,
            lambda item: replace(
                item,
                phase=phase,
                sent=meter.bytes,
                rate=meter.rate(now),
                seconds_left=meter.seconds_left(now),
                stalled=phase is Phase.SENDING and meter.is_stalled(now),
            ),
        )

    def _change(self, upload_id: str, change: Callable[[Upload], Upload]) -> None:
        self._cell.update(lambda uploads: uploads.changed(upload_id, change))
