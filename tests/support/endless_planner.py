"""A planner that never ends. Run as a module by test_planning_apart.py."""

from __future__ import annotations

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve


def main() -> None:
    serve(_answer)


def _answer(_: Frame) -> Frame:
    while True:
        pass


if __name__ == "__main__":
    run(main)
