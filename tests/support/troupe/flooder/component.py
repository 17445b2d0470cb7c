"""Sends as many messages as its settings say, as fast as it can, and takes all of them in again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from senter.component.component import Component
from senter.component.events import EventLog
from senter.messages.health import Health
from senter.store.database import Transaction
from tests.support.troupe.flooder.spec import SPEC, Flooded, FlooderSettings, Splash

BATCH = 100
FILLER = "x" * 200


class Flooder(Component[FlooderSettings]):
    """Its health says what it sent, what came back, and what was dropped on the way."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.splashes_sent = self.splashes_taken = 0
        self.events = EventLog.open(self.context, SPEC, stack)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.events.run())
            group.create_task(self._tell())
            group.create_task(self._splash())

    def health(self) -> Health:
        database = self.events.database
        return Health(
            facts={
                "sent": database.row("SELECT sent FROM flood", (), int),
                "taken": database.row("SELECT count(*) FROM taken", (), int),
                "different": database.row("SELECT count(DISTINCT number) FROM taken", (), int),
                "out_of_order": database.row("SELECT count(*) FROM taken WHERE number != rowid", (), int),
                "splashes_sent": self.splashes_sent,
                "splashes_taken": self.splashes_taken,
                "splashes_dropped": self.bus.counters.volatile_dropped,
            }
        )

    async def _tell(self) -> None:
        while (sent := self.events.database.row("SELECT sent FROM flood", (), int) or 0) < self.settings.durable:
            until = min(sent + BATCH, self.settings.durable)
            with self.events.database.transaction() as transaction:
                for number in range(sent + 1, until + 1):
                    self.events.add(transaction, Flooded(number=number, filler=FILLER))
                transaction.execute("UPDATE flood SET sent = ?", (until,))
            await self.clock.sleep(0)

    async def _splash(self) -> None:
        for number in range(1, self.settings.volatile + 1):
            await self.bus.send(Splash(number=number))
            self.splashes_sent = number
            if number % BATCH == 0:
                await self.clock.sleep(0)

    def take(self, transaction: Transaction, event: Flooded) -> None:
        transaction.execute("INSERT INTO taken VALUES (?)", (event.number,))

    async def splashed(self, _: Splash) -> None:
        self.splashes_taken += 1
