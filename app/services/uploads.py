"""Uploads: a queue of files on their way to the local API, each checked before a byte of it is sent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.core import formats
from app.core.connections import Model
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
            self._tasks.start(self._check(upload, file))

    def cancel(self, upload_id: str) -> None:
        """Take a file out of the queue, or stop sending it. What the server has of it by then it throws away."""
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
        self._tasks.start(self._check(restarted(upload), self._files[upload_id]))

    def clear(self) -> None:
        """Forget the uploads that have ended."""
        self._cell.update(lambda uploads: uploads.cleared())
        kept = {upload.id for upload in self._cell.value.items}
        self._files = {key: file for key, file in self._files.items() if key in kept}

    def send_next(self) -> None:
        """Send the next waiting file, unless one is being sent or the API is away: then it waits for it."""
        upload = self._cell.value.next_waiting
        if self._sending is None and upload is not None and self._api.value.is_connected:
            self._sending = (upload.id, self._tasks.start(self._carry(upload)))

    async def _check(self, upload: Upload, file: LocalFile) -> None:
        try:
            check_prefix(file.name, file.size, await file.head(PREFIX_SIZE))
        except InvalidFile as error:
            self._end(upload.id, Phase.REFUSED, error.problem)
            self._change(upload.id, lambda item: replace(item, is_hopeless=True))
            return
        try:
            self._check_size(upload)
        except InvalidFile as error:
            self._end(upload.id, Phase.REFUSED, error.problem)
            return
        self._change(upload.id, lambda item: item if item.has_ended else replace(item, phase=Phase.WAITING))
        self.send_next()

    def _check_size(self, upload: Upload) -> None:
        limit = self._settings.value.upload_limit
        if upload.size + MULTIPART_ALLOWANCE > limit:
            size, most = formats.size(upload.size), formats.size(limit)
            raise InvalidFile(Problem.of("upload.too_large", name=upload.file_name, size=size, limit=most))

    async def _carry(self, upload: Upload) -> None:
        try:
            await self._refuse_duplicate(upload)
            stored = await self._send(upload)
        except asyncio.CancelledError:
            self._end(upload.id, Phase.CANCELLED)
            await self._models.refresh_quietly()
        except InvalidFile as error:
            self._end(upload.id, Phase.REFUSED, error.problem)
        except BerthError as error:
            self._end(upload.id, Phase.FAILED, error.problem)
        else:
            self._end(upload.id, Phase.DONE)
            self._models.choose(stored)
            self._tell(t("upload.done", name=stored))
        finally:
            self._sending = None
            self.send_next()

    async def _refuse_duplicate(self, upload: Upload) -> None:
        is_listed = find(await self._models.list(), upload.name) is not None
        if is_listed or self._cell.value.is_under_way(upload.name, but=upload.id):
            raise InvalidFile(Problem.of("upload.exists", name=upload.name))

    async def _send(self, upload: Upload) -> str:
        """Send the file; the id under which the API lists it."""
        connection = self._api.value.connection
        request = self._provider.upload_request(connection, upload.name)
        try:
            reply = await self._transfer.run(upload, request, self._files[upload.id])
            stored = self._provider.uploaded(reply) or upload.name
        except HttpFailure as failure:
            problem = await self._diagnosis.explain_upload(self._provider, connection, failure, upload)
            return await self._reconcile(upload, NetworkError(problem))
        except ApiError as error:
            return await self._reconcile(upload, error)
        await self._models.refresh_quietly()
        return stored

    async def _reconcile(self, upload: Upload, error: BerthError) -> str:
        """Read the list after a broken upload: the answer may be lost and the file stored all the same.

        Browsers repeat a POST on their own when a kept connection was reset, so a conflict may be one with ourselves.

        Raises:
            BerthError: `error` when the file is not there, another one when only a part of it is.
        """
        try:
            listed = find(await self._models.refresh(), upload.name)
        except BerthError:
            raise error from None
        if listed is None:
            raise error
        if not _has_size(listed, upload.size):
            raise ApiError(Problem.of("upload.partial", name=upload.name), 0) from error
        return listed.id

    def _change(self, upload_id: str, change: Callable[[Upload], Upload]) -> None:
        self._cell.update(lambda uploads: uploads.changed(upload_id, change))

    def _end(self, upload_id: str, phase: Phase, problem: Problem | None = None) -> None:
        self._change(upload_id, lambda upload: ended(upload, phase, problem))


def _has_size(model: Model, size: int) -> bool:
    """Whether the listed file is as large as it should be; APIs that list sizes in words are compared in words."""
    if model.size is not None:
        return model.size == size
    return model.size_text.replace(" ", "").casefold() == formats.size(size).replace(" ", "").casefold()
