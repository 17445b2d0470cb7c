"""One component's process, however it came to be: forked from the zygote, or a fresh interpreter.

`python -m senter.supervisor.child` reads its `Launch` as the first line of standard input, which then
stays open as the lifeline.
"""

from __future__ import annotations

import sys

from senter.component.launch import ExitCode, Launch
from senter.component.runner import run_process
from senter.components.specs import find_spec
from senter.parenthood import die_with, end_with_pipe


def run(launch: Launch) -> ExitCode:
    """Run the component `launch` names, to its end."""
    return run_process(find_spec(launch.component), launch)


def main() -> int:
    launch = Launch.model_validate_json(sys.stdin.buffer.readline())
    die_with(launch.supervisor_pid)
    end_with_pipe(sys.stdin.buffer)
    return run(launch)


if __name__ == "__main__":
    sys.exit(main())
