"""The state of a unit and who waits for it."""

from __future__ import annotations

import asyncio

import pytest

from senter.messages.control import State
from senter.supervisor.unit import Standing


async def test_who_waits_for_a_state_is_told_though_it_lasts_no_time() -> None:
    standing = Standing(State.RUNNING)
    waiting = asyncio.create_task(standing.reach(State.STOPPED))
    await asyncio.sleep(0)
    standing.set(State.STOPPED)
    standing.set(State.STARTING)
    assert await waiting is State.STOPPED
    assert standing.state is State.STARTING


async def test_a_state_that_is_there_already_is_not_waited_for() -> None:
    standing = Standing(State.STOPPED)
    async with asyncio.timeout(20):
        assert await standing.reach(State.RUNNING, State.STOPPED) is State.STOPPED


async def test_the_reason_goes_with_the_state() -> None:
    standing = Standing(State.STARTING)
    standing.set(State.BACKING_OFF, "killed")
    assert standing.reason == "killed"
    standing.set(State.STARTING)
    assert standing.reason == ""


async def test_who_gives_up_waiting_is_forgotten() -> None:
    standing = Standing(State.STARTING)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await standing.reach(State.RUNNING)
    standing.set(State.RUNNING)
