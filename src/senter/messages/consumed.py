"""What came of one delivery of one durable event: the consumer's answer to the bus."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConsumerOutcome(StrEnum):
    """What a consumer did with an event."""

    DONE = "done"
    RETRY = "retry"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Consumed:
    """A consumer's answer to one delivery of one event. `attempts` counts those that were begun so far."""

    outcome: ConsumerOutcome
    error: str = ""
    attempts: int = 1
