from __future__ import annotations

import asyncio
import threading

import pytest

from senter.component.threads import in_thread
from tests.waiting import until


async def test_what_is_done_in_a_thread_is_returned_and_raised_as_if_it_were_done_here() -> None:
    assert await in_thread(int, "12", base=16) == 18
    with pytest.raises(ValueError, match="invalid literal"):
        await in_thread(int, "nothing")


@pytest.mark.parametrize("cancellations", [1, 3])
async def test_nobody_is_let_go_before_the_thread_has_ended_however_often_they_are_cancelled(
    cancellations: int,
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        raise ValueError

    working = asyncio.create_task(in_thread(work))
    await until(begun.is_set)
    for _ in range(cancellations):
        working.cancel()
        for _ in range(10):
            await asyncio.sleep(0)
    assert not working.done()
    go_on.set()
    await asyncio.wait({working})
    assert working.cancelled()


async def test_a_time_out_is_still_one_when_the_work_took_longer() -> None:
    go_on = threading.Event()
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await in_thread(go_on.wait, 10)
    assert go_on.is_set()
