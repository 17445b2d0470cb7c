"""The embedded model: a GGUF file, served inside this process on a private Unix socket.

xllamacpp is imported when the model is loaded, never before: it starts native threads, and workers are
forked. Its server would answer anyone, so it gets a random key and a socket instead of a port. Loading
holds the interpreter lock for most of its time (0.4 s for the file that comes with Senter); reading the
file beforehand keeps the wait for the disk out of that.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.gguf import chosen_model, model_name, named_file
from senter.components.models.settings import PROMPT_CACHE_MIB, ModelSettings
from senter.components.models.wire import ChatRequest
from senter.errors import ModelError, ModelUnavailable
from senter.messages.model import ChatMessage

if TYPE_CHECKING:
    import xllamacpp

TITLE = "The embedded model"
READ_BYTES = 4 * 1024 * 1024
# A prompt in progress cannot be interrupted; small batches let the next request in sooner.
BATCH_TOKENS = 128
# A small model left to itself says one sentence over and over until its tokens are spent: of 24 answers to
# everyday questions 2 to 4 ended so, and none with these. MIN_P leaves out words far less likely than the best.
MIN_P = 0.15
REPEAT_PENALTY, REPEAT_TOKENS = 1.05, 256
PHRASE_PENALTY, PHRASE_LENGTH, PHRASE_TOKENS = 0.8, 3, 512


class EmbeddedModel:
    """Loads the model once, in the background, and answers through it."""

    def __init__(
        self, settings: ModelSettings, timeouts: Timeouts, socket: Path, log: structlog.stdlib.BoundLogger
    ) -> None:
        self._settings = settings
        self._timeouts = timeouts
        self._socket = socket
        self._log = log
        self._file = named_file(settings)
        self._server: xllamacpp.Server | None = None
        self._endpoint: Endpoint | None = None
        self._loading: asyncio.Task[Endpoint] | None = None
        self._starting = False
        self._closing = threading.Event()
        self.failure = ""
        """Why the last load failed, for people."""

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

    def begin_loading(self) -> asyncio.Task[Endpoint]:
        """Begin to load, or go on with it; a load that failed is tried again."""
        if self._loading is None or (self._loading.done() and not self.loaded):
            self._loading = asyncio.create_task(self._load(), name="load the embedded model")
            self._loading.add_done_callback(self._say_how_it_ended)
        return self._loading

    async def endpoint(self) -> Endpoint:
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
        was_wanted = self._loading is not None
        if self._loading:
            await asyncio.wait([self._loading])
        await self._release()
        self._file = file
        if was_wanted:
            await asyncio.wait([self.begin_loading()])

    async def _release(self) -> None:
        if self._endpoint:
            await self._endpoint.close()
        self._endpoint = self._server = self._loading = None
        self._starting = False
        self._socket.unlink(missing_ok=True)

    async def _load(self) -> Endpoint:
        file = self._file = await asyncio.to_thread(_read_through, self._settings, self._closing)
        self._starting = True
        key = secrets.token_urlsafe(32)
        self._socket.unlink(missing_ok=True)
        self._server = await asyncio.to_thread(_start_server, file, self._socket, key, self._settings)
        endpoint = Endpoint(f"unix://{self._socket}", title=TITLE, timeouts=self._timeouts, api_key=key)
        try:
            await self._warm_up(endpoint)
        except ModelError:
            await endpoint.close()
            self._server = None
            raise
        self._endpoint = endpoint
        return endpoint

    async def _warm_up(self, endpoint: Endpoint) -> None:
        """Put the system prompt into every slot's cache, so that the first request need not wait for it."""
        prompt = ChatMessage(role="system", content=self._settings.system_prompt)
        call = ChatRequest(messages=(prompt, ChatMessage(role="user", content="Hello")), max_tokens=1, temperature=0)
        slots = range(self._settings.slots)
        await asyncio.gather(*(endpoint.complete(self.name, call, _discard) for _ in slots))

    def _say_how_it_ended(self, loading: asyncio.Task[Endpoint]) -> None:
        if loading.cancelled():
            return
        error = loading.exception()
        self.failure = error.message if isinstance(error, ModelError) else ""
        if error:
            self._log.error("embedded_model_not_loaded", file=str(self._file or ""), error=str(error))
        else:
            self._log.info("embedded_model_loaded", model=self.name)


def _read_through(settings: ModelSettings, closing: threading.Event) -> Path:
    """Check the file and bring it into the page cache, unless `closing`. Raises `ModelUnavailable`."""
    file = chosen_model(settings)
    with suppress(OSError), file.open("rb") as opened:
        while not closing.is_set() and opened.read(READ_BYTES):
            pass
    return file


def _start_server(file: Path, socket: Path, key: str, settings: ModelSettings) -> xllamacpp.Server:
    # Threads that spin while they wait would take the processor from everyone else.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.model_alias = {model_name(file)}
    params.hostnames = [str(socket)]
    params.api_keys = [key]
    params.n_parallel = settings.slots
    params.n_ctx = settings.context_tokens * settings.slots
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings.threads
    params.n_threads_http = settings.slots + 1
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.fit_params = params.warmup = params.ui = params.endpoint_slots = False
    params.verbosity = 0
    params.sampling.min_p = MIN_P
    params.sampling.penalty_repeat, params.sampling.penalty_last_n = REPEAT_PENALTY, REPEAT_TOKENS
    params.sampling.dry_multiplier, params.sampling.dry_allowed_length = PHRASE_PENALTY, PHRASE_LENGTH
    params.sampling.dry_penalty_last_n = PHRASE_TOKENS
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"The embedded model's file {file} cannot be loaded: it is damaged, or of a kind that is not supported.",
            "Set embedded_model to another GGUF file.",
        ) from error
    with suppress(OSError):
        socket.chmod(0o600)
    return server


async def _discard(text: str) -> None:
    """Nobody reads the answer to the warm-up."""
