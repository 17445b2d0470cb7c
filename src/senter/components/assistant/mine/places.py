"""Where a paper stands, for people and as words that tell what it is about. Pure."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from senter.sentences import phrase
from senter.text import one_line

LONGEST_SECTION = 60
UNDER = " / "
"""Between headings, the nearest last."""
_PLACE = re.compile(r"(?:^| / )(Page|Slide) (\d+)\b")


def shown_path(path: str) -> str:
    """On one line, with ~ for the user's own folder."""
    home = str(Path.home())
    return one_line(f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path)


def place_under(headings: str) -> str:
    """The page, the slide or the section that a piece of a text stands under, for people; empty for none."""
    if found := _PLACE.findall(headings):
        kind, number = found[-1]
        return phrase("page {number}" if kind == "Page" else "slide {number}", number=number)
    _, *below = headings.split(UNDER)
    return phrase('section "{name}"', name=one_line(below[-1], LONGEST_SECTION)) if below and below[-1] else ""


def has_page(headings: str) -> bool:
    return _PLACE.search(headings) is not None


def words_of(path: str) -> str:
    """The file's name and that of its folder, as words."""
    return " ".join(PurePath(path).parts[-2:]).replace("_", " ").replace("-", " ").replace(".", " ")
