"""Spreadsheets of Excel before 2007 (xls), by the library calamine."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from senter.component.readers.archive import ENCRYPTED_PACKAGE, IS_ENCRYPTED, OLD_OFFICE
from senter.component.readers.cells import moment, plain_number
from senter.component.readers.lines import OTHER_KIND
from senter.component.readers.tables import HIDDEN, MOST_CELLS
from senter.errors import Unreadable

if TYPE_CHECKING:
    from senter.component.readers.lines import Lines


def read(content: bytes, lines: Lines) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if not content.startswith(OLD_OFFICE):
        raise Unreadable(OTHER_KIND)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise Unreadable(IS_ENCRYPTED) from error
    except CalamineError as error:
        raise Unreadable(IS_ENCRYPTED if ENCRYPTED_PACKAGE in content else "It is damaged.") from error
    cells_left = MOST_CELLS
    for sheet in book.sheets_metadata:
        hidden = "" if sheet.visible is SheetVisibleEnum.Visible else f" {HIDDEN}"
        rows: list[list[str]] = []
        for row in book.get_sheet_by_name(sheet.name).iter_rows():
            cells_left -= len(row)
            if cells_left < 0:
                break
            rows.append([_shown(value) for value in row])
        lines.table(sheet.name + hidden, rows)
    if cells_left < 0:
        lines.add(f"(The rest is left out: {MOST_CELLS:,} cells of the file are read.)")


def _shown(value: int | float | str | bool | time | date | datetime | timedelta) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return plain_number(repr(value))
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3_600}:{seconds // 60 % 60:02}"
    return value if isinstance(value, str) else moment(value)
