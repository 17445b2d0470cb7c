"""Texts of any length and origin, made to fit where one line or so many characters are."""

from __future__ import annotations

import re


def one_line(text: str, most: int | None = None, mark: str = "…") -> str:
    """On one line, without what a terminal would obey, cut to `most` characters where that is given.

    Reads no more of the text than such a line can need.
    """
    beginning = text if most is None else text[: 4 * most]
    if not beginning.isprintable():  # asked first of the whole: most texts are
        beginning = "".join(letter if letter.isprintable() else " " for letter in beginning)
    line = " ".join(beginning.split())
    return line if most is None else cut(line, most, mark)


def cut(text: str, most: int, mark: str = "…") -> str:
    """At most `most` characters; `mark` stands for what was left out."""
    return text if len(text) <= most else text[: most - len(mark)].rstrip() + mark


def snake_case(name: str) -> str:
    """The name of a class in the words of the wire: `GetGoal` is get_goal."""
    return re.sub(r"\B(?=[A-Z])", "_", name).lower()
