"""Uploads: a queue of files on their way to the local API, each checked before a byte of it is sent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from app.core import formats
from app.core.connections import Connection, Model
from app.core.filenames import stored_name
from app.core.gguf import PREFIX_SIZE, check_prefix
from app.core.http import HttpFailure
from app.core.local_api import LocalApi, find
from app.core.problems import ApiError, BerthError, InvalidFile, NetworkError, Problem
from app.core.settings import Settings
from app.core.store import Cell
from app.core.text import t
from app.core.uploads import Phase, Upload, Uploads, ended, restarted
from app.providers.local_llm_api import LocalLlmApi
from app.services.diagnosis import Diagnosis
from app.services.local_models import LocalModels
from app.services.ports import Clock, LocalFile, Uploader
from app.services.tasks import Tasks
from app.services.transfer import Transfer

MULTIPART_ALLOWANCE = 1024
"""Bytes that the multipart framing may add to a file; servers count them against their limit."""


class UploadQueue:
    """Checks files as they come, and sends them one at a time."""

    def __init__(
        self,
        cell: Cell[Uploads],
        api: Cell[LocalApi],
        settings: Cell[Settings],
        tell: Callable[[str], None],
        models: LocalModels,
        provider: LocalLlmApi,
        uploader: Uploader,
        diagnosis: Diagnosis,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        """Bring files to the API of `api` through `uploader`; `tell` shows news."""
        self._cell = cell
        self._api = api
        self._settings = settings
        self._tell = tell
        self._models = models
        self._provider = provider
        self._diagnosis = diagnosis
        self._tasks = tasks
        self._transfer = Transfer(cell, uploader, clock, tasks)
        self._files: dict[str, LocalFile] = {}
        self._sending: tuple[str, asyncio.Task[None]] | None = None

    def add(self, files: Sequence[LocalFile]) -> None:
        """Take files into the queue."""
        for file in files:
            upload = Upload(secrets.token_hex(8), file.name, stored_name(file.name), file.size)
            self._files[upload.id] = file
            self._cell.update(lambda uploads, upload=upload: uploads.added(upload))  # type: ignore[misc]
            self._start(upload.id, self._check(upload, file))

    def cancel(self, upload_id: str) -> None:
        """Take a file out of the queue, or stop sending it; one that has ended stays as it is.

        What the server has of a file that is being sent it throws away.
        """
        upload = self._cell.value.get(upload_id)
        if upload is None or upload.has_ended:
            return
        if self._sending is not None and self._sending[0] == upload_id:
            self._sending[1].cancel()
        else:
            self._end(upload_id, Phase.CANCELLED)

    def retry(self, upload_id: str) -> None:
        """Begin again with a file that failed, was cancelled or was refused."""
        upload = self._cell.value.get(upload_id)
        if upload is None or not upload.can_retry:
            return
        self._change(upload_id, restarted)
        self._start(upload_id, self._check(restarted(upload), self._files[upload_id]))

    def file(self, upload_id: str) -> LocalFile | None:
        """The file of an upload, to do something else with; None when it was cleared."""
        return self._files.get(upload_id)

    def clear(self) -> None:
        """Forget the uploads that have ended."""
        self._cell.update(lambda uploads: uploads.cleared())
        kept = {upload.id for upload in self._cell.value.items}
        self._files = {key: file for key, file in self._files.items() if key in kept}

    def send_next(self) -> None:
        """Send the next waiting file, unless one is being sent or the API is away: then it waits for it."""
        upload = self._cell.value.next_waiting
        if self._sending is None and upload is not None and self._api.value.is_connected:
            self._sending = (upload.id, self._start(upload.id, self._carry(upload)))

    def _start(self, upload_id: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._tasks.start(work)
        task.add_done_callback(lambda task: self._after(upload_id, task))
        return task

    def _after(self, upload_id: str, task: asyncio.Task[None]) -> None:
        """Go on in the queue. No upload stays under way whose task is over, not even one that never began."""
        if self._sending is not None and self._sending[1] is task:
            self._sending = None
        if task.cancelled():
            self._end(upload_id, Phase.CANCELLED)
            self._tasks.start(self._models.refresh_quietly())
        elif task.exception() is not None:
            self._end(upload_id, Phase.FAILED, Problem.of("unexpected"))
        self.send_next()

    async def _check(self, upload: Upload, file: LocalFile) -> None:
        try:
            head = await file.head(PREFIX_SIZE)
        except InvalidFile as error:
            checked = ended(upload, Phase.REFUSED, error.problem)
        else:
            checked = self._checked(upload, head)
        # Cancelled meanwhile, and perhaps begun anew, it is not for this check to say how it goes on.
        self._change(upload.id, lambda item: checked if item.phase is Phase.CHECKING else item)

    def _checked(self, upload: Upload, head: bytes) -> Upload:
        """`upload` after the checks that need no server: it waits, or is refused."""
        try:
            check_prefix(upload.file_name, upload.size, head)
        except InvalidFile as error:
            return replace(ended(upload, Phase.REFUSED, error.problem), is_hopeless=True)
        limit = self._settings.value.upload_limit
        if upload.size + MULTIPART_ALLOWANCE > limit:
            size, most = formats.size(upload.size), formats.size(limit)
            problem = Problem.of("upload.too_large", name=upload.file_name, size=size, limit=most)
            return ended(upload, Phase.REFUSED, problem)
        if self._cell.value.is_expected(upload.name):
            return ended(upload, Phase.REFUSED, Problem.of("upload.exists", name=upload.name))
        return replace(upload, phase=Phase.WAITING)

    async def _carry(self, upload: Upload) -> None:
        connection = self._api.value.connection
        try:
            listed = await self._list(connection)
            if listed is None:
                return
            if find(listed, upload.name) is not None:
                self._end(upload.id, Phase.REFUSED, Problem.of("upload.exists", name=upload.name))
                return
            stored = await self._send(connection, upload)
        except BerthError as error:
            self._end(upload.id, Phase.FAILED, error.problem)
            return
        self._end(upload.id, Phase.DONE)
        self._tell(t("upload.done", name=stored))
        await self._models.refresh_quietly()
        if self._api.value.connection == connection:
            self._models.choose(stored)

    async def _list(self, connection: Connection) -> tuple[Model, ...] | None:
        """A fresh list of what is at `connection`; None when the API is away or elsewhere: then the queue waits.

        Raises:
            BerthError: the API is there and yet does not list its models.
        """
        try:
            listed = await self._models.list()
        except NetworkError:
            finding = await self._diagnosis.examine(self._provider, connection)
            if finding.problem is None:
                raise
            if self._api.value.connection == connection:
                self._api.update(lambda api: api.found(finding.health, finding.problem))
            return None
        return listed if self._api.value.connection == connection else None

    async def _send(self, connection: Connection, upload: Upload) -> str:
        """Send the file; the id under which the API lists it.

        Raises:
            BerthError: it is not there, or not whole.
        """
        request = self._provider.upload_request(connection, upload.name)
        try:
            reply = await self._transfer.run(upload, request, self._files[upload.id])
            return self._provider.uploaded(reply) or upload.name
        except HttpFailure as failure:
            problem = await self._diagnosis.explain_upload(self._provider, connection, failure, upload)
            return await self._reconcile(connection, upload.id, NetworkError(problem))
        except ApiError as error:
            return await self._reconcile(connection, upload.id, error)

    async def _reconcile(self, connection: Connection, upload_id: str, error: BerthError) -> str:
        """Read the list after a broken upload: the answer may be lost and the file stored all the same.

        Browsers repeat a POST on their own when a kept connection was reset, so a conflict may be one with
        ourselves.

        Raises:
            BerthError: `error` when the file is not there, another one when only a part of it is.
        """
        upload = self._cell.value.get(upload_id)
        try:
            listed = await self._models.refresh()
        except BerthError:
            raise error from None
        found = find(listed, upload.name) if upload is not None else None
        if upload is None or found is None or self._api.value.connection != connection:
            raise error
        if not _is_whole(found, upload):
            raise ApiError(Problem.of("upload.partial", name=upload.name), 0) from error
        return found.id

    def _change(self, upload_id: str, change: Callable[[Upload], Upload]) -> None:
        self._cell.update(lambda uploads: uploads.changed(upload_id, change))

    def _end(self, upload_id: str, phase: Phase, problem: Problem | None = None) -> None:
        self._change(upload_id, lambda item: item if item.has_ended else ended(item, phase, problem))


def _is_whole(listed: Model, upload: Upload) -> bool:
    """Whether the listed file is all of `upload`.

    APIs that list sizes in words are compared in words, which are too coarse for a file that was not sent whole.
    """
    if listed.size is not None:
        return listed.size == upload.size
    said, expected = (
        text.replace(" ", "").casefold() for text in (listed.size_text, formats.size(upload.size))
    )
    return upload.sent >= upload.size and said == expected
