"""Harms a database file in each of the ways a disk or a person does, has it opened again, and counts what is left.

For the figure and its small version among the tests. What SQLite can still read of a harmed file is found by asking
for each row by itself, apart from how the store goes about it.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from senter.clock import SystemClock
from senter.store.database import Database, Value
from senter.store.schema import Table, quote, read_tables
from senter.store.snapshots import Snapshots

PAGE_BYTES = 4096
CHOSEN = {"state": "answered", "kind": "work"}
FILES = ("", "-wal", ".tally")
ROOTS = "SELECT rootpage FROM sqlite_master WHERE rootpage > 0 AND type = ? ORDER BY rootpage"
PARENTS = 'SELECT "table" FROM pragma_foreign_key_list(?)'

Key = tuple[Value, ...]
Rows = Mapping[str, set[Key]]
Harm = Callable[[Path, random.Random], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file, harmed in one way. Counts are of rows."""

    before: int
    readable: int
    after: int
    lost: int
    lost_without_a_word: int
    readable_not_saved: int
    left_out: int
    """Those that SQLite can read, of tables that lost rows which they refer to."""
    said: str


def make(path: Path, migrations: str, rows: int) -> None:
    """A real file with so many rows in each table: a snapshot of the first 80 %, and the last 10 % in the -wal."""
    snapshots = Snapshots(path.parent / "snapshots", path.stem, SystemClock())
    with _open(path, migrations) as database:
        _fill(database, 0, rows * 8 // 10)
    snapshots.take(path)
    with _open(path, migrations) as database:
        _fill(database, rows * 8 // 10, rows * 9 // 10)
    with _open(path, migrations) as database:
        _fill(database, rows * 9 // 10, rows)
        for suffix in FILES:  # as kill -9 would leave them
            shutil.copyfile(path.with_name(path.name + suffix), path.with_name(path.name + suffix + ".left"))
    for suffix in FILES:
        left = path.with_name(path.name + suffix + ".left")
        left.replace(path.with_name(path.name + suffix))


def try_out(path: Path, migrations: str, harm: Harm, seed: int) -> Outcome:
    """Harm the file at `path`, and open it as its owner does."""
    before = _rows(path)
    harm(path, random.Random(seed))  # noqa: S311 - the same harm each time
    readable = _readable(path, before)
    with _open(path, migrations) as database:
        said = database.recovered
    after = _rows(path)
    lost = {name: max(len(rows) - len(after.get(name, ())), 0) for name, rows in before.items()}
    unsaved = {name: len(rows - after.get(name, set())) for name, rows in readable.items()}
    left_out = {name: rows for name, rows in unsaved.items() if any(lost[parent] for parent in _parents(path, name))}
    return Outcome(
        before=_count(before),
        readable=_count(readable),
        after=_count(after),
        lost=sum(lost.values()),
        lost_without_a_word=_unsaid(lost, said),
        readable_not_saved=sum(unsaved.values()) - sum(left_out.values()),
        left_out=sum(left_out.values()),
        said=said,
    )


def missing(path: Path, _: random.Random) -> None:
    path.unlink()


def missing_with_its_wal(path: Path, _: random.Random) -> None:
    path.unlink()
    path.with_name(path.name + "-wal").unlink()


def without_its_wal(path: Path, _: random.Random) -> None:
    path.with_name(path.name + "-wal").unlink()


def truncated(path: Path, chance: random.Random) -> None:
    _settle(path)
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * chance.uniform(0.2, 0.95)))


def without_its_header(path: Path, _: random.Random) -> None:
    _settle(path)
    with path.open("r+b") as file:
        file.write(bytes(100))


def bit_flipped_in(kind: str) -> Harm:
    """One bit somewhere in a leaf of a table or of an index."""

    def harm(path: Path, chance: random.Random) -> None:
        leaves = _leaves(path, kind)
        content = bytearray(path.read_bytes())
        place = (chance.choice(leaves) - 1) * PAGE_BYTES + chance.randrange(PAGE_BYTES)
        content[place] ^= 1 << chance.randrange(8)
        path.write_bytes(content)

    return harm


def page_lost_in(kind: str) -> Harm:
    """A leaf of a table or of an index, overwritten."""

    def harm(path: Path, chance: random.Random) -> None:
        page = chance.choice(_leaves(path, kind))
        with path.open("r+b") as file:
            file.seek((page - 1) * PAGE_BYTES)
            file.write(chance.randbytes(PAGE_BYTES))

    return harm


HARMS: Mapping[str, Harm] = {
    "missing": missing,
    "missing with its -wal": missing_with_its_wal,
    "truncated": truncated,
    "bit flipped in data": bit_flipped_in("table"),
    "page lost in data": page_lost_in("table"),
    "bit flipped in index": bit_flipped_in("index"),
    "page lost in index": page_lost_in("index"),
    "-wal gone": without_its_wal,
    "header gone": without_its_header,
}


def _open(path: Path, migrations: str) -> Database:
    return Database.open(
        path,
        migrations=migrations,
        snapshots=path.parent / "snapshots",
        clock=SystemClock(),
        log=structlog.stdlib.get_logger(),
    )


def _fill(database: Database, first: int, last: int) -> None:
    with closing(sqlite3.connect(database.path)) as connection:
        tables = [table for table in _owned(connection) if table.name != "schema_migrations"]
        types = {table.name: _types(connection, table) for table in tables}
    with database.transaction() as transaction:
        transaction.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            marks = ", ".join("?" for _ in table.columns)
            sql = f"INSERT INTO {table.quoted} ({table.listed}) VALUES ({marks})"  # noqa: S608
            for number in range(first + 1, last + 1):
                transaction.execute(sql, [_value(number, *column) for column in types[table.name]])


def _types(connection: sqlite3.Connection, table: Table) -> list[tuple[str, str]]:
    found = connection.execute("SELECT name, type FROM pragma_table_info(?)", (table.name,))
    return [(str(name), str(kind)) for name, kind in found]


def _value(number: int, name: str, kind: str) -> Value:
    if name in CHOSEN:
        return CHOSEN[name]
    return number if kind in ("INTEGER", "REAL") else f"{number:06} " + "what is in such a row " * 3


def _settle(path: Path) -> None:
    """Take in the -wal as an orderly end does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _leaves(path: Path, kind: str) -> list[int]:
    _settle(path)
    with closing(sqlite3.connect(path)) as connection:
        roots = connection.execute(ROOTS, (kind,)).fetchall()
    content = path.read_bytes()
    return [page for (root,) in roots for page in _below(content, root)]


def _below(content: bytes, page: int) -> list[int]:
    """The leaves under a page: see "B-tree Pages" in the description of the file format."""
    start = (page - 1) * PAGE_BYTES
    header = start + (100 if page == 1 else 0)
    if content[header] not in (2, 5):
        return [page]
    count = int.from_bytes(content[header + 3 : header + 5], "big")
    cells = [content[header + 12 + 2 * n : header + 14 + 2 * n] for n in range(count)]
    places = [*(start + int.from_bytes(cell, "big") for cell in cells), header + 8]
    return [leaf for place in places for leaf in _below(content, int.from_bytes(content[place : place + 4], "big"))]


def _rows(path: Path) -> dict[str, set[Key]]:
    """The keys of all rows of a whole file, by table."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return {
            table.name: set(connection.execute(f"SELECT {_key(table)} FROM {table.quoted}"))  # noqa: S608
            for table in _owned(connection)
        }


def _owned(connection: sqlite3.Connection) -> list[Table]:
    """Without those that are made from another: what they lose is lost there, and said of that."""
    return [table for table in read_tables(connection) if not table.derived]


def _readable(path: Path, before: Rows) -> dict[str, set[Key]]:
    """Those of a harmed file that SQLite reads when asked for one by itself. The file is left as it is."""
    if not path.exists():
        return {}
    copy = path.with_name("copy-" + path.name)
    for suffix in ("", "-wal"):
        if path.with_name(path.name + suffix).exists():
            shutil.copyfile(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
    try:
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(copy)) as connection:
            tables = _owned(connection)
            return {table.name: _found(connection, table, before[table.name]) for table in tables}
        return {}
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _found(connection: sqlite3.Connection, table: Table, keys: set[Key]) -> set[Key]:
    names = table.key or ("rowid",)
    where = " AND ".join(f"{name if name == 'rowid' else quote(name)} = ?" for name in names)
    sql = f"SELECT {_key(table)}, {table.listed} FROM {table.quoted} NOT INDEXED WHERE {where}"  # noqa: S608
    found: set[Key] = set()
    for key in keys:
        with suppress(sqlite3.DatabaseError):
            if connection.execute(sql, key).fetchone():
                found.add(key)
    return found


def _key(table: Table) -> str:
    return ", ".join(map(quote, table.key)) if table.key else "rowid"


def _parents(path: Path, table: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {str(parent) for (parent,) in connection.execute(PARENTS, (table,))}


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


def _unsaid(lost: Mapping[str, int], said: str) -> int:
    if overall := re.search(r"up to ([\d,]+) rows", said):
        return max(sum(lost.values()) - int(overall[1].replace(",", "")), 0)
    counts = {name: int(number.replace(",", "")) for name, number in re.findall(r"(\w+) ([\d,]+)(?=[,;.])", said)}
    unknown = re.search(r"how many are missing of ([\w, ]+) is not known", said)
    named = unknown[1].split(", ") if unknown else []
    return sum(max(rows - counts.get(name, 0), 0) for name, rows in lost.items() if name not in named)
