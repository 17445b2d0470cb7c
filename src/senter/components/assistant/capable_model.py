"""Whether a capable model is there: whoever has none waits for none."""

from __future__ import annotations

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.component.models import PRIMARY
from senter.errors import SenterError
from senter.messages.message import ComponentName
from senter.messages.model import Capability, GetModelStatus

LOOK_SECONDS = 0.5
BELIEVED_SECONDS = 30.0
CLOSED = "closed"


class CapableModel:
    """Looks now and then."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._is_there = False
        self._looked_at = float("-inf")

    async def is_there(self) -> bool:
        now = self._clock.monotonic()
        if now - self._looked_at >= BELIEVED_SECONDS:
            self._is_there, self._looked_at = await self._look(), now
        return self._is_there

    async def _look(self) -> bool:
        try:
            status = await self._bus.request(GetModelStatus(), timeout_seconds=LOOK_SECONDS, to=ComponentName(PRIMARY))
        except SenterError:
            return False
        return any(each.capability == Capability.CAPABLE and each.breaker == CLOSED for each in status.endpoints)
