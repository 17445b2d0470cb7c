"""Asking another component: again while it is away and comes back, within one deadline.

Asked again is what reached nobody, what a receiver refused because it is itself away, and, where the command may be
repeated, what has an unknown outcome. The supervisor says who comes back.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from senter.bus.bus import Bus
from senter.client.asking_again import GONE, check_comes_back, pauses
from senter.clock import Clock
from senter.errors import (
    BusUnavailable,
    CommunicationError,
    DeadlineExceeded,
    NoResponder,
    ResponderDied,
    Stopping,
    Unavailable,
)
from senter.messages.control import ComponentStatus, DaemonStatus, GetDaemonStatus, State
from senter.messages.message import Command, ComponentName, Reply

ReplyT = TypeVar("ReplyT", bound=Reply)

STATUS_TIMEOUT_SECONDS = 2.0


class Asker:
    """One component's way to ask others. Its SPEC sends `GetDaemonStatus`."""

    def __init__(self, bus: Bus, clock: Clock, timeout_seconds: float = 30.0) -> None:
        self._bus = bus
        self._clock = clock
        self._timeout_seconds = timeout_seconds

    async def ask(
        self, command: Command[ReplyT], timeout_seconds: float | None = None, *, repeat: bool = True, what: str = ""
    ) -> ReplyT:
        """The receiver's answer. `repeat` says whether the command may be carried out twice.

        Raises `DeadlineExceeded`, which calls the request `what`; `Unavailable` when the receiver does not come back;
        `ResponderDied` or `BusUnavailable` when it was lost and may not be repeated; what the receiver itself raises.
        """
        return await self.until_answered(
            lambda seconds: self._bus.request(command, timeout_seconds=seconds),
            command.receiver,
            timeout_seconds or self._timeout_seconds,
            repeat=repeat,
            what=what or f"The answer of {command.receiver}",
        )

    async def until_answered(
        self,
        once: Callable[[float], Awaitable[ReplyT]],
        name: str,
        timeout_seconds: float,
        *,
        repeat: bool = True,
        what: str,
    ) -> ReplyT:
        """As `ask`, where `once` asks: a component, or any of the workers of the group `name`, for at most so long."""
        ends_at = self._clock.monotonic() + timeout_seconds
        for pause_seconds in pauses():
            left_seconds = ends_at - self._clock.monotonic()
            if left_seconds <= 0:
                break
            try:
                return await once(left_seconds)
            except DeadlineExceeded:
                break
            except NoResponder:
                pass
            except (ResponderDied, BusUnavailable):
                if not repeat:
                    raise
            except Unavailable:
                # Either something it needs is not there, or it is itself being restarted.
                if not await self._is_away(name):
                    raise
            # The pause comes first: a restart goes through `stopped` for a moment.
            await self._clock.sleep(min(pause_seconds, max(0.0, ends_at - self._clock.monotonic())))
            await self._check_comes_back(name)
        raise DeadlineExceeded(what, timeout_seconds)

    async def _is_away(self, name: str) -> bool:
        status = await self._status()
        return status is not None and all(row.state is not State.RUNNING for row in _rows(status, name).values())

    async def _check_comes_back(self, name: str) -> None:
        """Raises `Stopping` or `Unavailable` when the supervisor will not have it run again by itself."""
        status = await self._status()
        if status is None:
            return  # the bus or the supervisor is being brought back as well
        if status.state in (State.STOPPING, State.STOPPED):
            raise Stopping
        rows = _rows(status, name)
        if not rows:
            raise Unavailable(f"{name} is not part of this Senter.", "See: senter status")
        if all(row.state in GONE for row in rows.values()):
            first, row = min(rows.items())
            check_comes_back(first, row.state, row.reason)

    async def _status(self) -> DaemonStatus | None:
        try:
            return await self._bus.request(GetDaemonStatus(), timeout_seconds=STATUS_TIMEOUT_SECONDS)
        except CommunicationError:
            return None


def in_group(name: str, group: str) -> bool:
    """Whether a component is one of the group's: has its name, or that with a number after it."""
    return re.fullmatch(rf"{re.escape(group)}(_\d+)?", name) is not None


def _rows(status: DaemonStatus, group: str) -> dict[ComponentName, ComponentStatus]:
    return {name: row for name, row in status.components.items() if in_group(name, group)}
