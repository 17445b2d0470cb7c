"""The inside of an isolated child: dies with its parent, keeps to its limits, answers frames.

Standard output carries frames only; what foreign code prints goes to standard error.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import BinaryIO, NoReturn

from senter.component import frames
from senter.component.frames import Frame
from senter.errors import first_of
from senter.parenthood import ORPHANED, die_with
from senter.text import one_line

GRACE_SECONDS = 2.0


class FrameChannel:
    """The way to the parent. A thread reads, so that the parent's end is noticed while foreign code runs."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
        self._requests = requests
        self._answers = answers
        self._cpu_seconds = cpu_seconds
        self._waiting: queue.Queue[Frame | None] = queue.Queue(maxsize=8)
        threading.Thread(target=self._read, name="lifeline", daemon=True).start()

    def receive(self) -> Frame | None:
        """The next frame; none when the parent wants no more."""
        frame = self._waiting.get()
        allow_cpu(self._cpu_seconds)
        return frame

    def send(self, frame: Frame) -> None:
        frames.write(self._answers, frame)

    def _read(self) -> None:
        while (frame := frames.read(self._requests)) is not None:
            self._waiting.put(frame)
        self._waiting.put(None)
        time.sleep(GRACE_SECONDS)
        os._exit(ORPHANED)


def argv_of(arguments: Sequence[str]) -> tuple[int, int, int, list[str]]:
    """What a child was started with: its parent, MiB of memory, seconds of CPU, and the rest."""
    parent, memory_mb, cpu_seconds, *rest = arguments
    return int(parent), int(memory_mb), int(cpu_seconds), rest


def open_channel() -> tuple[FrameChannel, list[str]]:
    """Called first in a child: limits it and returns the way to the parent, and the arguments it was given."""
    parent, memory_mb, cpu_seconds, rest = argv_of(sys.argv[1:])
    die_with(parent)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory(memory_mb)
    return FrameChannel(sys.stdin.buffer, answers, cpu_seconds), rest


def run(main: Callable[[], None]) -> NoReturn:
    """Run a child to its end. Nothing is waited for at the end: foreign threads, and the one that reads, may hang."""
    code = 1
    try:
        main()
        code = 0
    except BaseException as error:
        traceback.print_exc()
        cause = first_of(error)
        sys.stderr.write(one_line(f"{type(cause).__name__}: {cause}") + "\n")  # the last that the parent reads
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve(answer: Callable[[Frame], Frame]) -> None:
    """Answer each frame until there are no more. What `answer` raises ends the child, and tells the parent."""
    channel, _ = open_channel()
    while (frame := channel.receive()) is not None:
        channel.send(answer(frame))


def limit_memory(memory_mb: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024, hard))


def allow_cpu(seconds: int) -> None:
    """From now on; the kernel ends this process when it uses more (setrlimit(2), SIGXCPU)."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))
