"""Tasks that belong to one owner and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

# Takes the error that must end the component.
Report = Callable[[BaseException], None]


class OwnedTasks:
    """A set of tasks; each leaves it when it ends. What one raises goes to `report`."""

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._report and not task.cancelled() and (error := task.exception()) is not None:
            self._report(error)

    async def finish(self, timeout_seconds: float | None = None) -> None:
        """Wait until all have ended, at most for so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_seconds)

    async def cancel(self) -> None:
        """Cancel all that still run, except the caller, and wait until they have ended."""
        others = self._tasks - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others)
