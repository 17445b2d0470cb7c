"""Becomes another program that dies with the process that started it, without the limits of an isolated child.

`python -m senter.component.leash PARENT PROGRAM ARGUMENT...`
"""

from __future__ import annotations

import os
import sys

from senter.parenthood import die_with


def main() -> None:
    parent, *argv = sys.argv[1:]
    die_with(int(parent))
    _lift_limits()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        os.execvpe(argv[0], argv, environment)  # noqa: S606 - what runs is named in the settings
    except OSError as error:
        sys.exit(f"{argv[0]}: {error.strerror}")


def _lift_limits() -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (hard, hard))


if __name__ == "__main__":
    main()
