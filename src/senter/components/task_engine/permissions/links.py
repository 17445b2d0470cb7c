"""What moving a thing would do to links: those that are moved, and those that lead to what is moved.

Only links that lead somewhere count. Where it cannot be told for certain that a link would still lead to the same
file, it counts as one that would not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

from senter.components.task_engine.permissions.folders import HeldFolder, explained


def tied(folder: HeldFolder) -> Iterator[str]:
    """The entries of a folder that links hang on: links, and what a link in it or below it leads to."""
    for link in folder.links():
        if len(link.parts) == 1:
            yield link.name
        end = _end_of(folder.path / link)
        if end is not None and end.parent == folder.path:
            yield end.name


def misled(old: HeldFolder, name: str, target: Path) -> Path | None:
    """A link, the entry itself or one below it, that would lead elsewhere after a move; None where there is none."""
    origin = old.path / name
    return next((link for link in _moved_links(old, name) if _breaks(link, origin, target)), None)


def _moved_links(old: HeldFolder, name: str) -> Iterator[Path]:
    found = old.status(name)
    if found is None:
        return
    path = old.path / name
    if stat.S_ISLNK(found.st_mode):
        yield path
    elif stat.S_ISDIR(found.st_mode):
        with HeldFolder.open(path) as folder:
            yield from (path / link for link in folder.links())


def _breaks(link: Path, origin: Path, target: Path) -> bool:
    end = _end_of(link)
    if end is None:
        return False
    with explained(link):
        way = link.readlink()
    if end.is_relative_to(origin):  # it is moved along
        return way.is_absolute() or _climbs(way, len(link.relative_to(origin).parts) - 1)
    return not way.is_absolute() and (origin.parent != target.parent or origin.name in way.parts)


def _climbs(way: PurePath, depth: int) -> bool:
    """Whether a way out of a folder at this depth may leave the top; going up after going down may lead anywhere."""
    ups = next((number for number, part in enumerate(way.parts) if part != ".."), len(way.parts))
    return ups > depth or ".." in way.parts[ups:]


def _end_of(link: Path) -> Path | None:
    """What a link leads to, through other links; None where that is nothing."""
    try:
        return Path(os.path.realpath(link, strict=True))
    except OSError:
        return None
