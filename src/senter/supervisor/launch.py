"""Starts the daemon in a session of its own and tells, step by step, how that goes. Standard library only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Protocol, TypedDict

from senter.errors import StartError
from senter.paths import Paths, private


class StartLine(TypedDict, total=False):
    """One line of progress, or the last line, which has `done` or `failed`."""

    step: int
    title: str
    status: str
    text: str
    hint: str
    done: bool
    failed: bool
    warnings: int
    code: str
    pid: int


class StartedProcess(Protocol):
    """What was started as a daemon, and tells of its start."""

    @property
    def stdout(self) -> IO[bytes] | None: ...

    def wait(self) -> int:
        """Until it is gone; its exit status."""
        ...


def start_daemon(paths: Paths, environment: Mapping[str, str] = os.environ) -> Iterator[StartLine]:
    """Start the daemon, detached. Yields its progress; the last line says whether it is ready or why not."""
    paths.make_folders()
    with open(paths.log_output, "ab", opener=private) as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "senter.supervisor", "--progress"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            cwd=paths.home,  # not the caller's folder, which may be removed, or be a drive to be taken out
            env={**environment, "SENTER_HOME": str(paths.home)},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    yield from progress_of(process, paths)
    # The daemon outlives this process on purpose; its exit status is nobody's business here.
    process.returncode = 0


def progress_of(process: StartedProcess, paths: Paths) -> Iterator[StartLine]:
    """What it tells until it is ready or has failed. Raises `StartError` where it ends without a word."""
    last: StartLine = {}
    assert process.stdout is not None
    with process.stdout as progress:
        for line in progress:
            last = json.loads(line)
            if "failed" in last:
                process.wait()  # whoever is told that it failed may count on its being gone
            yield last
            if "done" in last or "failed" in last:
                break
    if "done" not in last and "failed" not in last:
        code = process.wait()
        raise StartError(f"The daemon ended during its start (exit status {code}).", f"Look at {paths.log_output}.")


STEP_COUNT = 10
MARKS = {"ok": "[OK]", "warn": "[WARN]", "fail": "[FAIL]"}


def shown_in_one_place() -> bool:
    """Whether standard output and standard error end in the same terminal, file or pipe: nothing need be said twice."""
    try:
        return os.path.sameopenfile(1, 2)
    except OSError:  # one of them is closed
        return False


def start_line_text(line: StartLine, *, before: int) -> list[str]:
    """One line of progress as people read it; `before` is the step of the line before."""
    if "done" in line:
        count = line.get("warnings", 0)
        plural = "" if count == 1 else "s"
        return [f"Started with {count} warning{plural}" if count else "All systems operational"]
    if "failed" in line:
        return []
    step = line.get("step", before)
    texts = [] if step == before else [f"[{step}/{STEP_COUNT}] {line.get('title', '')}"]
    texts.append(f"  {MARKS[line.get('status', 'ok')]} {line.get('text', '')}")
    if hint := line.get("hint"):
        texts.append(f"       {hint}")
    return texts
