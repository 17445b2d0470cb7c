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
    gc.disable()  # imports leave no garbage, and looking for some took a tenth of the start
    from senter.supervisor.daemon import Daemon
    from senter.supervisor.forking import HAS_ZYGOTE
    from senter.supervisor.zygote import fork_zygote

    gc.freeze()
    gc.enable()
    early = fork_zygote() if HAS_ZYGOTE else None  # now: before there are threads, and after the imports both need
    progress = Progress(JsonWriter() if arguments.progress else TextWriter())
    try:
        daemon = Daemon(paths.from_environment(), progress, early)
        asyncio.run(daemon.run(ready=lambda: progress.done(os.getpid())))
    except SenterError as error:
        return _failed(error, progress)
    except OSError as error:  # a full disk, mostly, wherever it was first met
        return _failed(_refusal(error), progress)
    finally:
        if early:
            early.end()
    return 0


def _failed(error: SenterError, progress: Progress) -> int:
    progress.failed(error)
    return 1


def _refusal(error: OSError) -> StartError:
    where = f": {error.filename}" if error.filename else ""
    hint = "Free some space." if error.errno in (errno.ENOSPC, errno.EDQUOT) else "See: senter logs supervisor"
    return StartError(f"The system refuses: {error.strerror or error}{where}.", hint)


if __name__ == "__main__":
    sys.exit(main())
