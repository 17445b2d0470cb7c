"""An assistant whose interpreter reads from a script, and acts written in one line."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import FakeClock, run_component
from senter.components.assistant.component import Assistant
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.messages.acts import Act, ActKind, Clarification
from senter.messages.understanding import Understanding
from senter.understanding.known import NOTHING, Known

Meaning = Act | Clarification
Reader = Callable[[str, Known], tuple[Meaning, ...]]
BERLIN = AssistantSettings(timezone="Europe/Berlin", wait_for_goals_seconds=0.5)


class ScriptedInterpreter:
    """Reads as its `reader` says, and remembers what it was told; without one, all is said to be a question."""

    reader: Reader | None = None

    def __init__(self) -> None:
        self.told: list[tuple[str, datetime, Known]] = []

    async def interpret(self, text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
        self.told.append((text, now, known))
        meanings = self.reader(text, known) if self.reader else ()
        acts = tuple(meaning for meaning in meanings if isinstance(meaning, Act))
        question = next((meaning for meaning in meanings if isinstance(meaning, Clarification)), None)
        return Understanding(acts=acts, question=question, now=now, zone=zone.key)


INTERPRETER = ScriptedInterpreter()


class ScriptedReader(Assistant):
    """Its interpreter is the module's."""

    def interpreter(self) -> ScriptedInterpreter:
        return INTERPRETER


SCRIPTED = replace(SPEC, entry=f"{__name__}:ScriptedReader", migrations="senter.components.assistant")


@asynccontextmanager
async def reading_assistant(
    broker: MemoryBroker, home: Path, reader: Reader, *, clock: FakeClock | None = None
) -> AsyncGenerator[Component[ComponentSettings]]:
    INTERPRETER.reader, INTERPRETER.told = reader, []
    async with run_component(SCRIPTED, home, settings=BERLIN, broker=broker, clock=clock) as component:
        yield component


def act(kind: ActKind, text: str, gist: str = "", **more: object) -> Act:
    """About a whole text."""
    return Act.model_validate({"kind": kind, "gist": gist or text, "span": (0, len(text)), "confidence": 0.9} | more)
