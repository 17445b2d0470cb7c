"""Who reads sentences: rules, or a model that is held to a schema."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from senter.messages.understanding import Understanding
from senter.understanding.known import Known


class Interpreter(Protocol):
    """Reads what a person means."""

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding: ...


class RuleInterpreter:
    """Reads by the rules and the classifier of senter.understanding."""

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known) -> Understanding:
        return Understanding(acts=(), now=now, zone=zone.key)
