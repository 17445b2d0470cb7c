"""The embedded model: a GGUF file, served inside this process on a private Unix socket.

Loading holds the interpreter lock for most of its time (0.4 s for the file that comes with Senter); reading
the file beforehand keeps the wait for the disk out of that.
"""

from __future__ import annotations

import asyncio
import ctypes
import secrets
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from senter.components.models.embedded_endpoint import TITLE, EmbeddedEndpoint
from senter.components.models.gguf import chosen_model, model_name, named_file, why_lesser
from senter.components.models.machine import check_room, spares_memory
from senter.components.models.server import ServerShape, start_server
from senter.components.models.settings import ModelSettings
from senter.components.models.speed import Chosen, ModelSpeed, SpeedRecords, assumed_speed
from senter.components.models.trial import tried_speed
from senter.components.models.wire import ChatRequest
from senter.errors import ModelError, ModelUnavailable, UnusableAnswer
from senter.messages.model import ChatMessage

if TYPE_CHECKING:
    import xllamacpp

READ_BYTES = 4 * 1024 * 1024


class EmbeddedModel:
    """Loads the model once, in the background, and answers through it."""

    def __init__(
        self, settings: ModelSettings, socket: Path, records: SpeedRecords, log: structlog.stdlib.BoundLogger
    ) -> None:
        self._settings = settings
        self._socket = socket
        self._records = records
        self._log = log
        self._file = named_file(settings)
        self._server: xllamacpp.Server | None = None
        self._endpoint: EmbeddedEndpoint | None = None
        self._loading: asyncio.Task[EmbeddedEndpoint] | None = None
        self._shape: ServerShape | None = None
        self._starting = False
        self._closing = threading.Event()
        self.failure = ""
        """Why the last load failed, for people."""
        self.lesser = ""
        """Why the last load took another model than the settings mean, for people."""

    @property
    def name(self) -> str:
        return model_name(self._file) if self._file else ""

    @property
    def file(self) -> Path | None:
        """The file it loads, or would; none where there is none."""
        return self._file

    @property
    def loaded(self) -> bool:
        return self._endpoint is not None

    @property
    def speed(self) -> ModelSpeed | None:
        """How fast it is here, as measured, else as assumed; none without a file."""
        if self._file is None:
            return None
        how = Chosen(self._file, self._settings.threads, self.spares_memory)
        return self._records.find(how) or assumed_speed(how)

    @property
    def spares_memory(self) -> bool:
        return spares_memory(self._settings.spare_memory)

    @property
    def measured(self) -> bool:
        return self.speed is not None and self.speed.measured

    @property
    def outdated(self) -> bool:
        """Whether it is loaded otherwise than its speed, now that it is known, asks for."""
        return self.loaded and self._wanted_shape() != self._shape

    def begin_loading(self) -> asyncio.Task[EmbeddedEndpoint]:
        """Begin to load, or go on with it; a load that failed is tried again."""
        if self._loading is None or (self._loading.done() and not self.loaded):
            self._loading = asyncio.create_task(self._load(), name="load the embedded model")
            self._loading.add_done_callback(self._say_how_it_ended)
        return self._loading

    async def endpoint(self) -> EmbeddedEndpoint:
        """Where it answers, once it is loaded. Raises `ModelUnavailable`; a cancelled wait does not end the load."""
        loading = self.begin_loading()
        await asyncio.wait([loading])
        if loading.cancelled():
            raise ModelUnavailable(f"{TITLE} is being shut down.")
        return loading.result()

    async def close(self) -> None:
        """Release everything; a server that is starting is waited for until it has answered once.

        One that is destroyed before its loop runs waits for ever, and holds the interpreter lock.
        """
        self._closing.set()
        if self._loading:
            if not self._starting:
                self._loading.cancel()
            await asyncio.wait([self._loading])
        await self._release()

    async def take_up_file(self) -> None:
        """Go over to the file that the settings mean now, where it is another. Call it while nothing is answered."""
        file = named_file(self._settings)
        if file == self._file:
            return
        was_wanted = await self.unload()
        self._file = file
        if was_wanted:
            await asyncio.wait([self.begin_loading()])

    async def unload(self) -> bool:
        """Give the memory back until somebody asks. Call it while nothing is answered. Says whether it was wanted."""
        was_wanted = self._loading is not None
        if self._loading:
            await asyncio.wait([self._loading])
        await self._release()
        return was_wanted

    async def measure(self) -> None:
        """Try how fast it is here and keep that; cancel it when somebody asks. Raises `ChildFailed`, `OSError`."""
        assert self._file is not None
        how = Chosen(self._file, self._settings.threads, self.spares_memory)
        speed = await tried_speed(how)
        self._records.keep(how, speed)
        self._log.info("embedded_model_measured", model=self.name, **speed.model_dump())

    async def _release(self) -> None:
        if self._endpoint:
            await self._endpoint.close()
        had_server = self._server is not None
        self._endpoint = self._server = self._loading = None
        self._starting = False
        self._socket.unlink(missing_ok=True)
        if had_server:
            _give_memory_back()

    async def _load(self) -> EmbeddedEndpoint:
        file = self._file = await asyncio.to_thread(_read_through, self._settings, self._closing)
        self.lesser = await asyncio.to_thread(why_lesser, self._settings, file)
        self._starting = True
        key = secrets.token_urlsafe(32)
        self._socket.unlink(missing_ok=True)
        self._shape, speed = self._wanted_shape(), self.speed
        assert speed is not None
        self._server = await asyncio.to_thread(start_server, file, self.name, self._socket, key, self._shape)
        with suppress(OSError):
            self._socket.chmod(0o600)
        endpoint = EmbeddedEndpoint(self._socket, key, speed, self._settings.slots)
        try:
            await self._warm_up(endpoint)
        except ModelError:
            await endpoint.close()
            self._server = None
            raise
        self._endpoint = endpoint
        return endpoint

    def _wanted_shape(self) -> ServerShape:
        speed = self.speed
        assert speed is not None
        return ServerShape(
            slots=self._settings.slots,
            context_tokens=self._settings.context_tokens,
            batch_tokens=speed.batch_tokens,
            reading_threads=speed.reading_threads,
            writing_threads=speed.writing_threads,
            spares_memory=self.spares_memory,
        )

    async def _warm_up(self, endpoint: EmbeddedEndpoint) -> None:
        """Put the system prompt into every slot's cache, so that the first request need not wait for it."""
        prompt = ChatMessage(role="system", content=self._settings.system_prompt)
        call = ChatRequest(messages=(prompt, ChatMessage(role="user", content="Hello")), max_tokens=1, temperature=0)
        slots = range(self._settings.slots)
        await asyncio.gather(*(_read_prompt(endpoint, self.name, call) for _ in slots))

    def _say_how_it_ended(self, loading: asyncio.Task[EmbeddedEndpoint]) -> None:
        if loading.cancelled():
            return
        error = loading.exception()
        self.failure = error.message if isinstance(error, ModelError) else ""
        if error:
            self._log.error("embedded_model_not_loaded", file=str(self._file or ""), error=str(error))
        else:
            self._log.info("embedded_model_loaded", model=self.name, instead_because=self.lesser)


def _read_through(settings: ModelSettings, closing: threading.Event) -> Path:
    """Check the file and bring it into the page cache, unless `closing`. Raises `ModelUnavailable`."""
    file = chosen_model(settings)
    check_room(file, settings)
    with suppress(OSError), file.open("rb") as opened:
        while not closing.is_set() and opened.read(READ_BYTES):
            pass
    return file


def _give_memory_back() -> None:
    """The C library keeps what was freed, 60 MB of it, until it is told (malloc_trim(3), glibc)."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


async def _read_prompt(endpoint: EmbeddedEndpoint, model: str, call: ChatRequest) -> None:
    with suppress(UnusableAnswer):  # one token need not be a word
        await endpoint.complete(model, call, _discard)


async def _discard(text: str) -> None:
    """Nobody reads the answer to the warm-up."""
