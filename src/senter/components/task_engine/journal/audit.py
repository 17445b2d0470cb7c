"""The audit log: what was asked, allowed and done, chained so that nothing can be changed unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from senter.components.task_engine.journal import chain, queries
from senter.messages.approvals import AuditEntry, AuditReply
from senter.store.database import Database, Transaction
from senter.store.stamps import from_stamp, stamp

USER, ENGINE = "user", "task_engine"
TAINTED_MODEL = "a model that had read text of others"
"""Whoever asked for a goal in a conversation with one."""
TEXT_CHARACTERS = 4_000
REPLY_CHARACTERS = 500_000
PAGE = 500


class AuditLog:
    """Adds to the log in the transaction that does what is logged; reads and verifies it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, tx: Transaction, at: str, actor: str, action: str, subject: str, text: str) -> None:
        entry = chain.linked(self.last(tx), from_stamp(at), actor, action, subject, _told(text))
        tx.execute(queries.ADD_AUDIT, {**entry.model_dump(exclude={"at"}), "at": at})

    def last(self, rows: Database | Transaction) -> chain.ChainEnd:
        """Where the log ends."""
        return rows.row(queries.LAST_AUDIT, (), _end) or chain.START

    def note(self, at: datetime, actor: str, action: str, subject: str, text: str) -> None:
        """Add an entry that goes with no other change."""
        with self._database.transaction() as tx:
            self.add(tx, stamp(at), actor, action, subject, text)

    def page(self, after: int, limit: int) -> AuditReply:
        """Entries after a number, as many as a reply holds."""
        found = self._database.rows(queries.AUDIT, {"after": after, "limit": limit}, _entry)
        left, entries = REPLY_CHARACTERS, list[AuditEntry]()
        for entry in found:
            left -= len(entry.text or "") + TEXT_CHARACTERS // 10
            if left < 0:
                break
            entries.append(entry)
        return AuditReply(entries=tuple(entries), total=self.last(self._database).entries)

    def holds(self, number: int, digest: str) -> bool:
        """Whether the entry of that number is the one with that digest."""
        return [entry.digest for entry in self.page(number - 1, 1).entries] == [digest] if number else False

    def verify_page(
        self, end: chain.ChainEnd, see: Callable[[Iterable[AuditEntry]], None] = lambda _: None
    ) -> chain.ChainEnd:
        """Verify the entries that follow those verified before, and show them to `see`; none left leaves the end as it
        is."""
        found = self._database.rows(queries.AUDIT, {"after": end.entries, "limit": PAGE}, _entry)
        see(found)
        return chain.verify(found, end)

    def erase_texts(self, tx: Transaction, oldest: str) -> int:
        """Forget what entries before a moment said; that they were made stays provable."""
        return tx.execute(queries.ERASE_AUDIT_TEXTS, {"oldest": oldest})


def _told(text: str) -> str:
    """What stands beside an entry: a long text's beginning, and the digest that makes the rest provable too."""
    exact = text.encode("utf-8", "backslashreplace").decode()
    if len(exact) <= TEXT_CHARACTERS:
        return exact
    return f"{exact[:TEXT_CHARACTERS]}\n[cut: {len(exact):,} characters in all, SHA-256 {chain.content_digest(exact)}]"


def _end(number: int, digest: bytes) -> chain.ChainEnd:
    return chain.ChainEnd(number, _read(digest))


def _entry(number: int, at: bytes, text: bytes | None, **columns: bytes) -> AuditEntry:
    """Whatever somebody wrote over it: that it does not fit is for the chain to say."""
    read = {name: _read(column) for name, column in columns.items()}
    own = {"number": number, "at": _moment(_read(at)), "text": None if text is None else _read(text)}
    return AuditEntry.model_validate({**own, **read})


def _read(column: bytes) -> str:
    return column.decode("utf-8", "replace")


def _moment(at: str) -> datetime | None:
    """None for what the log never wrote, such as another zone's spelling of the same moment."""
    try:
        moment = from_stamp(at)
    except ValueError:
        return None
    return moment if moment.tzinfo and stamp(moment) == at else None
