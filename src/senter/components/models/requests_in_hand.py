"""The requests that a worker is answering: each in a task of its own, which whoever asked can withdraw."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine

from senter.errors import Cancelled, NoResponder
from senter.messages.envelope import current
from senter.messages.message import ComponentName
from senter.messages.model import ModelRequest, ModelResponse

REMEMBERED_CANCELS = 200

Answer = Callable[[ModelRequest], Coroutine[None, None, ModelResponse]]


class RequestsInHand:
    """Begins, withdraws and ends them."""

    def __init__(self, worker: ComponentName, answer: Answer) -> None:
        self._worker = worker
        self._answer = answer
        self._working: dict[str, tuple[ComponentName, asyncio.Task[ModelResponse]]] = {}
        self._withdrawn: deque[str] = deque(maxlen=REMEMBERED_CANCELS)
        """A request may be withdrawn before it comes."""
        self._stopping = False

    async def answer(self, request: ModelRequest) -> ModelResponse:
        """The response. Raises `Cancelled` where it was withdrawn, and `NoResponder` while the worker stops."""
        if self._stopping:
            raise NoResponder(self._worker)
        named = request.request_id
        if named in self._withdrawn:
            raise Cancelled("The request was withdrawn.")
        task = asyncio.create_task(self._answer(request), name=f"answer {named}")
        self._working[named] = current().source, task
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            self._working.pop(named, None)
        if task.cancelled():
            raise NoResponder(self._worker) if self._stopping else Cancelled("The request was withdrawn.")
        return task.result()

    def withdraw(self, request_id: str) -> None:
        self._withdrawn.append(request_id)
        if working := self._working.get(request_id):
            working[1].cancel()

    def drop_of(self, component: ComponentName) -> None:
        """Withdraw what this component asked for."""
        for asker, task in self._working.values():
            if asker == component:
                task.cancel()

    def take_no_more(self) -> None:
        self._stopping = True

    async def finish(self, grace_seconds: float) -> None:
        """Wait for those in hand, at most `grace_seconds`, and end the others."""
        if tasks := [task for _, task in self._working.values()]:
            _, unfinished = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in unfinished:
                task.cancel()
