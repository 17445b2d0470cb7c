from __future__ import annotations

import asyncio

from senter.component.testing import FakeClock


async def test_no_clock_goes_back_for_a_sleeper_that_was_due_while_time_elapsed() -> None:
    clock, seen = FakeClock(), list[float]()
    begun = clock.now()

    async def sleeper() -> None:
        await clock.sleep(60)
        seen.append(clock.monotonic())

    sleeping = asyncio.create_task(sleeper())
    await clock.advance(0)
    clock.elapse(3_600)
    await clock.advance(0)
    await sleeping
    assert seen == [3_600]
    assert (clock.now() - begun).total_seconds() == clock.monotonic() == 3_600
