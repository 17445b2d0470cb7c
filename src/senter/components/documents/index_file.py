"""The file of the index: opened, made, thrown away. All in it can be read again from the documents."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePath

from senter.components.documents import queries
from senter.files import make_private_file
from senter.quoting.unbroken import spaced

COMPRESSION = 1
CACHE_KIB = 32 * 1024
SIDE_FILES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class MadeAnew:
    """Why the file was made anew, if it was."""

    damage: str = ""
    is_of_another_version: bool = False


def prepare(path: Path) -> MadeAnew:
    """Make the file, anew if it is damaged or of another version."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(connect(path)) as connection:
            made_anew = MadeAnew(is_of_another_version=_version(connection) not in (0, queries.INDEX_VERSION))
    except sqlite3.DatabaseError as error:
        made_anew = MadeAnew(damage=str(error))
    if made_anew != MadeAnew():
        unlink(path)
    with closing(connect(path)) as connection:
        if not _version(connection):
            connection.executescript(queries.SCHEMA)
    return made_anew


def unlink(path: Path) -> None:
    for ending in SIDE_FILES:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """For any thread, one at a time."""
    make_private_file(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.create_function("inflate", 1, _inflate, deterministic=True)
        connection.create_function("spaced", 1, spaced, deterministic=True)
        connection.create_function("called", 2, called, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def deflate(text: str) -> bytes:
    """What `inflate` in SQL turns back."""
    return zlib.compress(text.encode(), COMPRESSION)


def called(directory: str, name: str) -> str:
    """What a file is found by: its name and that of its folder."""
    return spaced(f"{PurePath(directory).name} {name}")


def _inflate(body: bytes) -> str:
    return zlib.decompress(body).decode()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
