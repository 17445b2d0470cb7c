"""How much may wait on a bus, and what was dropped and refused beyond that."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """How much may wait for one receiver. Beyond it a sender gets `BusFull`, a volatile is dropped."""

    messages: int = 1_000
    bytes: int = 64 * 1024 * 1024


DEFAULT_LIMIT = QueueLimit()


@dataclass(slots=True)
class BusCounters:
    """What this connection dropped and refused since it was made."""

    volatile_dropped: int = 0
    commands_refused: int = 0
    late_refused: int = 0
    malformed: int = 0
    by_subject: dict[str, int] = field(default_factory=dict[str, int])

    def count_drop(self, wire_name: str) -> None:
        self.volatile_dropped += 1
        self.by_subject[wire_name] = self.by_subject.get(wire_name, 0) + 1
