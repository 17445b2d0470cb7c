"""How the command line looks: JSON, tables, errors, colours and what a terminal must not be sent.

rich is imported only where something is drawn on a terminal; a pipe gets plain aligned text.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from senter.sentences import phrase, told

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from rich.console import Console

GOOD, WARNING, BAD, FAINT = "green", "yellow", "red", "bright_black"

Row = Sequence[str | tuple[str, str]]
"""The cells of a line of a table: a text each, or a text and its colour."""

_TYPEWRITERS = frozenset({"", "dumb", "unknown"})
"""What a terminal calls itself that can neither colour nor move its cursor."""
BROKEN_WORD = 16  # characters; longer words may be broken in a table

# Everything that moves the cursor, changes a mode, rings a bell or has text run the other way; newlines and tabs stay.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BARE_IN_JSON = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOT_ON_ONE_LINE = re.compile(rf"{_CONTROL_CHARACTERS.pattern}|[\t\n\u2028\u2029\ud800-\udfff]")


def prepare_streams() -> None:
    """A terminal that cannot show a character gets a substitute instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_terminal(stream: TextIO | None = None) -> bool:
    return (stream or sys.stdout).isatty()


def draws(stream: TextIO | None = None) -> bool:
    """Whether it is a terminal that takes more than lines of text."""
    return is_terminal(stream) and (sys.platform == "win32" or os.environ.get("TERM", "") not in _TYPEWRITERS)


def speaks_unicode(stream: TextIO | None = None) -> bool:
    return ((stream or sys.stdout).encoding or "ascii").lower().startswith("utf")


def printable(text: str) -> str:
    """Text from models, logs and other programs, without what would drive the terminal."""
    return _CONTROL_CHARACTERS.sub("", text)


def one_line(text: str) -> str:
    """A name, a path or an argument, whose every character counts: what cannot be shown is written as an escape."""
    return _NOT_ON_ONE_LINE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def styled(text: str, style: str, stream: TextIO | None = None) -> str:
    """In the user's language, and coloured on a terminal that takes colours; see https://no-color.org."""
    text = told(text)
    if not draws(stream) or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=style)


def say(text: str = "") -> None:
    """A sentence of Senter's in the user's language; what others wrote as it is."""
    click.echo(told(text))


def note(text: str) -> None:
    """For people, beside the output that a script reads."""
    click.echo(told(text), err=True)


def progress(text: str) -> None:
    """How far something is, in a line that the next one replaces; nothing where standard error is no terminal."""
    if is_terminal(sys.stderr):
        click.echo(f"\r\x1b[K{printable(text)}", err=True, nl=False)


def json_text(value: object, indent: int | None = None) -> str:
    """What drives a terminal is escaped where JSON itself does not do it; the value stays the same."""
    text = json.dumps(value, ensure_ascii=not speaks_unicode(), indent=indent)
    return _BARE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(value: object) -> None:
    click.echo(json_text(value))


def print_result(value: object, sentence: str, *, as_json: bool) -> None:
    """What was done: as JSON for a script, as a sentence for people."""
    print_json(value) if as_json else say(sentence)


def print_error(code: str, message: str, hint: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": {"code": code, "message": message, "hint": hint}})
        return
    note(f"{styled('Error:', BAD, sys.stderr)} {printable(told(message))}")
    if hint:
        note(printable(hint))


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False, force_terminal=draws())


def print_table(
    columns: Sequence[str], rows: Iterable[Row], *, title: str = "", total: int = 0, empty: str = ""
) -> None:
    """On a terminal a drawn table, else aligned columns. Where `total` is more than the rows, that is noted below.

    Where there are no rows, `empty` is said instead. A column with nothing in it is left out.
    """
    columns = [told(column) for column in columns]
    cells = [[(told(cell[0]), cell[1]) if isinstance(cell, tuple) else (cell, "") for cell in row] for row in rows]
    if empty and not cells:
        say(empty)
        return
    columns, cells = _told_columns(columns, cells)
    cleaned = [[(printable(text), style) for text, style in row] for row in cells]
    if title:
        say(title)
    if is_terminal():
        _draw_table(columns, cleaned)
    else:
        _align_table(columns, cleaned)
    if total > len(cleaned):
        note(phrase("{shown} of {total} are shown; more with --limit.", shown=len(cleaned), total=total))


def _told_columns(
    columns: Sequence[str], rows: list[list[tuple[str, str]]]
) -> tuple[Sequence[str], list[list[tuple[str, str]]]]:
    """Those in which something stands; where there are no rows, all."""
    kept = [place for place in range(len(columns)) if not rows or any(row[place][0] for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _draw_table(columns: Sequence[str], rows: list[list[tuple[str, str]]]) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console()
    if _least_width(columns, rows) > screen.width:
        _stack_table(screen, columns, rows)
        return
    table = Table()
    for place, column in enumerate(columns):
        table.add_column(column, no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*(Text(text, style=style) for text, style in row))
    screen.print(table)


def _least_width(columns: Sequence[str], rows: list[list[tuple[str, str]]]) -> int:
    """Cells that a readable table needs: the first column whole, of the others the longest words."""
    first, *others = zip(columns, *([text for text, _ in row] for row in rows), strict=True)
    words = [max(width_of(word) for text in column for word in (text.split() or [""])) for column in others]
    return max(map(width_of, first)) + sum(min(word, BROKEN_WORD) for word in words) + 3 * len(columns) + 1


def _stack_table(screen: Console, columns: Sequence[str], rows: list[list[tuple[str, str]]]) -> None:
    """A block for each row, for a narrow terminal: a name and its text on each line, with room to wrap in."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    for (title, style), *cells in rows:
        screen.print(Text(title, style=style or "bold", overflow="fold"))
        block = Table.grid(padding=(0, 2, 0, 0))
        block.add_column(no_wrap=True, min_width=max(map(width_of, columns[1:])))
        block.add_column(overflow="fold")
        for column, (text, style) in zip(columns[1:], cells, strict=True):
            block.add_row(column, Text(text, style=style))
        screen.print(Padding(block, (0, 0, 0, 2)))


def _align_table(columns: Sequence[str], rows: list[list[tuple[str, str]]]) -> None:
    lines = [list(columns), *([text.replace("\n", " ") for text, _ in row] for row in rows)]
    widths = [max(width_of(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        cells = (text + " " * (width - width_of(text)) for text, width in zip(line, widths, strict=True))
        say("  ".join(cells).rstrip())


def width_of(text: str) -> int:
    """Cells of a terminal; some characters take two, and some none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def print_panel(title: str, lines: Sequence[str]) -> None:
    title, lines = told(title), [told(line) for line in lines]
    if not is_terminal():
        say(title)
        for line in lines:
            say(f"  {printable(line)}")
        return
    from rich.panel import Panel
    from rich.text import Text

    console().print(Panel(Text(printable("\n".join(lines))), title=title, title_align="left", expand=False))


def print_markdown(text: str) -> None:
    """Drawn on a terminal, as it is in a pipe."""
    if not is_terminal():
        say(printable(text))
        return
    from rich.markdown import Markdown

    console().print(Markdown(printable(text)))


def confirm(question: str) -> bool:
    """Ask on the terminal. Where nobody can answer, that is wrong use: `--yes` has to say it."""
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here. Add --yes to go on.")
    return click.confirm(told(question), err=True)


def moment(stamp: str | None) -> str:
    """An ISO time in full: `Fri 27 Nov 2026, 23:59, Europe/Berlin`; a dash for none."""
    from senter.moments.shown import shown_when

    return _shown(stamp, shown_when)


def past(stamp: str | None, *, seconds: bool = False) -> str:
    """An ISO time on record, for a table: as `moment`, without the zone."""
    from senter.moments.shown import shown

    return _shown(stamp, lambda at, zone: shown(at, zone, seconds=seconds))


def _shown(stamp: str | None, show: Callable[[datetime, ZoneInfo], str]) -> str:
    from datetime import datetime

    from senter.terminal.zone import user_zone

    if not stamp:
        return "-"
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return show(at, user_zone())


def duration(seconds: float) -> str:
    """The two largest units: 45s, 12m 5s, 2h 15m, 3d 4h."""
    left = int(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
