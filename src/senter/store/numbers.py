"""Numbers that are never given twice, although the file that counts them may fall back to an older one.

Beside the file lies a small one that says up to which number each table may have given some: always well ahead, so that
it is written once for many. After a fall-back the file goes on from there. Where it is lost too, numbers begin again
behind the newest that the file knows.
"""

from __future__ import annotations

import json
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from senter.files import replacing
from senter.store.database import Database, Transaction

AHEAD = 100
# Less than this left, and more are set aside: no transaction gives so many.
LEAST_LEFT = 50

GIVEN = "SELECT name, seq FROM sqlite_sequence WHERE name <> 'outbox'"
GIVEN_BY = "SELECT seq FROM sqlite_sequence WHERE name = ?"
FORGET = "DELETE FROM sqlite_sequence WHERE name = ?"
SET = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"
TABLES = TypeAdapter(dict[str, int])


class Numbers:
    """The numbers of every table of one file that counts its rows up for good."""

    def __init__(self, database: Database, log: structlog.stdlib.BoundLogger) -> None:
        self._database = database
        self._path = database.path.with_suffix(".numbers")
        self._log = log
        self._until = _read(self._path)
        self._failed = False

    def go_on_behind(self) -> None:
        """After a fall-back: give no number that may have been given before."""
        with self._database.transaction() as transaction:
            for table, number in self._until.items():
                number_after(transaction, table, number)

    def keep_ahead(self) -> None:
        """Have more set aside whenever that is needed."""
        self._look()
        self._database.on_commit(self._look)

    def _look(self) -> None:
        given = self._database.pairs(GIVEN, (), str, int)
        if all(self._until.get(table, 0) - number >= LEAST_LEFT for table, number in given.items()):
            return
        self._write({**self._until, **{table: number + AHEAD for table, number in given.items()}})

    def _write(self, until: dict[str, int]) -> None:
        """A disk that refuses it is asked again at the next commit; until then a fall-back may repeat numbers."""
        try:
            with replacing(self._path) as file:
                json.dump(until, file)
        except OSError as error:
            if not self._failed:
                self._log.warning("numbers_not_set_aside", path=str(self._path), reason=str(error))
            self._failed = True
            return
        self._until, self._failed = until, False


def number_after(transaction: Transaction, table: str, number: int) -> None:
    """Give no row of `table` this number or a lower one, ever again."""
    if number > (transaction.row(GIVEN_BY, (table,), int) or 0):
        transaction.execute(FORGET, (table,))
        transaction.execute(SET, (table, number))


def _read(path: Path) -> dict[str, int]:
    """What was set aside; a file that is missing or cannot be read says nothing."""
    try:
        return TABLES.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}
