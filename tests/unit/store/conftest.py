"""An owner with one table, and its database in a temporary folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.store.database import Database

OWNER = "store_test_owner"
NOTES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;\n"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an importable package with one migration."""
    folder = tmp_path / "packages" / OWNER
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "0001_notes.sql").write_text(NOTES)
    monkeypatch.setattr(sys, "path", [str(folder.parent), *sys.path])
    yield folder
    sys.modules.pop(OWNER, None)


@pytest.fixture(scope="session")
def owner_name(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An importable owner that no test changes."""
    name = f"{OWNER}_unchanged"
    folder = tmp_path_factory.mktemp("packages") / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "0001_notes.sql").write_text(NOTES)
    sys.path.insert(0, str(folder.parent))
    yield name
    sys.path.remove(str(folder.parent))


@pytest.fixture
def open_database(tmp_path: Path, owner: Path, clock: FakeClock) -> Callable[[], Database]:
    def open_it() -> Database:
        return Database.open(
            tmp_path / "data" / "notes.db",
            migrations=OWNER,
            snapshots=tmp_path / "data" / "snapshots",
            clock=clock,
            log=structlog.stdlib.get_logger(),
        )

    (tmp_path / "data").mkdir()
    return open_it
