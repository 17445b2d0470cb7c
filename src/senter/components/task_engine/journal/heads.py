"""Has the audit log's head noted elsewhere: a while after the log grew, and when the engine begins and ends.

The entry is on disk before it is announced, so that what is noted is never ahead of the log.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from senter.components.task_engine.journal.audit import ENGINE
from senter.components.task_engine.journal.chain import START
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.errors import StorageFull
from senter.messages.audit_heads import AuditGrew

# Announced at most so often: each time is an event.
EVERY_SECONDS = 20.0
RESTORED = "journal_restored"
WHAT = "tasks.db was damaged and mended. Entries after {} that could not be saved are lost; the log goes on here."


class Heads:
    """Announces; the reporter notes."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger
        self._grew = asyncio.Event()
        self._announced = START
        ledger.database.on_commit(self._grew.set)

    def go_on(self) -> None:
        """The file was mended, perhaps from an older copy: put on record that what was noted before may be lost."""
        with self._ledger.database.transaction() as tx:
            last = self._ledger.audit.last(tx).entries
            self._ledger.note(tx, ENGINE, RESTORED, "task_engine", WHAT.format(last))

    def announce(self) -> None:
        """Unless nothing came since the last time."""
        before, audit = self._announced, self._ledger.audit
        if audit.last(self._ledger.database).entries == before.entries:
            return
        follows = before.head if audit.holds(before.entries, before.head) else ""
        with self._ledger.database.transaction() as tx:
            last = audit.last(tx)
            self._ledger.announce(tx, AuditGrew(number=last.entries, digest=last.head, follows=follows))
        self._announced = last

    async def run(self) -> None:
        """Announce for ever; where nothing is written, nothing is done. What a full disk refuses is announced later."""
        while True:
            with suppress(StorageFull):
                self.announce()
            await self._grew.wait()
            self._grew.clear()
            await self._ledger.clock.sleep(EVERY_SECONDS)
