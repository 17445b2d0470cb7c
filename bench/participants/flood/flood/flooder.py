"""Publishes durable messages and sends volatile ones, both as fast as it can."""

from __future__ import annotations

import asyncio
import signal
from itertools import count
from typing import Final

from flood.messages import Spray, Wave
from flood.spec import FlooderSettings
from senter.component.component import Component, Context
from senter.errors import BusFull, BusUnavailable
from senter.messages.health import Health

# Between these many messages it lets its own heartbeat through.
BREATHE_EVERY: Final = 100
FULL_SECONDS: Final = 0.05


class Flooder(Component[FlooderSettings]):
    """Waits for SIGUSR1, then floods once."""

    def __init__(self, context: Context[FlooderSettings]) -> None:
        super().__init__(context)
        self._durable = self._volatile = self._refused = 0

    async def run(self) -> None:
        begin = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, begin.set)
        await begin.wait()
        numbers = count(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._spray())
            for _ in range(self.settings.at_once):
                group.create_task(self._publish(numbers))
        await asyncio.Event().wait()

    def health(self) -> Health:
        dropped = self.bus.counters.volatile_dropped
        return Health(
            facts={
                "durable": self._durable,
                "refused": self._refused,
                "volatile": self._volatile,
                "dropped": dropped,
            }
        )

    async def _publish(self, numbers: count[int]) -> None:
        while (number := next(numbers)) <= self.settings.durable:
            await self._publish_one(Wave(number=number))
            self._durable += 1

    async def _publish_one(self, wave: Wave) -> None:
        """What the bus refuses is published again, under the same id."""
        while True:
            try:
                await self.bus.publish(wave)
            except (BusFull, BusUnavailable):
                self._refused += 1
            else:
                return
            await self.clock.sleep(FULL_SECONDS)

    async def _spray(self) -> None:
        for number in range(1, self.settings.volatile + 1):
            await self.bus.send(Spray(number=number))
            self._volatile = number
            if number % BREATHE_EVERY == 0:
                await self.clock.sleep(0)
