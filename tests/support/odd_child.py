"""An isolated child that does what the frame says. Run as a module by test_isolated.py."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve


def main() -> None:
    serve(_answer)


def _answer(frame: Frame) -> Frame:
    match frame.head["do"]:
        case "echo":
            return Frame(frame.head, frame.body)
        case "pid":
            return Frame({"pid": os.getpid()})
        case "flood":
            os.write(1, b"x" * 1_000_000)
            return Frame({}, b"y" * 10_000_000)
        case "hang":
            while True:
                time.sleep(1)
        case "spin":
            while True:
                pass
        case "escape":
            command = [sys.executable, "-c", "import time; time.sleep(5)"]
            escaped = subprocess.Popen(command, start_new_session=True)
            print(escaped.pid, file=sys.stderr, flush=True)
            os._exit(9)
        case "leave":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            return Frame({"pid": child.pid})
        case "group":
            raise ExceptionGroup("what went wrong at once", [ExceptionGroup("inner", [ValueError("one is\nodd")])])
        case _:
            raise RuntimeError(f"that is not known: {frame.head['do']}")


if __name__ == "__main__":
    run(main)
