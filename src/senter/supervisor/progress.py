"""Says how the start goes: JSON lines for the process that waits, or lines for people in the foreground."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from senter.errors import SenterError
from senter.supervisor.launch import StartLine, shown_in_one_place, start_line_text

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
        self._warned = list[str]()

    def begin(self) -> None:
        """Go on to the next step."""
        self._step += 1

    def ok(self, text: str, hint: str = "") -> None:
        """A hint is for something that begins now; who starts on the way to something else is shown it too."""
        self._say("ok", text, hint)

    def warn(self, text: str, hint: str = "") -> None:
        self._warned.append(text)
        self._say("warn", text, hint)

    def warned_of(self, name: str) -> bool:
        """Whether a step before has said what is wrong with that component."""
        return any(text.startswith(f"{name}:") for text in self._warned)

    def failed(self, error: SenterError) -> None:
        """The step failed, and so did the start."""
        self._say("fail", error.message, error.hint)
        self._write({"failed": True, "code": error.code, "text": error.message, "hint": error.hint})

    def done(self, pid: int) -> None:
        self._write({"done": True, "warnings": len(self._warned), "pid": pid})

    def _say(self, status: str, text: str, hint: str = "") -> None:
        title = STEPS[self._step - 1]
        self._write({"step": self._step, "title": title, "status": status, "text": text, "hint": hint})


class JsonWriter:
    """Writes lines for the process that waits, which may have gone away without waiting any longer.

    It takes over standard output; what anything else writes there goes to standard error from now on.
    """

    def __init__(self) -> None:
        sys.stdout.flush()
        self._stream: TextIO | None = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def __call__(self, line: StartLine) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()
        except OSError:  # nobody reads any more; the start goes on all the same
            self.close()
            return
        if "done" in line or "failed" in line:
            self.close()

    def close(self) -> None:
        """Nobody is told anything from now on."""
        stream, self._stream = self._stream, None
        with suppress(OSError):
            if stream:
                stream.close()


class TextWriter:
    """Prints lines for people; a step's title once."""

    def __init__(self) -> None:
        self._step = 0

    def __call__(self, line: StartLine) -> None:
        for text in start_line_text(line, before=self._step):
            sys.stdout.write(text + "\n")
        self._step = line.get("step", self._step)
        sys.stdout.flush()
        if line.get("status") == "fail" and not shown_in_one_place():
            sys.stderr.write(f"Error: {line.get('text', '')}\n{line.get('hint', '')}".rstrip() + "\n")
