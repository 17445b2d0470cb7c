"""Commands that a person's request stands for: asked again when their receiver was away and comes back."""

from __future__ import annotations

from itertools import count
from typing import Final, TypeVar

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.components.api.comeback import Comeback
from senter.errors import BusUnavailable, DeadlineExceeded, NoResponder, ResponderDied, Unavailable
from senter.messages.message import Command, Reply

ReplyT = TypeVar("ReplyT", bound=Reply)

# How the failure of a wait is told; the name of a component says little to a person.
ANSWER: Final = "The answer of {name}"


class Patience:
    """Sits out the restart of whoever is asked, within one deadline."""

    def __init__(self, bus: Bus, clock: Clock, timeout_seconds: float) -> None:
        self._bus = bus
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._comeback = Comeback(bus, clock)

    async def ask(
        self, command: Command[ReplyT], timeout_seconds: float | None = None, *, repeat: bool = True
    ) -> ReplyT:
        """The reply. What may be said twice, `repeat`, is repeated even when its outcome is unknown; what has an effect
        each time only while it reached nobody."""
        seconds = timeout_seconds or self._timeout_seconds
        deadline = self._clock.monotonic() + seconds
        for interruptions in count():
            left = deadline - self._clock.monotonic()
            if left <= 0:
                break
            try:
                return await self._bus.request(command, timeout_seconds=left)
            except NoResponder:
                pass
            except (ResponderDied, BusUnavailable):
                if not repeat:
                    raise
            except Unavailable:
                # Either something it needs is not there, or it is itself being restarted.
                if not await self._comeback.is_away(command.receiver):
                    raise
            except DeadlineExceeded:
                break
            try:
                await self._comeback.wait_for(command.receiver, deadline, interruptions)
            except DeadlineExceeded:
                break
        raise DeadlineExceeded(ANSWER.format(name=command.receiver), seconds)
