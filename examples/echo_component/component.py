"""Answers with the text it was told; counts in its own database, and announces the count."""

from __future__ import annotations

from contextlib import AsyncExitStack

from echo_component.messages import Echo, Echoed, EchoReply
from echo_component.spec import SPEC, EchoSettings
from senter.component.component import Component
from senter.component.events import EventLog
from senter.messages.health import Health
from senter.store.database import Transaction

NEXT_COUNT = "UPDATE echoes SET count = count + 1 RETURNING count"
NOTE_SEEN = "UPDATE echoes SET seen = seen + 1"
SEEN = "SELECT seen FROM echoes"


class EchoComponent(Component[EchoSettings]):
    """Says again what it is told."""

    async def open(self, stack: AsyncExitStack) -> None:
        self.events = EventLog.open(self.context, SPEC, stack)

    async def run(self) -> None:
        await self.events.run()

    def health(self) -> Health:
        return self.events.health(seen=self.events.database.row(SEEN, (), int))

    async def echo(self, command: Echo) -> EchoReply:
        with self.events.database.transaction() as transaction:
            count = transaction.row(NEXT_COUNT, (), int) or 0
            self.events.add(transaction, Echoed(text=command.text, count=count))
        return EchoReply(text=" ".join([command.text] * self.settings.repeat), count=count)

    def note(self, transaction: Transaction, _: Echoed) -> None:
        transaction.execute(NOTE_SEEN)
