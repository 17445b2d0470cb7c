"""The rooms of a package (its folders and loose files), and which imports which: `python -m tests.support.rooms`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

TASK_ENGINE = "senter.components.task_engine"
SOURCES = Path(__file__).parents[2] / "src"


def rooms(package: str) -> dict[str, set[str]]:
    """Each room and those that it imports."""
    folder = SOURCES.joinpath(*package.split("."))
    found: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        room = file.relative_to(folder).parts[0].removesuffix(".py")
        if room != "__init__":
            found.setdefault(room, set()).update(_imported(file, package))
    return {room: imported & found.keys() - {room} for room, imported in found.items()}


def floors(found: Mapping[str, set[str]]) -> dict[str, int]:
    """The floor of each room, from 1: one above the highest that it imports. Raises `CycleError` for a circle."""
    heights: dict[str, int] = {}
    for room in TopologicalSorter(found).static_order():
        heights[room] = 1 + max((heights[below] for below in found[room]), default=0)
    return heights


def _imported(file: Path, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.ImportFrom(module=str(module)) if module == package:
                yield from (name.name for name in node.names)
            case ast.ImportFrom(module=str(module)) if module.startswith(f"{package}."):
                yield module.removeprefix(f"{package}.").partition(".")[0]
            case _:
                continue


if __name__ == "__main__":
    looked_at = rooms(sys.argv[1] if len(sys.argv) > 1 else TASK_ENGINE)
    for name, floor in sorted(floors(looked_at).items(), key=lambda one: (-one[1], one[0])):
        print(floor, name, "<-", *sorted(looked_at[name]))
