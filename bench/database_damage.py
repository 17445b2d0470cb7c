"""Every database file of a home, harmed in every way: rows lost without a word, and readable rows that were not saved.

The files are made by the owners' own migrations and filled, with a snapshot of their first 80 % and their last 10 %
in the -wal. The index of documents is made by its component from real files, and made again by it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, run_figure
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components import SPECS
from senter.components.documents.spec import SPEC as DOCUMENTS
from senter.messages.documents import AddFolder, ListFolders
from senter.messages.message import ComponentName
from senter.operations.database_damage import HARMS, Harm, Outcome, make, try_out
from senter.paths import Paths

ASKER = Manifest(sends=(AddFolder, ListFolders))
DOCUMENT_COUNT = 120
POLL_SECONDS = 0.02
OWNERS = {**{spec.database: spec.package for spec in SPECS if spec.database}, "supervisor": "senter.supervisor"}
BY_CHANCE = ("truncated", "bit flipped", "page lost")


def outcomes(folder: Path, rows: int, tries: int) -> dict[tuple[str, str], list[Outcome]]:
    """By database and harm."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for name, migrations in OWNERS.items():
        whole = folder / name
        whole.mkdir()
        make(whole / f"{name}.db", migrations, rows)
        for harm in HARMS:
            for seed in range(tries if harm.startswith(BY_CHANCE) else 1):
                harmed = shutil.copytree(whole, folder / "harmed")
                found.setdefault((name, harm), []).append(try_out(harmed / f"{name}.db", migrations, HARMS[harm], seed))
                shutil.rmtree(harmed)
    return found


async def documents_missing(home: Path, folder: Path, harm: Harm, seed: int) -> int:
    """How many documents and passages the index lacks after it was harmed and its component ran again."""
    path = Paths(home).data / "index" / "documents.db"
    before = counts(path)
    harm(path, random.Random(seed))  # noqa: S311 - the same harm each time
    await indexed(home, folder)
    return sum((before - counts(path)).values())


async def indexed(home: Path, folder: Path) -> None:
    """Run the component until it has gone through the folder."""
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("asker"), ASKER)
    async with run_component(DOCUMENTS, home, broker=broker):
        await bus.request(AddFolder(path=str(folder)), timeout_seconds=30)
        while not await is_done(Paths(home).data / "index" / "documents.db"):
            await asyncio.sleep(POLL_SECONDS)
    await bus.close()


async def is_done(path: Path) -> bool:
    try:
        return counts(path)["documents"] >= DOCUMENT_COUNT
    except sqlite3.DatabaseError:
        return False


def counts(path: Path) -> Counter[str]:
    with closing(sqlite3.connect(path)) as connection:
        return Counter(
            {
                name: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608
                for name in ("documents", "passages")
            }
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--tries", type=int, default=8)
    chosen = parser.parse_args()

    def figure() -> Report:
        report = Report("database_damage", __doc__ or "")
        with scratch_home() as folder:
            found = outcomes(folder, chosen.rows, chosen.tries)
        for name in OWNERS:
            for harm in HARMS:
                add(report, f"{name}, {harm}", found[name, harm])
        every = [one for some in found.values() for one in some]
        report.single("database files", len(OWNERS), "files")
        report.single("cases", len(every), "cases")
        report.at_most("lost without a word", sum(one.lost_without_a_word for one in every), 0, "rows")
        report.at_most("readable and not saved", sum(one.readable_not_saved for one in every), 0, "rows")
        return report

    run_figure(figure, limit_seconds=600)


def add(report: Report, what: str, some: list[Outcome]) -> None:
    for field in ("before", "readable", "after", "lost", "lost_without_a_word", "readable_not_saved"):
        report.single(f"{what}: {field}", sum(getattr(one, field) for one in some), "rows")


if __name__ == "__main__":
    main()
