"""Programs that are ended at any instant of their beginning: no call hangs, no process stays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from senter.errors import ToolError
from tests.support.sandboxes import Scene, sandboxed
from tests.waiting import until

pytestmark = [sandboxed, pytest.mark.process]

End = Callable[[float, Scene], Awaitable[None]]

HANGS_SECONDS = 15.0
MARK = f"4714{os.getpid()}"
INSTANTS = [number / 2_000 for number in range(60)]
MANY_INSTANTS = [number / 20_000 for number in range(1_000)]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def alive() -> list[int]:
    """Every process on the way to the program names it: bubblewrap, its child, the gate, the program."""
    return [process.pid for process in psutil.process_iter(["cmdline"]) if MARK in (process.info["cmdline"] or [])]


async def cancelled_after(seconds: float, scene: Scene) -> None:
    running = asyncio.create_task(scene.run("sleep", MARK))
    asyncio.get_running_loop().call_later(seconds, running.cancel)
    async with asyncio.timeout(HANGS_SECONDS):
        with suppress(asyncio.CancelledError):
            await running


async def timed_out_after(seconds: float, scene: Scene) -> None:
    async with asyncio.timeout(HANGS_SECONDS):
        with suppress(ToolError):
            await scene.run("sleep", MARK, seconds=seconds)


@pytest.mark.parametrize("end", [cancelled_after, timed_out_after])
async def test_a_program_ended_as_it_begins_leaves_no_process_and_no_hanging_call(scene: Scene, end: End) -> None:
    for seconds in INSTANTS:
        await end(seconds, scene)
    await until(lambda: not alive())


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("end", [cancelled_after, timed_out_after])
async def test_no_instant_of_a_thousand_leaves_a_process_or_a_hanging_call(scene: Scene, end: End) -> None:
    for seconds in MANY_INSTANTS:
        await end(seconds, scene)
    await until(lambda: not alive())
