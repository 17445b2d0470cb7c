"""`python -m senter.supervisor`: the daemon's process, detached with --progress, or in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import os
import signal
import sys

from senter import paths
from senter.errors import SenterError, StartError
from senter.supervisor.progress import JsonWriter, Progress, TextWriter


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m senter.supervisor")
    parser.add_argument("--progress", action="store_true", help="write progress as JSON lines, then detach")
    arguments = parser.parse_args()
    if arguments.progress and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    progress = Progress(JsonWriter() if arguments.progress else TextWriter())
    try:
        asyncio.run(_run(progress))
    except SenterError as error:
        return _failed(error, progress)
    except OSError as error:  # a full disk, mostly, wherever it was first met
        return _failed(_refusal(error), progress)
    return 0


def _failed(error: SenterError, progress: Progress) -> int:
    progress.failed(error)
    return 1


def _refusal(error: OSError) -> StartError:
    where = f": {error.filename}" if error.filename else ""
    hint = "Free some space." if error.errno in (errno.ENOSPC, errno.EDQUOT) else "See: senter logs supervisor"
    return StartError(f"The system refuses: {error.strerror or error}{where}.", hint)


async def _run(progress: Progress) -> None:
    gc.disable()  # imports leave no garbage, and looking for some took a tenth of the start
    from senter.supervisor.daemon import Daemon

    gc.enable()
    daemon = Daemon(paths.from_environment(), progress)
    await daemon.run(ready=lambda: progress.done(os.getpid()))


if __name__ == "__main__":
    sys.exit(main())
