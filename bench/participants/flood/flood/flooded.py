"""Takes in the flood as any component would: durable messages exactly once, volatile ones as they come."""

from __future__ import annotations

from contextlib import AsyncExitStack

from flood.messages import Spray, Wave
from flood.spec import FLOODED
from senter.component.component import Component
from senter.component.events import EventLog
from senter.component.spec import ComponentSettings
from senter.messages.health import Health
from senter.store.database import Transaction

NOTE = "UPDATE waves SET count = count + 1"
COUNT = "SELECT count FROM waves"


class Flooded(Component[ComponentSettings]):
    """Counts."""

    async def open(self, stack: AsyncExitStack) -> None:
        self._sprays = 0
        self.events = EventLog.open(self.context, FLOODED, stack)

    async def run(self) -> None:
        await self.events.run()

    def health(self) -> Health:
        waves = self.events.database.row(COUNT, (), int)
        return Health(facts={"durable": waves, "volatile": self._sprays, "dropped": self.bus.counters.volatile_dropped})

    def note(self, transaction: Transaction, _: Wave) -> None:
        transaction.execute(NOTE)

    async def hear(self, _: Spray) -> None:
        self._sprays += 1
