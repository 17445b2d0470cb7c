"""The audit log as a chain: each entry's digest covers the one before, so that none can be changed, left out
or moved unnoticed. The text beside an entry is covered by its own digest only and can be erased.

Format, version 1. Digests are SHA-256 in lower-case hex. `content_digest` is over the text in UTF-8.
`digest` is over the UTF-8 of the JSON array

    ["senter-audit-1", digest before, number, at, actor, action, subject, content_digest]

without spaces and with everything but ASCII escaped; `at` is ISO 8601 in UTC with microseconds, such as
2026-11-20T21:40:00.000000+00:00. The digest before the first entry is 64 zeros. That entries are missing
at the end shows only against a digest that was kept elsewhere. Storage belongs to the journal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from senter.messages.approvals import AuditEntry

VERSION = "senter-audit-1"


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """How far a chain holds; all that the next entry needs to know."""

    entries: int
    """How many fit, from the beginning: the number of the last."""
    head: str
    """The digest of the last that fits; note it elsewhere, and a later chain must still hold it."""
    intact: bool = True
    """Whether no entry follows that does not fit."""

    @property
    def broken_at(self) -> int | None:
        """The number at which the first entry that does not fit should be."""
        return None if self.intact else self.entries + 1


START = ChainEnd(0, "0" * 64)


def content_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def linked(end: ChainEnd, at: datetime, actor: str, action: str, subject: str, text: str) -> AuditEntry:
    """The entry that follows the end of a chain; the first follows `START`."""
    number = end.entries + 1
    content = content_digest(text)
    digest = entry_digest(end.head, number, at, actor, action, subject, content)
    said = {"actor": actor, "action": action, "subject": subject, "text": text}
    return AuditEntry.model_validate({"number": number, "at": at, **said, "content_digest": content, "digest": digest})


def entry_digest(before: str, number: int, at: datetime, actor: str, action: str, subject: str, content: str) -> str:
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [VERSION, before, number, stamp, actor, action, subject, content]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def verify(entries: Iterable[AuditEntry], end: ChainEnd = START) -> ChainEnd:
    """Go through a chain, or a part of one that follows `end`, in order and one at a time."""
    for entry in entries:
        if not _fits(entry, end):
            return replace(end, intact=False)
        end = ChainEnd(entry.number, entry.digest)
    return end


def _fits(entry: AuditEntry, end: ChainEnd) -> bool:
    if entry.number != end.entries + 1 or entry.at is None:
        return False
    if entry.text is not None and content_digest(entry.text) != entry.content_digest:
        return False
    said = (entry.actor, entry.action, entry.subject, entry.content_digest)
    return entry.digest == entry_digest(end.head, entry.number, entry.at, *said)
