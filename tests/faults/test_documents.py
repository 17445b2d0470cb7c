"""The documents component in a real daemon: killed while it indexes, and with a parser that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.documents.spec import SPEC
from senter.messages.documents import AddFolder
from senter.messages.message import ComponentName
from senter.operations.scratch import is_running, wait_until
from tests.support.daemon import short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

COUNT = 120
PAGE = "<title>Apples {0}</title>" + "<p>apple tree orchard</p>" * 4_000


def test_an_index_is_finished_after_kills_and_no_parser_is_left() -> None:
    with short_home() as home:
        folder = home / "papers"
        folder.mkdir()
        for number in range(COUNT):
            (folder / f"{number}.html").write_text(PAGE.format(number))
        asyncio.run(_name(home / "senter", folder))
        with scratch_daemon(home / "senter") as daemon:
            parser = _parser(daemon)
            os.kill(parser, signal.SIGKILL)
            replaced = _parser(daemon, other_than=parser)
            daemon.kill("documents")
            daemon.wait_for("documents", "running")
            wait_until(lambda: not is_running(replaced), "the parser outlives its component", 10)
            wait_until(lambda: _indexed(home / "senter") >= COUNT - 1, "not all is indexed", 60)
            last = _parser(daemon)
        assert not is_running(last)


async def _name(home: Path, folder: Path) -> None:
    """Have the folder named before the daemon starts, without indexing it to its end."""
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("asker"), Manifest(sends=(AddFolder,)))
    async with run_component(SPEC, home, broker=broker):
        await bus.request(AddFolder(path=str(folder)), timeout_seconds=5)
    await bus.close()


def _parser(daemon: ScratchDaemon, other_than: int = 0) -> int:
    found: list[int] = []

    def there() -> bool:
        found[:] = [pid for pid in _children(daemon.pid("documents")) if pid != other_than]
        return bool(found)

    wait_until(there, "there is no parser", 30)
    return found[0]


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        return [child for child in found if b"readable_child" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


def _indexed(home: Path) -> int:
    with closing(sqlite3.connect(f"file:{home}/data/index/documents.db?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM documents WHERE skipped = ''").fetchone()[0])
