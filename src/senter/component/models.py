"""How any component asks a model.

`ModelClient` picks the least busy worker of a group, hands on its deltas, asks again when a worker is restarted
and withdraws the request when the asker goes away. A component that uses it adds `MODEL_CLIENT_SENDS` and
`MODEL_CLIENT_RECEIVES` to its SPEC.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self, TypeVar

from senter.bus.bus import Bus, Subscription
from senter.bus.limits import DEFAULT_LIMIT, QueueLimit
from senter.bus.owned_tasks import OwnedTasks
from senter.clock import Clock
from senter.component.asking import Asker, in_group
from senter.errors import (
    BusFull,
    BusUnavailable,
    CommunicationError,
    DeadlineExceeded,
    ModelUnavailable,
    NoResponder,
    ResponderDied,
    Unavailable,
)
from senter.messages.control import GetDaemonStatus
from senter.messages.envelope import continuing, current, following
from senter.messages.message import ComponentName, new_message_id
from senter.messages.model import CancelModelRequest, ModelDelta, ModelLoad, ModelRequest, ModelResponse
from senter.messages.query import AnswerDelta

MODEL_CLIENT_SENDS = (ModelRequest, CancelModelRequest, GetDaemonStatus)
MODEL_CLIENT_RECEIVES = (ModelDelta, ModelLoad)

PRIMARY = "model_primary"
RESEARCH = "model_research"

DEATHS_BEFORE_GIVING_UP = 3
CANCEL_TIMEOUT_SECONDS = 2.0
BELIEVED_SECONDS = 30.0

OnDelta = Callable[[ModelDelta], Awaitable[None]]
DeltaT = TypeVar("DeltaT", ModelDelta, AnswerDelta)


@dataclass(frozen=True, slots=True)
class _Heard:
    requests: int
    at: float


@dataclass(slots=True)
class _Asked:
    """One request as often as it is asked; `attempt` is the highest that a worker was given or was heard of."""

    request: ModelRequest
    attempt: int
    deaths: int = 0

    def again(self) -> ModelRequest:
        """The request as the next worker gets it: with an id of its own, and attempts above those before."""
        self.attempt += 1
        return self.request.model_copy(update={"request_id": new_message_id(), "first_attempt": self.attempt})


class ModelClient:
    """One component's way to the model workers. Use it as a context manager: meanwhile it hears how busy they are."""

    _subscription: Subscription

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._asker = Asker(bus, clock)
        self._loads: dict[ComponentName, _Heard] = {}
        self._mine: dict[ComponentName, int] = {}
        self._withdrawals = OwnedTasks()

    async def __aenter__(self) -> Self:
        self._subscription = await self._bus.listen(ModelLoad, self._heard)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._withdrawals.finish()
        await self._subscription.close()

    async def ask(
        self,
        request: ModelRequest,
        worker_group: str = PRIMARY,
        *,
        timeout_seconds: float = 300.0,
        on_delta: OnDelta | None = None,
    ) -> ModelResponse:
        """The answer of the least busy worker of `worker_group`.

        `on_delta` gets pieces and progress lines as they come; the response holds the whole text, also
        where a delta was dropped. A higher `attempt` in a delta voids the text of lower ones. Raises
        `ModelError` when no model can answer, `Unavailable` when the workers are disabled, stopped or
        given up, `BusFull` when all have too much to do, `DeadlineExceeded` after `timeout_seconds`.
        """
        asked = _Asked(request, request.first_attempt - 1)

        async def hear(delta: ModelDelta) -> None:
            asked.attempt = max(asked.attempt, delta.attempt)
            if on_delta:
                await on_delta(delta)

        correlation = following().correlation
        with continuing(correlation):
            async with deltas_to(ModelDelta, hear if on_delta else None, self._bus, correlation):
                return await self._asker.until_answered(
                    lambda seconds: self._ask_group(asked, worker_group, seconds),
                    worker_group,
                    timeout_seconds,
                    what=worker_group,
                )

    async def _ask_group(self, asked: _Asked, group: str, seconds: float) -> ModelResponse:
        """Ask the workers that are known, the least busy first, until one answers."""
        ends_at = self._clock.monotonic() + seconds
        avoided = set[ComponentName]()
        while True:
            worker = min(self.known(group, avoided), key=self._busy)
            avoided.add(worker)
            try:
                return await self._ask_worker(worker, asked.again(), ends_at - self._clock.monotonic())
            except BusFull:
                if not self.known(group, avoided):
                    raise
            except (NoResponder, ResponderDied, BusUnavailable, Unavailable) as error:
                self._loads.pop(worker, None)
                asked.deaths += isinstance(error, ResponderDied)
                if asked.deaths >= DEATHS_BEFORE_GIVING_UP:
                    raise _given_up(group, asked.deaths) from error
                if not self.known(group, avoided):
                    raise NoResponder(group) from error

    async def _ask_worker(self, worker: ComponentName, request: ModelRequest, left_seconds: float) -> ModelResponse:
        self._mine[worker] = self._mine.get(worker, 0) + 1
        try:
            return await self._bus.request(request, timeout_seconds=left_seconds, to=worker)
        except (asyncio.CancelledError, DeadlineExceeded):
            self._withdrawals.start(self._cancel(worker, request))
            raise
        finally:
            self._mine[worker] -= 1

    async def _cancel(self, worker: ComponentName, request: ModelRequest) -> None:
        command = CancelModelRequest(request_id=request.request_id)
        with suppress(CommunicationError):
            await self._bus.request(command, timeout_seconds=CANCEL_TIMEOUT_SECONDS, to=worker)

    def known(self, group: str, avoided: Collection[ComponentName] = ()) -> list[ComponentName]:
        """The workers of the group heard of lately, without those avoided. One has the group's own name."""
        oldest = self._clock.monotonic() - BELIEVED_SECONDS
        heard = {name for name, load in self._loads.items() if load.at >= oldest and in_group(name, group)}
        return sorted((heard | {ComponentName(group)}).difference(avoided))

    def _busy(self, worker: ComponentName) -> int:
        heard = self._loads.get(worker)
        return max(heard.requests if heard else 0, self._mine.get(worker, 0))

    async def _heard(self, load: ModelLoad) -> None:
        self._loads[current().source] = _Heard(load.active + load.waiting, self._clock.monotonic())


@asynccontextmanager
async def deltas_to(
    kind: type[DeltaT],
    on_delta: Callable[[DeltaT], Awaitable[None]] | None,
    bus: Bus,
    key: str,
    limit: QueueLimit = DEFAULT_LIMIT,
) -> AsyncGenerator[None]:
    """Have the deltas of one request handed to `on_delta`, where there is one, during the block.

    A model's own are `ModelDelta`, those of the assistant `AnswerDelta`.
    """
    if on_delta is None:
        yield
        return
    subscription = await bus.listen(kind, on_delta, key=key, limit=limit)
    try:
        yield
    finally:
        await subscription.close()


def _given_up(group: str, deaths: int) -> ModelUnavailable:
    return ModelUnavailable(f"{group} died {deaths} times while it was answering this.", f"See: senter logs {group}")
