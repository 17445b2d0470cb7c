"""`senter` and `python -m senter`: runs the command line and ends with its exit code.

Interruptions are met here, because they can come before anything else is imported.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

INTERRUPTED = 130  # 128 + SIGINT, as shells count
READER_GONE = 141  # 128 + SIGPIPE


def main() -> NoReturn:
    try:
        from senter.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = READER_GONE
    _leave_no_complaint()
    sys.exit(code)


def _leave_no_complaint() -> None:
    """Flush what can be flushed: at exit the interpreter would complain about a reader that is gone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
