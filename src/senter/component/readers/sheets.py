"""Spreadsheets (xlsx): each sheet as a table of what its cells show; of a formula, the value stored with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from senter.component.readers.archive import Archive
from senter.component.readers.cells import DAYS_FROM_1900, DAYS_FROM_1904, Format, format_of, shown
from senter.component.readers.lines import LARGEST_TEXT_CHARACTERS, Lines
from senter.component.readers.markup import Attributes, Collected, Markup, Starts, named, number
from senter.component.readers.office import main_part, relations, targets, title_of
from senter.component.readers.tables import HIDDEN, MOST_CELLS, told_hidden
from senter.component.readers.word import PROPERTIES
from senter.errors import Unreadable

CELL = re.compile(r"([A-Z]{1,3})\d")
TRUTHS = {"0": "FALSE", "1": "TRUE"}


class CellsFull(Exception):
    """As many cells of a workbook are read as are kept."""


@dataclass(slots=True)
class Workbook:
    """What all sheets share."""

    texts: list[str] = field(default_factory=list[str])
    formats: list[Format] = field(default_factory=list[Format])
    beginning: datetime = DAYS_FROM_1900
    cells_left: int = MOST_CELLS


def read(content: bytes, lines: Lines) -> None:
    archive = Archive(content)
    lines.name(title_of(archive, PROPERTIES))
    main = main_part(archive, "xl/workbook.xml")
    book = Workbook()
    sheets = _sheets(archive, main, book)
    for part in targets(archive, main, "sharedStrings"):
        book.texts = shared_texts(archive, part)
    for part in targets(archive, main, "styles"):
        book.formats = formats(archive, part)
    related = relations(archive, main)
    for name, identity in sheets:
        if (relation := related.get(identity)) and relation.kind == "worksheet":
            _sheet(archive, relation.target, name, book, lines)
        if book.cells_left < 0:
            return


def _sheets(archive: Archive, main: str, book: Workbook) -> list[tuple[str, str]]:
    """Name and id of each in their order."""
    found: list[tuple[str, str]] = []

    def sheet(attributes: Attributes) -> None:
        hidden = f" {HIDDEN}" if attributes.get("state", "visible") != "visible" else ""
        identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        found.append((attributes.get("name", "Sheet") + hidden, identity))

    def properties(attributes: Attributes) -> None:
        if attributes.get("date1904") in ("1", "true"):
            book.beginning = DAYS_FROM_1904

    Markup({"sheet": sheet, "workbookPr": properties}, {}).read(archive.pieces(main))
    return found


def _sheet(archive: Archive, part: str, name: str, book: Workbook, lines: Lines) -> None:
    sheet = SheetPart(book)
    try:
        sheet.read(archive, part)
    except CellsFull:
        sheet.notes.append(f"The rest is left out: {MOST_CELLS:,} cells of the file are read.")
    if sheet.formulas_without_value:
        count = sheet.formulas_without_value
        sheet.notes.append(f"{count:,} {'formula has' if count == 1 else 'formulas have'} no stored value.")
    if sheet.hidden:
        sheet.notes.append(told_hidden(sheet.hidden))
    lines.table(name, sheet.rows)
    for comments in targets(archive, part, "comments"):
        _comments(archive, comments, lines)
    for note in sheet.notes:
        lines.add(f"({note})")


class SheetPart:
    """Reads one sheet."""

    def __init__(self, book: Workbook) -> None:
        self.rows: list[Sequence[str]] = []
        self.hidden: list[Sequence[str]] = []
        self.formulas_without_value = 0
        self.notes: list[str] = []
        self._book = book
        self._row: list[str] = []
        self._is_hidden = False
        self._column = 0
        self._kind = self._style = ""
        self._collected = Collected()
        self._is_formula = False

    def read(self, archive: Archive, part: str) -> None:
        starts: Starts = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._formula,
            "v": self._collected.begin,
            "t": self._collected.begin,
        }
        ends = {"row": self._end_row, "c": self._end_cell, "v": self._collected.end, "t": self._collected.end}
        Markup(starts, ends, self._collected.text).read(archive.pieces(part))

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = []
        self._is_hidden = attributes.get("hidden") in ("1", "true")

    def _begin_cell(self, attributes: Attributes) -> None:
        self._column = column_of(attributes.get("r", ""), len(self._row))
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._is_formula = False

    def _formula(self, _: Attributes) -> None:
        self._is_formula = True

    def _end_cell(self) -> None:
        stored = self._collected.take()
        if not stored:
            self.formulas_without_value += self._is_formula and self._kind != "str"
            return
        gap = max(0, self._column - len(self._row))
        self._book.cells_left -= gap + 1
        if self._book.cells_left < 0:
            raise CellsFull
        self._row += [""] * gap
        self._row.append(self._shown(stored))

    def _end_row(self) -> None:
        if self._row:
            if self._is_hidden:
                self.hidden.append(self._row)
            self.rows.append(self._row)

    def _shown(self, stored: str) -> str:
        book = self._book
        if self._kind == "n":
            style = number(self._style)
            form = book.formats[style] if style < len(book.formats) else Format.NUMBER
            return shown(stored, form, book.beginning)
        if self._kind == "s":
            place = number(stored, -1)
            return book.texts[place] if 0 <= place < len(book.texts) else ""
        if self._kind == "b":
            return TRUTHS.get(stored, stored)
        return stored.replace("T", " ") if self._kind == "d" else stored


def column_of(reference: str, following: int) -> int:
    """From 0; the next one where a cell does not say."""
    found = CELL.match(reference)
    if not found:
        return following
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def shared_texts(archive: Archive, part: str) -> list[str]:
    """The texts that cells refer to by number, without the readings of Japanese ones."""
    texts: list[str] = []
    collected = Collected()
    room = [LARGEST_TEXT_CHARACTERS]

    def end() -> None:
        texts.append(collected.take())
        room[0] -= len(texts[-1]) + 1
        if room[0] < 0:
            raise Unreadable("It holds too much text.")

    starts: Starts = {"t": collected.begin, "rPh": collected.pause}
    ends = {"t": collected.end, "rPh": collected.go_on, "si": end}
    Markup(starts, ends, collected.text).read(archive.pieces(part))
    return texts


def formats(archive: Archive, part: str) -> list[Format]:
    """What each style of a cell shows, by its number."""
    codes: dict[int, str] = {}
    found: list[Format] = []
    inside = [False]

    def code(attributes: Attributes) -> None:
        codes[number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")

    def mark(value: bool) -> None:
        inside[0] = value

    def style(attributes: Attributes) -> None:
        if inside[0]:
            identity = number(attributes.get("numFmtId", ""))
            found.append(format_of(identity, codes.get(identity, "")))

    starts: Starts = {"numFmt": code, "cellXfs": lambda _: mark(True), "xf": style}
    Markup(starts, {"cellXfs": lambda: mark(False)}).read(archive.pieces(part))
    return found


def _comments(archive: Archive, part: str, lines: Lines) -> None:
    place = [""]
    collected = Collected()

    def begin(attributes: Attributes) -> None:
        place[0] = named(attributes, "ref")

    def end() -> None:
        lines.paragraph(collected.take(), prefix=f"Comment on {place[0]}: ")

    Markup({"comment": begin, "t": collected.begin}, {"t": collected.end, "comment": end}, collected.text).read(
        archive.pieces(part)
    )
