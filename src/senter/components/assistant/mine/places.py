"""Where a paper stands, for people and as words that tell what it is about. Pure."""

from __future__ import annotations

from pathlib import Path, PurePath

from senter.text import one_line


def shown_path(path: str) -> str:
    """On one line, with ~ for the user's own folder."""
    home = str(Path.home())
    return one_line(f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path)


def words_of(path: str) -> str:
    """The file's name and that of its folder, as words."""
    return " ".join(PurePath(path).parts[-2:]).replace("_", " ").replace("-", " ").replace(".", " ")
