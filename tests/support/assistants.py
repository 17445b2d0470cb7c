"""A running assistant over an in-memory bus."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import FakeClock, run_component
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC


@asynccontextmanager
async def assistant(
    broker: MemoryBroker, home: Path, settings: AssistantSettings | None = None, clock: FakeClock | None = None
) -> AsyncGenerator[Component[ComponentSettings]]:
    async with run_component(SPEC, home, settings=settings, broker=broker, clock=clock) as component:
        yield component
