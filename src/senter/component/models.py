"""How any component asks a model.

`ModelClient` picks the least busy worker of a group, hands on its deltas, sits out a worker's restart
within the asker's deadline and withdraws the request when the asker goes away. A component that uses
it adds `MODEL_CLIENT_SENDS` and `MODEL_CLIENT_RECEIVES` to its SPEC.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

from senter.bus.bus import Bus, Subscription
from senter.clock import Clock, SystemClock
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
from senter.messages.control import ComponentStatus, GetDaemonStatus, State
from senter.messages.envelope import continuing, current, following
from senter.messages.message import ComponentName, MessageId, new_message_id
from senter.messages.model import CancelModelRequest, ModelDelta, ModelLoad, ModelRequest, ModelResponse

MODEL_CLIENT_SENDS = (ModelRequest, CancelModelRequest, GetDaemonStatus)
MODEL_CLIENT_RECEIVES = (ModelDelta, ModelLoad)

PRIMARY = "model_primary"
RESEARCH = "model_research"

DEATHS_BEFORE_GIVING_UP = 3
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
SUPERVISOR_TIMEOUT_SECONDS = 1.0
CANCEL_TIMEOUT_SECONDS = 2.0
BELIEVED_SECONDS = 30.0
# A worker counts attempts up by one; asking another worker must end up above all of them.
ATTEMPTS_PER_WORKER = 100

OnDelta = Callable[[ModelDelta], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Heard:
    requests: int
    at: float


class ModelClient:
    """One component's way to the model workers. Subscribes when it is first used."""

    def __init__(self, bus: Bus, clock: Clock | None = None) -> None:
        self._bus = bus
        self._clock = clock or SystemClock()
        self._loads: dict[ComponentName, _Heard] = {}
        self._mine: dict[ComponentName, int] = {}
        self._subscription: Subscription | None = None
        self._subscribing = asyncio.Lock()
        self._cancels: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._subscribe()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._cancels:
            await asyncio.wait(self._cancels)
        if self._subscription:
            await self._subscription.close()
            self._subscription = None

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
        await self._subscribe()
        correlation = following().correlation
        with continuing(correlation):
            async with self._deltas_to(on_delta, correlation):
                return await self._until_answered(request, worker_group, timeout_seconds)

    async def _until_answered(self, request: ModelRequest, group: str, timeout_seconds: float) -> ModelResponse:
        ends_at = self._clock.monotonic() + timeout_seconds
        tries, deaths, pause_seconds = 0, 0, FIRST_PAUSE_SECONDS
        avoided = set[ComponentName]()
        while (left_seconds := ends_at - self._clock.monotonic()) > 0:
            worker = self._least_busy(group, avoided)
            tries += 1
            try:
                return await self._ask_worker(worker, _attempt(request, tries), left_seconds)
            except BusFull:
                avoided.add(worker)
                if self.known(group, avoided):
                    continue
                raise
            except (NoResponder, ResponderDied, BusUnavailable, Unavailable) as error:
                deaths += isinstance(error, ResponderDied)
                avoided.add(worker)
                self._loads.pop(worker, None)
            if deaths >= DEATHS_BEFORE_GIVING_UP:
                raise _given_up(group, deaths)
            if self.known(group, avoided):
                continue
            await self._check_coming_back(group)
            await self._clock.sleep(min(pause_seconds, max(0.0, ends_at - self._clock.monotonic())))
            pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)
            avoided.clear()
        raise DeadlineExceeded(group, timeout_seconds)

    async def _ask_worker(self, worker: ComponentName, request: ModelRequest, left_seconds: float) -> ModelResponse:
        self._mine[worker] = self._mine.get(worker, 0) + 1
        try:
            return await self._bus.request(request, timeout_seconds=left_seconds, to=worker)
        except (asyncio.CancelledError, DeadlineExceeded):
            cancel = asyncio.create_task(self._cancel(worker, request), name=f"withdraw {request.request_id}")
            self._cancels.add(cancel)
            cancel.add_done_callback(self._cancels.discard)
            raise
        finally:
            self._mine[worker] -= 1

    async def _cancel(self, worker: ComponentName, request: ModelRequest) -> None:
        command = CancelModelRequest(request_id=request.request_id)
        with suppress(CommunicationError):
            await self._bus.request(command, timeout_seconds=CANCEL_TIMEOUT_SECONDS, to=worker)

    async def _check_coming_back(self, group: str) -> None:
        """Raises `Unavailable` when the supervisor will not start a worker of the group by itself."""
        try:
            status = await self._bus.request(GetDaemonStatus(), timeout_seconds=SUPERVISOR_TIMEOUT_SECONDS)
        except (NoResponder, ResponderDied, BusUnavailable, BusFull, DeadlineExceeded):
            return
        workers = {name: row for name, row in status.components.items() if _belongs(name, group)}
        if workers and all(row.state in _GONE for row in workers.values()):
            raise _unavailable(*min(workers.items()))

    def _least_busy(self, group: str, avoided: set[ComponentName]) -> ComponentName:
        return min(self.known(group, avoided) or self.known(group), key=self._busy)

    def known(self, group: str, avoided: Collection[ComponentName] = ()) -> list[ComponentName]:
        """The workers of the group heard of lately, without those avoided. One has the group's own name."""
        oldest = self._clock.monotonic() - BELIEVED_SECONDS
        heard = {name for name, load in self._loads.items() if load.at >= oldest and _belongs(name, group)}
        return sorted((heard | {ComponentName(group)}).difference(avoided))

    def _busy(self, worker: ComponentName) -> int:
        heard = self._loads.get(worker)
        return max(heard.requests if heard else 0, self._mine.get(worker, 0))

    @asynccontextmanager
    async def _deltas_to(self, on_delta: OnDelta | None, key: MessageId) -> AsyncGenerator[None]:
        if on_delta is None:
            yield
            return
        subscription = await self._bus.listen(ModelDelta, on_delta, key=key)
        try:
            yield
        finally:
            await subscription.close()

    async def _subscribe(self) -> None:
        async with self._subscribing:
            if self._subscription is None:
                self._subscription = await self._bus.listen(ModelLoad, self._heard)

    async def _heard(self, load: ModelLoad) -> None:
        self._loads[current().source] = _Heard(load.active + load.waiting, self._clock.monotonic())


_GONE = {
    State.DISABLED: ("is disabled in the settings", "Set enabled = true in its settings, then: senter restart {name}"),
    State.STOPPED: ("is stopped", "Start it with: senter start {name}"),
    State.STOPPED_BY_SETTINGS_ERROR: ("cannot start with its settings", "Check them with: senter config check"),
    State.STOPPED_BY_REPEATED_FAILURE: (
        "failed again and again and was given up",
        "See: senter logs {name}; then: senter restart {name}",
    ),
}


def _unavailable(name: ComponentName, row: ComponentStatus) -> Unavailable:
    what, hint = _GONE[row.state]
    why = f": {row.reason.rstrip('.')}" if row.reason else ""
    return Unavailable(f"{name} {what}{why}.", hint.format(name=name))


def _given_up(group: str, deaths: int) -> ModelUnavailable:
    return ModelUnavailable(f"{group} died {deaths} times while it was answering this.", f"See: senter logs {group}")


def _attempt(request: ModelRequest, tries: int) -> ModelRequest:
    """The request as one worker gets it: with an id of its own, and attempts above those before."""
    first = request.first_attempt + (tries - 1) * ATTEMPTS_PER_WORKER
    return request.model_copy(update={"request_id": new_message_id(), "first_attempt": first})


def _belongs(name: str, group: str) -> bool:
    return re.fullmatch(rf"{re.escape(group)}(_\d+)?", name) is not None
