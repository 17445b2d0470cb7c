"""Consumes every announced answer from the stream, or fails at it."""

from __future__ import annotations

from contextlib import AsyncExitStack

from senter.component.component import Component
from senter.component.events import EventLog
from senter.messages.health import Health
from senter.messages.query import QueryAnswered
from senter.store.database import Transaction
from tests.support.troupe.witness.spec import SPEC, WitnessSettings


class Witness(Component[WitnessSettings]):
    """Its health says how many events it took in, and of how many questions they were."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)

    async def run(self) -> None:
        await self.events.run()

    def health(self) -> Health:
        database = self.events.database
        seen = database.row("SELECT count(*) FROM seen", (), int)
        questions = database.row("SELECT count(DISTINCT query_id) FROM seen", (), int)
        return Health(facts={"seen": seen, "questions": questions})

    def note(self, transaction: Transaction, event: QueryAnswered) -> None:
        if self.settings.fails:
            raise ValueError("the witness saw nothing")
        transaction.execute("INSERT INTO seen VALUES (?)", (event.query_id,))
