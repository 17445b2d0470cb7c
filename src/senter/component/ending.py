"""The certain end of a process that was started by us: with all that shares its session, in bounded time."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import Process
from contextlib import suppress

CLOSE_SECONDS = 3.0
PIECE_BYTES = 64 * 1024


def kill(process: Process) -> None:
    """It and whatever it started, which shares its session. One that is gone already is no error."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


async def collect(process: Process, listening: asyncio.Task[None] | None = None) -> None:
    """Wait until it is gone; `listening` reads its standard error. Pipes are read to their ends, else asyncio waits
    for them for ever; but what escaped the session may hold them open, so not for long."""
    assert process.stdout is not None
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            while await process.stdout.read(PIECE_BYTES):
                pass
            await process.wait()
            if listening is not None:
                await listening
    except TimeoutError:
        if listening is not None:
            listening.cancel()
        process._transport.close()  # pyright: ignore  # asyncio has no other way to let go of the pipes
