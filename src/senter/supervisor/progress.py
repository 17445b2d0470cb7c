"""Says how the start goes: JSON lines for the process that waits, or lines for people in the foreground."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from senter.errors import SenterError
from senter.supervisor.launch import StartLine, start_line_text

STEPS = (
    "Reading the settings",
    "Taking the lock",
    "Checking the folders",
    "Migrating the databases",
    "Looking for interrupted work",
    "Looking for models",
    "Starting the bus",
    "Starting the components",
    "Checking their health",
    "Ready",
)


class Progress:
    """The ten numbered steps of a start."""

    def __init__(self, write: Callable[[StartLine], None]) -> None:
        self._write = write
        self._step = 0
        self.warnings = 0

    def begin(self) -> None:
        """Go on to the next step."""
        self._step += 1

    def ok(self, text: str) -> None:
        self._say("ok", text)

    def warn(self, text: str, hint: str = "") -> None:
        self.warnings += 1
        self._say("warn", text, hint)

    def failed(self, error: SenterError) -> None:
        """The step failed, and so did the start."""
        self._say("fail", error.message, error.hint)
        self._write({"failed": True, "code": error.code, "text": error.message, "hint": error.hint})

    def done(self, pid: int) -> None:
        self._write({"done": True, "warnings": self.warnings, "pid": pid})

    def _say(self, status: str, text: str, hint: str = "") -> None:
        title = STEPS[self._step - 1]
        self._write({"step": self._step, "title": title, "status": status, "text": text, "hint": hint})


def write_json(line: StartLine) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class TextWriter:
    """Prints lines for people; a step's title once. The step that failed goes to standard error."""

    def __init__(self) -> None:
        self._step = 0

    def __call__(self, line: StartLine) -> None:
        stream = sys.stderr if line.get("status") == "fail" else sys.stdout
        for text in start_line_text(line, before=self._step):
            stream.write(text + "\n")
        self._step = line.get("step", self._step)
        stream.flush()
