"""Stop working for a caller who hung up."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from fastapi import Request

from senter.errors import Cancelled

ResultT = TypeVar("ResultT")


async def unless_gone(request: Request, task: asyncio.Task[ResultT]) -> ResultT:
    """The task's result. When the caller hangs up first, the task is cancelled."""
    gone = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        task.cancel()  # does nothing to one that is done
    if not task.done():
        raise Cancelled("The caller hung up.")
    return task.result()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
