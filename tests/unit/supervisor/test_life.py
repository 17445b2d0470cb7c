from __future__ import annotations

import asyncio
import threading

import pytest
import structlog

from senter.messages.health import Health
from senter.supervisor.life import ASKED_TO_STOP, Life
from senter.supervisor.process import Child
from senter.supervisor.settings import SupervisorSettings
from tests.support.supervision import LIVES, Script
from tests.waiting import until


class Silent(Script):
    """Says nothing by itself."""

    def _speak(self, pid: int) -> None:
        return


@pytest.mark.process
async def test_a_sign_of_life_counts_that_is_heard_when_the_supervisor_is_back_after_the_time_to_start() -> None:
    unwanted, ready = asyncio.Event(), asyncio.Event()
    life = Life(
        Silent(LIVES),
        SupervisorSettings(start_timeout_seconds=1, stop_grace_seconds=5),
        unwanted,
        on_ready=ready.set,
        on_stopping=lambda: None,
        log=structlog.stdlib.get_logger(),
    )
    living = asyncio.create_task(life.run())
    await until(lambda: life.child is not None)
    child = life.child
    assert isinstance(child, Child)
    asyncio.get_running_loop().call_soon(life.seen, child.pid, Health())
    threading.Event().wait(1.1)  # the loop is held up, as by the migration of a large database
    await until(ready.is_set)
    unwanted.set()
    assert await living is ASKED_TO_STOP
