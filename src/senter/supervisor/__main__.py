"""`python -m senter.supervisor`: the daemon's process, detached with --progress, or in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable

from senter import paths
from senter.errors import SenterError
from senter.supervisor.daemon import Daemon
from senter.supervisor.progress import Progress, TextWriter, write_json


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m senter.supervisor")
    parser.add_argument("--progress", action="store_true", help="write progress as JSON lines, then detach")
    arguments = parser.parse_args()
    if arguments.progress and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    progress = Progress(write_json if arguments.progress else TextWriter())
    detach: Callable[[], None] = _detach if arguments.progress else _stay
    try:
        asyncio.run(_run(progress, detach))
    except SenterError as error:
        progress.failed(error)
        return 1
    return 0


async def _run(progress: Progress, detach: Callable[[], None]) -> None:
    daemon = Daemon(paths.from_environment(), progress)

    def ready() -> None:
        progress.done(os.getpid())
        detach()

    await daemon.run(ready=ready)


def _detach() -> None:
    """Whoever waited has been told; from now on standard output is where standard error is."""
    sys.stdout.flush()
    os.dup2(2, 1)


def _stay() -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
