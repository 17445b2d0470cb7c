"""The audit log: what was asked, allowed and done, chained so that nothing can be changed unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Generator

from senter.components.task_engine.journal import queries
from senter.messages.approvals import AuditEntry, AuditReply
from senter.store.database import Database, Transaction
from senter.store.stamps import from_stamp, stamp

USER, ENGINE = "user", "task_engine"
TEXT_CHARACTERS = 4_000
PAGE = 1_000
GENESIS = ""


class AuditLog:
    """Adds to the log in the transaction that does what is logged; reads and verifies it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, tx: Transaction, at: str, actor: str, action: str, subject: str, text: str) -> None:
        last = tx.row(queries.LAST_AUDIT, (), _entry)
        text = text[:TEXT_CHARACTERS]
        number = last.number + 1 if last else 1
        content = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        values = {"number": number, "at": at, "actor": actor, "action": action, "subject": subject}
        digest = _digest(last.digest if last else GENESIS, number, at, actor, action, subject, content)
        tx.execute(queries.ADD_AUDIT, {**values, "content_digest": content, "digest": digest, "text": text})

    def page(self, after: int, limit: int) -> AuditReply:
        entries = self._database.rows(queries.AUDIT, {"after": after, "limit": limit}, _entry) if limit else []
        return AuditReply(entries=tuple(entries), total=self._database.row(queries.AUDIT_TOTAL, (), int) or 0)

    def broken_at(self) -> Generator[int | None]:
        """Go through the whole chain, a page for each step; yields the first entry that does not fit, if any."""
        before, after = GENESIS, 0
        while entries := self._database.rows(queries.AUDIT, {"after": after, "limit": PAGE}, _entry):
            for entry in entries:
                if not _fits(entry, after, before):
                    yield entry.number
                    return
                before, after = entry.digest, entry.number
            yield None

    def erase_texts(self, tx: Transaction, oldest: str) -> int:
        """Forget what entries before a moment said; that they were made stays provable."""
        return tx.execute(queries.ERASE_AUDIT_TEXTS, {"oldest": oldest})


def _fits(entry: AuditEntry, after: int, before: str) -> bool:
    expected = _digest(
        before, entry.number, stamp(entry.at), entry.actor, entry.action, entry.subject, entry.content_digest
    )
    text = entry.text
    told = text is None or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() == entry.content_digest
    return entry.number == after + 1 and entry.digest == expected and told


def _digest(before: str, number: int, at: str, actor: str, action: str, subject: str, content: str) -> str:
    line = "\x1f".join((before, str(number), at, actor, action, subject, content))
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()


def _entry(
    number: int, at: str, actor: str, action: str, subject: str, content_digest: str, digest: str, text: str | None
) -> AuditEntry:
    return AuditEntry(
        number=number,
        at=from_stamp(at),
        actor=actor,
        action=action,
        subject=subject,
        content_digest=content_digest,
        digest=digest,
        text=text,
    )
