"""Which paths a grant covers. Names only: that a path leads where it says is the business of folders.py.

Paths are compared after their links were resolved, piece by piece. Below a root nothing hidden is covered
(a name that begins with a dot), because that is where keys, tokens and start-up files are; a root that
names the hidden place itself covers it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

LONGEST_PATH_CHARACTERS = 4_096


def resolved(path: PurePath | str) -> Path | None:
    """The absolute path without links, or None where it cannot name a file."""
    text = os.fspath(path)
    if "\0" in text or len(text) > LONGEST_PATH_CHARACTERS or not PurePath(text).is_absolute():
        return None
    try:
        os.fsencode(text)  # lone surrogates name no file
        return Path(os.path.realpath(text))
    except (OSError, UnicodeError):
        return None


def below(root: str, path: Path) -> bool:
    """Whether a resolved path is a root or lies below it, with nothing hidden on the way."""
    pure = PurePath(root)
    if not pure.is_absolute() or ".." in pure.parts or not path.is_relative_to(pure):
        return False
    return not any(part.startswith(".") for part in path.relative_to(pure).parts)


def covered(path: Path, roots: Iterable[str]) -> bool:
    return any(below(root, path) for root in roots)


def settled(roots: Iterable[PurePath | str]) -> tuple[str, ...]:
    """Roots as a grant holds them: resolved, each once, in order. What names nothing is left out."""
    found = (resolved(root) for root in roots)
    return tuple(dict.fromkeys(str(root) for root in found if root is not None))
