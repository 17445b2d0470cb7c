"""The assistant on the in-memory bus, with a scripted model worker beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from senter.bus.memory import MemoryBroker
from tests.support.scripted_worker import ScriptedWorker


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
async def worker(broker: MemoryBroker) -> AsyncGenerator[ScriptedWorker]:
    scripted = ScriptedWorker(broker)
    await scripted.open()
    yield scripted
    await scripted.close()
