"""A model worker that answers from a script: a real participant on the bus, without a model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.errors import SenterError
from senter.messages.envelope import continuing, current
from senter.messages.message import ComponentName, Done
from senter.messages.model import (
    DECLINED,
    CancelModelRequest,
    Capability,
    EndpointStatus,
    GetModelStatus,
    ModelDelta,
    ModelLoad,
    ModelRequest,
    ModelResponse,
    ModelStatus,
    ModelToolCall,
)
from tests.support.worker_status import worker_status

MANIFEST = Manifest(receives=(ModelRequest, CancelModelRequest, GetModelStatus), sends=(ModelDelta, ModelLoad))

Answer = str | Sequence[ModelToolCall]
"""A text, or the tools that the model wants called."""


class ScriptedWorker:
    """Echoes the last question unless told otherwise; `hold` keeps it from answering until `go`."""

    def __init__(self, broker: MemoryBroker, name: str = "model_primary") -> None:
        self._bus: Bus = broker.bus(ComponentName(name), MANIFEST)
        self._go = asyncio.Event()
        self._go.set()
        self._changed = asyncio.Condition()
        self.requests: list[ModelRequest] = []
        self.correlations: list[str] = []
        self.cancelled: list[str] = []
        self.failure: SenterError | None = None
        self.pieces: tuple[str, ...] = ()
        self.capable = False
        self.streams = False
        """Whether a text is sent word by word before it is told whole."""
        self.finish_reason = "stop"
        self.answer: Callable[[ModelRequest], Answer] = lambda request: f"You said: {request.messages[-1].content}"

    async def open(self) -> None:
        await self._bus.serve(ModelRequest, self._answer)
        await self._bus.serve(CancelModelRequest, self._cancel)
        await self._bus.serve(GetModelStatus, self._status)

    async def close(self) -> None:
        self.go()
        await self._bus.close()

    def hold(self) -> None:
        self._go.clear()

    def go(self) -> None:
        self._go.set()

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until `met` is true after something happened here."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(met)

    async def until_asked(self, times: int) -> None:
        await self.until(lambda: len(self.requests) >= times)

    async def send_piece(self, correlation: str, offset: int, text: str, attempt: int = 1) -> None:
        with continuing(correlation):
            await self._bus.send(ModelDelta(offset=offset, text=text, attempt=attempt))

    async def _answer(self, request: ModelRequest) -> ModelResponse:
        await self._note(lambda: (self.requests.append(request), self.correlations.append(current().correlation)))
        if request.least is not Capability.BASIC and not self.capable:
            return _declined()
        await self._send_pieces(request)
        await self._go.wait()
        if self.failure:
            raise self.failure
        said = self.answer(request)
        if self.streams and request.stream and isinstance(said, str):
            await self._send_words(said, request.first_attempt)
        return ModelResponse(
            text=said if isinstance(said, str) else "",
            tool_calls=() if isinstance(said, str) else tuple(said),
            model="scripted",
            endpoint="settings",
            prompt_tokens=7,
            completion_tokens=5,
            finish_reason=self.finish_reason,
            capability=self._capability,
        )

    @property
    def _capability(self) -> Capability:
        return Capability.CAPABLE if self.capable else Capability.BASIC

    async def _status(self, _: GetModelStatus) -> ModelStatus:
        link = EndpointStatus(kind="settings", url="", model="scripted", breaker="closed", capability=self._capability)
        return worker_status([link])

    async def _send_words(self, text: str, attempt: int) -> None:
        offset = 0
        for word in re.findall(r"\S+\s*", text):
            await self.send_piece(current().correlation, offset, word, attempt)
            offset += len(word)

    async def _send_pieces(self, request: ModelRequest) -> None:
        offset = 0
        for piece in self.pieces:
            await self.send_piece(current().correlation, offset, piece, request.first_attempt)
            offset += len(piece)

    async def _cancel(self, command: CancelModelRequest) -> Done:
        await self._note(lambda: self.cancelled.append(command.request_id))
        return Done()

    async def _note(self, change: Callable[[], object]) -> None:
        async with self._changed:
            change()
            self._changed.notify_all()


def _declined() -> ModelResponse:
    return ModelResponse(text="", model="", endpoint="", prompt_tokens=0, completion_tokens=0, finish_reason=DECLINED)
