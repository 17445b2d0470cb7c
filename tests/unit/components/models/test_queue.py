"""The line in front of a worker."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senter.components.models.deltas import DeltaSender
from senter.components.models.queue import Queue
from senter.errors import BusFull
from senter.messages.message import ComponentName
from senter.messages.model import ChatMessage, ModelDelta, ModelRequest
from tests.hand_clock import HandClock
from tests.waiting import until

REQUEST = ModelRequest(messages=[ChatMessage(role="user", content="Hello?")])


class Bench:
    """A queue, and requests that stay at work until they are told to leave."""

    def __init__(self, slots: int, limit: int) -> None:
        self.changes = 0
        self.queue = Queue(ComponentName("worker"), slots, limit, self._count)
        self.said: list[str] = []
        self.served: list[int] = []
        self._leave: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    def come(self, number: int) -> asyncio.Task[None]:
        self.tasks[number] = asyncio.create_task(self._work(number))
        return self.tasks[number]

    def finish(self, number: int) -> None:
        self._leave[number].set()

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    def _count(self) -> None:
        self.changes += 1

    async def _work(self, number: int) -> None:
        async with self.queue.turn(DeltaSender(self._collect, HandClock(), REQUEST)):
            self.served.append(number)
            self._leave[number] = asyncio.Event()
            await self._leave[number].wait()

    async def _collect(self, delta: ModelDelta) -> None:
        self.said.append(delta.progress)


async def test_requests_are_served_in_the_order_they_came_as_slots_become_free() -> None:
    bench = Bench(slots=2, limit=10)
    for number in range(4):
        bench.come(number)
    await until(lambda: bench.queue.waiting == 2)
    assert bench.served == [0, 1]
    bench.finish(1)
    await until(lambda: bench.served == [0, 1, 2])
    bench.finish(0)
    await until(lambda: bench.served == [0, 1, 2, 3])
    assert (bench.queue.active, bench.queue.waiting) == (2, 0)
    await bench.close()


async def test_who_waits_is_told_how_many_are_before_them() -> None:
    bench = Bench(slots=1, limit=10)
    for number in range(3):
        bench.come(number)
    await until(lambda: len(bench.said) == 2)
    assert bench.said == ["Waiting for 1 earlier request ...", "Waiting for 2 earlier requests ..."]
    await bench.close()


async def test_one_too_many_is_refused_at_once() -> None:
    bench = Bench(slots=1, limit=1)
    bench.come(0)
    bench.come(1)
    await until(lambda: bench.queue.waiting == 1)
    with pytest.raises(BusFull):
        await bench.come(2)
    await bench.close()


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.sampled_from(["come", "finish", "cancel"]), st.integers(0, 8)), max_size=25),
)
def test_slots_are_never_lost_or_shared_whatever_happens(slots: int, steps: list[tuple[str, int]]) -> None:
    async def run() -> None:
        bench = Bench(slots, limit=50)
        for step, (what, which) in enumerate(steps):
            working = [number for number, task in bench.tasks.items() if not task.done()]
            served = [number for number in bench.served if number in working]
            if what == "come" or not working:
                bench.come(step)
            elif what == "finish" and served:
                bench.finish(served[which % len(served)])
            else:
                bench.tasks[working[which % len(working)]].cancel()
            if which % 2:
                await asyncio.sleep(0)
            assert bench.queue.active <= slots
        await settle(bench, slots)
        await bench.close()
        assert (bench.queue.active, bench.queue.waiting) == (0, 0)

    asyncio.run(run())


async def settle(bench: Bench, slots: int) -> None:
    """Everyone who can be served is."""

    def settled() -> bool:
        alive = sum(not task.done() for task in bench.tasks.values())
        return bench.queue.active + bench.queue.waiting == alive and bench.queue.active == min(slots, alive)

    for _ in range(20):
        await asyncio.sleep(0)
    await until(lambda: not any(task.cancelling() and not task.done() for task in bench.tasks.values()))
    for number in bench.served:
        if not bench.tasks[number].done() and number % 2:
            bench.finish(number)
    await until(settled)


async def test_who_wants_to_be_alone_waits_for_those_at_work_and_who_comes_then_waits_in_line() -> None:
    bench = Bench(slots=2, limit=10)
    bench.come(1)
    await until(lambda: bench.served == [1])
    entered, leave = asyncio.Event(), asyncio.Event()

    async def be_alone() -> None:
        async with bench.queue.alone():
            entered.set()
            await leave.wait()

    alone = asyncio.create_task(be_alone())
    await asyncio.sleep(0)
    bench.come(2)
    await until(lambda: bench.queue.waiting == 1)
    assert not entered.is_set()
    bench.finish(1)
    await entered.wait()
    assert bench.served == [1]
    leave.set()
    await alone
    await until(lambda: bench.served == [1, 2])
    await bench.close()


async def test_a_request_that_is_withdrawn_in_line_leaves_no_slot_taken() -> None:
    bench = Bench(slots=1, limit=10)
    bench.come(1)
    await until(lambda: bench.served == [1])
    waiting = bench.come(2)
    await until(lambda: bench.queue.waiting == 1)
    waiting.cancel()
    await until(lambda: bench.queue.waiting == 0)
    bench.finish(1)
    await until(lambda: bench.queue.active == 0)
    async with bench.queue.alone():
        pass
    await bench.close()
