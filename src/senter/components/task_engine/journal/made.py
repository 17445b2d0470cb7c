"""The files that calls made where nothing was, each known again by what the file system says of it.

A name alone would not do: what a person edited, or put there under the same name, is the person's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter

from senter.component.readable import is_text


@dataclass(frozen=True, slots=True)
class Made:
    """One file."""

    path: str
    """Absolute, links resolved."""
    mark: str = ""
    """Differs once somebody else changes or replaces it; empty while the call that is to make it runs."""

    @property
    def is_to_come(self) -> bool:
        return not self.mark

    def stands(self) -> bool:
        """Whether it is there and nobody else changed it."""
        return not self.is_to_come and _mark(self.path) == self.mark


MADE = TypeAdapter(Made)
MADES = TypeAdapter(tuple[Made, ...])


def to_come(paths: Iterable[str]) -> tuple[Made, ...]:
    return tuple(Made(path) for path in paths)


def marked(paths: Iterable[str]) -> tuple[Made, ...]:
    """Those of the paths where an ordinary file is."""
    return tuple(Made(path, mark) for path in dict.fromkeys(paths) if (mark := _mark(path)))


def as_json(made: Iterable[Made]) -> str:
    """A name that is no text is left out: what is not known to be a goal's own is somebody else's."""
    return MADES.dump_json(tuple(one for one in made if is_text(one.path))).decode()


def _mark(path: str) -> str:
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return ""
    return f"{found.st_ino} {found.st_size} {found.st_ctime_ns}" if stat.S_ISREG(found.st_mode) else ""
