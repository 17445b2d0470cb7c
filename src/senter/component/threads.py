"""Blocking work in threads. A thread cannot be stopped, so whoever began it stays until it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(blocking: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In a thread, and to its end however often it is cancelled: nobody may use what it uses, or undo what it does,
    before. Work that changes nothing and holds nothing can be left behind: `asyncio.to_thread` does."""
    working = asyncio.get_running_loop().run_in_executor(None, partial(blocking, *args, **kwargs))
    cancelled: asyncio.CancelledError | None = None
    while not working.done():
        try:
            await asyncio.wait({working})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        working.exception()  # nobody is there to hear it
        raise cancelled
    return working.result()
