"""Who reads sentences: rules, or a model that is held to a schema."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from senter.clock import utc_now
from senter.messages.understanding import Understanding
from senter.understanding.known import Known
from senter.understanding.reading import understand


class Interpreter(Protocol):
    """Reads what a person means."""

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding: ...


class RuleInterpreter:
    """Reads by the rules and the classifier of senter.understanding, in a few milliseconds."""

    def __init__(self) -> None:
        understand("Hello.", utc_now(), ZoneInfo("UTC"))  # what it reads files for is read before anybody waits

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
        return understand(text, now, zone, known)
