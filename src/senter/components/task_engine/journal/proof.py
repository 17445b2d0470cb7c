"""What others know of the audit log: its head is noted elsewhere, and the log must hold what was noted, and what the
journal calls for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.audit import ENGINE, AuditLog
from senter.components.task_engine.journal.chain import START, ChainEnd
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.errors import StorageFull
from senter.messages.approvals import AuditEntry
from senter.messages.audit_heads import AuditGrew, NotedHead
from senter.store.database import Database

# Announced at most so often: each time is an event.
EVERY_SECONDS = 20.0
RESTORED = "journal_restored"
MENDED = "tasks.db was damaged and mended. Entries after {} that could not be saved are lost; the log goes on here."
WHAT = {"goal": "goals", "approval": "approvals and decisions", "task": "finished calls"}


class Heads:
    """Announces the log's head, a while after it grew and when the engine begins and ends; the reporter notes it.

    The entry is on disk before it is announced, so that what is noted is never ahead of the log.
    """

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger
        self._grew = asyncio.Event()
        self._announced = START
        ledger.database.on_commit(self._grew.set)

    def go_on(self) -> None:
        """The file was mended, perhaps from an older copy: put on record that what was noted before may be lost."""
        with self._ledger.database.transaction() as tx:
            last = self._ledger.audit.last(tx).entries
            self._ledger.note(tx, ENGINE, RESTORED, "task_engine", MENDED.format(last))

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


@dataclass(frozen=True, slots=True)
class AuditFindings:
    """In words, a sentence each."""

    missing: tuple[str, ...] = ()
    """What the log should hold and does not."""
    notes: tuple[str, ...] = ()
    """What is no fault, and should be known."""


@dataclass(slots=True)
class Owed:
    """Entries that the journal calls for and that were not seen yet, by action and subject."""

    entries: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    fall_backs: list[AuditEntry] = field(default_factory=list[AuditEntry])
    """Where the log itself says that it fell back."""

    @staticmethod
    def read(database: Database) -> Owed:
        """Read before the log is gone through: what is added meanwhile only adds entries."""
        return Owed(Counter(dict(entry for query in queries.OWED for entry in database.rows(query, (), _entry))))

    def see(self, entries: Iterable[AuditEntry]) -> None:
        for entry in entries:
            name = (entry.action, entry.subject)
            if name in self.entries:
                self.entries[name] -= 1
            if entry.action == RESTORED:
                self.fall_backs.append(entry)

    def missing(self) -> list[str]:
        counts: Counter[str] = Counter()
        for (_, subject), count in self.entries.items():
            counts[subject.partition(" ")[0]] += max(count, 0)
        return [
            f"{count:,} {WHAT[kind]} of the journal have no entry in the log."
            for kind, count in counts.items()
            if count
        ]


def compare(audit: AuditLog, verdict: ChainEnd, owed: Owed, heads: Sequence[NotedHead]) -> AuditFindings:
    """Compare a log that was gone through with what was noted of it, and with the journal."""
    others = [head for head in heads if not audit.holds(head.number, head.digest)]
    lost = {head: fall_back for head in others if (fall_back := _lost_in(owed.fall_backs, head))}
    standing = [head for head in heads if head not in lost]
    cut = max((head for head in standing if head.number > verdict.entries), key=lambda head: head.number, default=None)
    missing = [_cut_off(cut, verdict.entries)] if cut else []
    missing += [_other(head) for head in others if head in standing and head.number <= verdict.entries][:1]
    last_lost = {fall_back.number: (fall_back, head) for head, fall_back in lost.items()}
    return AuditFindings((*missing, *owed.missing()), tuple(_fell_back(*both) for both in last_lost.values()))


def _lost_in(fall_backs: Sequence[AuditEntry], head: NotedHead) -> AuditEntry | None:
    """The entry that tells of the fall-back which took this one with it."""
    return next((one for one in fall_backs if one.at and one.at > head.noted_at and one.number <= head.number), None)


def _cut_off(head: NotedHead, total: int) -> str:
    return (
        f"Entry {head.number:,} was noted on {head.noted_at:%Y-%m-%d %H:%M} UTC, and the log ends at {total:,}: "
        f"at least {head.number - total:,} entries are missing at its end."
    )


def _other(head: NotedHead) -> str:
    return (
        f"Entry {head.number:,} is not the one that was noted on {head.noted_at:%Y-%m-%d %H:%M} UTC: "
        "the log was cut and went on, or was made anew."
    )


def _fell_back(fall_back: AuditEntry, head: NotedHead) -> str:
    return (
        f"tasks.db was damaged and mended before {fall_back.at:%Y-%m-%d %H:%M} UTC: entries "
        f"{fall_back.number:,} to {head.number:,} went with it, and others stand there since."
    )


def _entry(action: str, subject: str, count: int) -> tuple[tuple[str, str], int]:
    return (action, subject), count
