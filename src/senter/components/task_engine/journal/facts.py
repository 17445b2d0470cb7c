"""What holds for the whole engine, over restarts: whether it is panicking, and the folders the user named."""

from __future__ import annotations

from collections.abc import Sequence

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.audit import USER
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.records import TEXTS
from senter.store.database import Transaction

PANIC, FOLDERS = "panic", "folders"


class Facts:
    """Read often, written rarely."""

    def __init__(self, ledger: JournalLedger) -> None:
        self._ledger = ledger

    @property
    def panicking(self) -> bool:
        return self._get(PANIC) == "1"

    def panic(self, *, release: bool) -> bool:
        """Stop all autonomous work, or let it go on. Says whether that changed anything."""
        if self.panicking is not release:
            return False
        with self._ledger.writing("panic") as tx:
            tx.execute(queries.SET_FACT, {"name": PANIC, "value": "0" if release else "1"})
            action = "panic_released" if release else "panic"
            self._ledger.note(tx, USER, action, "task_engine", "")
        return True

    @property
    def folders(self) -> tuple[str, ...] | None:
        """None while nobody said."""
        found = self._get(FOLDERS)
        return TEXTS.validate_json(found) if found else None

    def set_folders(self, tx: Transaction, folders: Sequence[str]) -> None:
        """Every goal may read below them, so that they are on record as a grant is. Said again, they are no news."""
        if tuple(folders) == self.folders:
            return
        paths = TEXTS.dump_json(tuple(folders)).decode()
        tx.execute(queries.SET_FACT, {"name": FOLDERS, "value": paths})
        self._ledger.note(tx, USER, "folders_named", "documents", paths)

    def _get(self, name: str) -> str | None:
        return self._ledger.database.row(queries.FACT, {"name": name}, str)
