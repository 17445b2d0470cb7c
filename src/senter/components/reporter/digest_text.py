"""The text of a digest: its sections with what fits, at most 80 columns wide. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from senter.components.reporter.sections import nothing_more
from senter.messages.reports import DigestLength, DigestPart, DigestSection
from senter.moments.shown import shown_day
from senter.sentences import phrase
from senter.text import cut

COLUMNS = 80
BULLET, INDENT = "- ", "  "
MORE = "- and {more:,} more: {see}"


QUIET_DAY = "A quiet day: nothing is planned, due or waiting for you."
LOOKED_FOR: tuple[DigestPart, ...] = ("agenda", "deadlines", "waiting")
NOTHING: Mapping[DigestPart, str] = {
    "agenda": "Nothing is planned for today.",
    "deadlines": "Nothing is due in the next seven days.",
    "waiting": "Nothing waits for you.",
    "found": "Nothing new was found or done.",
    "failed": "Nothing failed.",
    "routine": "No routine job ran.",
}


@dataclass(frozen=True, slots=True)
class DigestRoom:
    """How many things of each part are told, and how many rows of the screen each may take."""

    things: int
    rows: int


ROOMS = {"short": DigestRoom(3, 1), "normal": DigestRoom(7, 2), "long": DigestRoom(50, 4)}


def text_of(sections: Sequence[DigestSection], length: DigestLength, nothing: str, unknown: Sequence[str] = ()) -> str:
    """What there is to say, or `nothing` where there is nothing; what could not be looked at is always said."""
    if length in ROOMS:
        rows = list(_rows(sections, ROOMS[length]))
    else:
        rows = _fitting(sections, int(length) - 2 * len(unknown))
    if nothing_more(sections):
        rows = [nothing, *rows] if not unknown else rows
    notes = [row for note in unknown for row in textwrap.wrap(note, COLUMNS)]
    return "\n".join([*rows, *([""] if rows and notes else []), *notes])


def nothing_said(parts: Sequence[DigestPart], day: date, *, is_today: bool) -> str:
    """What is said of a day with nothing in those parts: no more than was looked at."""
    if not is_today:
        return phrase("Nothing was done on {day}.", day=shown_day(day))
    if set(LOOKED_FOR) <= set(parts):
        return phrase(QUIET_DAY)
    return " ".join(phrase(NOTHING[part]) for part in parts if part in NOTHING)


def _fitting(sections: Sequence[DigestSection], most: int) -> list[str]:
    """As many things of each section as fit into so many rows; where titles leave no room, things alone."""
    rows: list[str] = []
    for things in range(50, 0, -1):
        rows = list(_rows(sections, DigestRoom(things, 1)))
        if len(rows) <= most:
            return rows
    return [row for row in rows if row.startswith(BULLET)][: max(most, 1)]


def _rows(sections: Sequence[DigestSection], room: DigestRoom) -> Iterator[str]:
    for number, section in enumerate(sections):
        if number:
            yield ""  # or Markdown takes the title for more of the line before
        if section.part == "routine":
            yield from section.lines
            continue
        shown = section.lines[: room.things]
        yield section.title
        for line in shown:
            yield from _wrapped(line, room.rows)
        if more := len(section.lines) - len(shown) + section.more:
            yield phrase(MORE, more=more, see=section.see)


def _wrapped(line: str, rows: int) -> list[str]:
    if rows == 1:
        return [cut(BULLET + line, COLUMNS)]
    return textwrap.wrap(
        line,
        COLUMNS,
        initial_indent=BULLET,
        subsequent_indent=INDENT,
        max_lines=rows,
        placeholder=" …",
        break_on_hyphens=False,
    )
