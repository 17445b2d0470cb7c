"""What the audit log must hold by what others know: the entries that were noted elsewhere, and the journal itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.audit import AuditLog
from senter.components.task_engine.journal.chain import ChainEnd
from senter.components.task_engine.journal.heads import RESTORED
from senter.messages.approvals import AuditEntry
from senter.messages.audit_heads import NotedHead
from senter.store.database import Database

WHAT = {"goal": "goals", "approval": "approvals and decisions", "task": "finished calls"}


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
