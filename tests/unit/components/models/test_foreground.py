"""How background work lets people go first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from senter.components.models.foreground import BELIEVED_SECONDS, ForegroundPriority
from senter.messages.model import ModelLoad
from tests.hand_clock import HandClock
from tests.waiting import until


class Background:
    """Work that is done when it is told to be, and how often it was begun."""

    def __init__(self, limit_seconds: float, *, in_the_way: bool = True) -> None:
        self.clock = HandClock()
        self.foreground = ForegroundPriority(self.clock, limit_seconds)
        self.begun = self.waits = 0
        self.finish = asyncio.Event()
        self._in_the_way = in_the_way

    def start(self) -> asyncio.Task[str]:
        between = self.foreground.between(self._work, waiting=self._waiting, in_the_way=lambda: self._in_the_way)
        return asyncio.create_task(between)

    def people(self, active: int) -> None:
        self.foreground.heard(ModelLoad(active=active, waiting=0))

    async def _work(self) -> str:
        self.begun += 1
        await self.finish.wait()
        return f"done at try {self.begun}"

    @asynccontextmanager
    async def _waiting(self) -> AsyncGenerator[None]:
        self.waits += 1
        yield


async def test_it_begins_at_once_when_nobody_is_answered() -> None:
    background = Background(30)
    background.finish.set()
    assert await background.start() == "done at try 1"
    background.people(0)
    assert await background.start() == "done at try 2"
    assert background.waits == 0


async def test_it_waits_while_people_are_answered() -> None:
    background = Background(30)
    background.people(1)
    background.finish.set()
    working = background.start()
    await until(lambda: background.waits == 1)
    assert not background.begun
    background.people(0)
    assert await asyncio.wait_for(working, 5) == "done at try 1"


async def test_a_person_who_comes_ends_it_and_it_is_done_anew() -> None:
    background = Background(30)
    working = background.start()
    await until(lambda: background.begun == 1)
    background.people(1)
    await until(lambda: background.waits == 1)
    background.people(0)
    await until(lambda: background.begun == 2)
    background.finish.set()
    assert await asyncio.wait_for(working, 5) == "done at try 2"


async def test_work_that_is_in_nobodys_way_goes_on() -> None:
    background = Background(30, in_the_way=False)
    working = background.start()
    await until(lambda: background.begun == 1)
    background.people(1)
    background.finish.set()
    assert await asyncio.wait_for(working, 5) == "done at try 1"


async def test_it_gives_way_for_no_longer_than_the_limit_in_all() -> None:
    background = Background(5)
    background.people(1)
    working = background.start()
    await until(lambda: background.waits == 1)
    background.clock.pass_time(5)
    await until(lambda: background.begun == 1)
    background.people(1)
    assert background.foreground.people_wait
    background.finish.set()
    assert await asyncio.wait_for(working, 5) == "done at try 1"


async def test_a_worker_that_fell_silent_is_not_waited_for_and_ends_nothing() -> None:
    background = Background(300)
    background.people(1)
    background.clock.pass_time(BELIEVED_SECONDS)
    background.finish.set()
    assert await asyncio.wait_for(background.start(), 5) == "done at try 1"


async def test_who_cancels_it_cancels_the_work() -> None:
    background = Background(30)
    working = background.start()
    await until(lambda: background.begun == 1)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert background.begun == 1


async def test_what_fails_fails() -> None:
    background = Background(30)

    async def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await background.foreground.between(fail, waiting=background._waiting, in_the_way=lambda: True)  # pyright: ignore[reportPrivateUsage]
