"""What every part of the journal writes with: the file, the clock, the audit log, and events on their way out.

Each transaction is one step boundary: when it is committed, `boundary` is told its name. That is where
the kill matrix ends the process.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from senter.clock import Clock
from senter.component.events import Announce
from senter.components.task_engine.journal.audit import AuditLog
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import SenterError
from senter.store.database import Database, Transaction
from senter.store.stamps import stamp

Boundary = Callable[[str], None]


class Fenced(SenterError):
    """An attempt whose claim no longer holds tried to write. Nothing was written."""

    code = "fenced"

    def __init__(self, what: str) -> None:
        super().__init__(f"This attempt no longer holds its task: {what} was not written down.")


@dataclass(frozen=True, slots=True)
class JournalLedger:
    """The one way to write to tasks.db."""

    database: Database
    announce: Announce
    audit: AuditLog
    clock: Clock
    settings: TaskEngineSettings
    supervisor_pid: int
    """When that process died too, no task is to blame."""
    boundary: Boundary

    @property
    def data_folder(self) -> Path:
        """The folder that tasks.db lies in."""
        return self.database.path.parent

    @contextmanager
    def writing(self, boundary: str, *, durable: bool = True) -> Generator[Transaction]:
        """One transaction that ends at the named boundary. One that is not durable survives the death of every
        process, but not a loss of power: for what may be done again without harm."""
        with self.database.transaction(durable=durable) as transaction:
            yield transaction
        self.boundary(boundary)

    def note(self, tx: Transaction, actor: str, action: str, subject: str, text: str) -> None:
        """Add an entry to the audit log."""
        self.audit.add(tx, self.now(), actor, action, subject, text)

    def now(self) -> str:
        return stamp(self.clock.now())

    def after(self, seconds: float) -> str:
        return stamp(self.clock.now() + timedelta(seconds=seconds))
